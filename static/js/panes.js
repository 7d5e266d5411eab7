/* A pane that stands in the page is put away and brought back; one that is a drawer opens and closes. */

const YEAR = 31_536_000;
const isDrawer = (pane) => getComputedStyle(pane).position === "fixed";

export function togglePane(pane) {
  if (isDrawer(pane)) return pane.togglePopover();
  const isAway = document.body.toggleAttribute(`data-no-${pane.id}`);
  // The next page comes without it: taken away by a script it would be seen first. A page that is about its pane has it.
  if (!("page" in pane.dataset)) document.cookie = `no_${pane.id}=1; path=/; samesite=lax; max-age=${isAway ? YEAR : 0}`;
}

export function showPane(pane) {
  if (!pane.checkVisibility({ visibilityProperty: true })) togglePane(pane);
}

document.addEventListener("click", (event) => {
  const pane = document.getElementById(event.target.closest("[popovertarget]")?.getAttribute("popovertarget"));
  if (!pane?.matches(".pane") || isDrawer(pane)) return;
  event.preventDefault();
  togglePane(pane);
});
