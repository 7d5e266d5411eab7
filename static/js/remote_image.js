/* An image elsewhere is asked for only when the reader clicks: its address could tell somebody that it was read. */

function show(link) {
  const image = document.createElement("img");
  image.alt = link.title || link.textContent.trim();
  image.src = `/remote-image/?url=${encodeURIComponent(link.dataset.url)}`;
  image.addEventListener("load", () => link.replaceWith(image), { once: true });
  image.addEventListener("error", () => {
    link.dataset.state = "error";
    link.removeAttribute("aria-busy");
  }, { once: true });
  link.setAttribute("aria-busy", "true");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.remote-image[data-url]");
  // A second click on one that could not be had follows the link itself.
  if (!link || link.dataset.state === "error" || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
});
