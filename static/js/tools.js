/* How many tools are on, and what was written into a card that waits: kept for this tab until it is sent. */

const key = (box) => `answer:${box.id}`;

function count() {
  const place = document.querySelector("[data-tools-on]");
  if (place) place.textContent = document.querySelectorAll('[data-tools] [name="tool"]:checked').length;
}

function restore() {
  for (const box of document.querySelectorAll("[data-answer]")) {
    if (!box.value) box.value = sessionStorage.getItem(key(box)) ?? "";
  }
}

document.addEventListener("input", ({ target }) => {
  if (target.matches?.('[data-tools] [name="tool"]')) count();
  if (target.matches?.("[data-answer]")) sessionStorage.setItem(key(target), target.value);
});

document.addEventListener("htmx:after:swap", restore);
restore();
