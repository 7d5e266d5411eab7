/* The menus and dialogs of the list: fetched when they are opened, empty until then, closed when their work is done. */

const FETCHED = "#item-menu, #filter-menu, #order-dialog";
let opener = null;

/* Where the keyboard goes on: at what opened a menu or dialog, or at its like after a swap. */
function back() {
  const again = opener?.isConnected ? opener : opener?.id && document.getElementById(opener.id);
  (again || document.getElementById("search"))?.focus({ preventScroll: true });
}

const lost = () => ["BODY", "HTML"].includes(document.activeElement?.tagName ?? "BODY");

document.addEventListener("beforetoggle", ({ target, newState }) => {
  if (newState === "open" && target.matches?.(FETCHED)) target.replaceChildren();
}, true);

document.addEventListener("click", ({ target }) => {
  const button = target.closest('[popovertarget="item-menu"], [popovertarget="filter-menu"], [commandfor="order-dialog"]');
  if (button && !button.closest("#order-dialog")) opener = button.closest("[popover]:not(#side)") ? opener ?? button : button;
  const menu = target.closest(".menu__item")?.closest("#item-menu, #chat-menu");
  if (menu) menu.hidePopover();
});

document.addEventListener("htmx:after:settle", ({ target }) => {
  const fetched = target.matches?.(FETCHED) ? target : null;
  for (const box of fetched?.querySelectorAll("[data-mixed]") ?? []) box.indeterminate = true;
  if (fetched?.matches(":popover-open, :modal")) fetched.querySelector("[autofocus], input:not([type=hidden]), select, button, a")?.focus();
  else if (target.id === "found" && lost()) document.getElementById("search").focus();
});

/* The row of an open menu went, by another page's doing: its menu would float nowhere and act on what is gone. */
document.addEventListener("htmx:after:settle", () => {
  const menu = document.querySelector("#item-menu:popover-open");
  if (!menu || !opener || opener.isConnected) return;
  menu.hidePopover();
  if (lost()) back();
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const dialog = ctx.sourceElement.matches("[data-closes]") && ctx.response.raw.ok && ctx.sourceElement.closest("dialog");
  if (dialog) dialog.close();
});

/* The list was changed, by this page or another: what shows an archive or results reads itself anew. */
document.addEventListener("htmx:after:settle", ({ target }) => {
  if (target.id !== "order-news") return;
  document.body.dispatchEvent(new CustomEvent("playground:order", { bubbles: true }));
  if (target.querySelector("[data-own]")) document.dispatchEvent(new CustomEvent("playground:ordered"));
});

document.addEventListener("close", ({ target }) => target.id === "order-dialog" && back(), true);
