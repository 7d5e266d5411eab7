/* The choice for one more answer closes when it is made. */

document.addEventListener("submit", ({ target }) => {
  if (target.matches?.("[data-again]")) target.closest("[popover]").hidePopover();
});
