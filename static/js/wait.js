/* A retry that the upstream wants later: the button counts down. */

function count(button) {
  const until = Date.now() + Number(button.dataset.wait) * 1000;
  delete button.dataset.wait;
  const place = button.querySelector("[data-wait-left]");
  const step = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    place.textContent = left > 0 ? `${left} s` : "";
    if (left <= 0 || !button.isConnected) clearInterval(timer);
  };
  const timer = setInterval(step, 1000);
  step();
}

const begin = (root) => root.querySelectorAll?.("[data-wait]").forEach(count);

document.addEventListener("htmx:after:settle", ({ target }) => begin(target));
begin(document);
