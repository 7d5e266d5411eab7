/* A pane that stands in the page is put away and brought back; one that is a drawer opens and closes. */

export function togglePane(pane) {
  if (getComputedStyle(pane).position === "fixed") pane.togglePopover();
  else document.body.toggleAttribute(`data-no-${pane.id}`);
}
