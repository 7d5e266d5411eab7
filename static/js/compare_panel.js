/* The panel of a column closes when what it says was taken. */

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (form.matches?.("[data-panel]") && ctx.response?.raw.ok) form.closest("[popover]")?.hidePopover();
});
