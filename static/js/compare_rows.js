/* The columns of a new comparison: one goes, one more comes, never none and never more than there may be. */

const list = () => document.querySelector("[data-rows]");

function refresh() {
  if (!list()) return;
  const count = list().querySelectorAll("[data-row]").length;
  for (const button of document.querySelectorAll("[data-add-row]")) button.disabled = count >= Number(list().dataset.most);
  for (const button of list().querySelectorAll("[data-remove-row]")) button.disabled = count < 2;
}

document.addEventListener("click", ({ target }) => {
  const row = target.closest?.("[data-remove-row]")?.closest("[data-row]");
  if (!row) return;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  refresh();
  next?.querySelector("select").focus();
});

document.addEventListener("htmx:after:settle", refresh);
refresh();
