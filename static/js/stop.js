/* Escape and the composer's button stop the answer that is being written. */

const stop = () => [...document.querySelectorAll("[data-stop]")].at(-1)?.click();

document.addEventListener("click", ({ target }) => target.closest("[data-stop-all]") && stop());

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  // Escape first closes what is open.
  if (document.querySelector(":popover-open, dialog[open]")) return;
  stop();
});
