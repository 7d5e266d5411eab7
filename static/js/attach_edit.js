/* The files of a prompt that is edited: what was changed is undone when the edit is. */

const before = new WeakMap();

document.addEventListener("click", ({ target }) => {
  const turn = target.closest?.(".turn");
  const list = turn?.querySelector("[data-edit-form] [data-attachments]");
  if (!list) return;
  if (target.closest("[data-edit]")) before.set(turn, list.cloneNode(true));
  else if (target.closest("[data-edit-cancel]")) restore(turn, list);
}, true);

document.addEventListener("keydown", ({ key, target }) => {
  const turn = key === "Escape" && target.closest?.(".turn");
  const list = turn && target.closest("[data-edit-form]")?.querySelector("[data-attachments]");
  if (list) restore(turn, list);
}, true);

function restore(turn, list) {
  list.replaceWith(before.get(turn) ?? list);
}
