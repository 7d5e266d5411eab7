/* Conversations are dragged into folders and out of them; the menus of the list do the same by keyboard. */

const TYPE = "application/x-conversations";

const form = () => document.getElementById("drag-form");
const place = (target) => target.closest?.("[data-folder]");
const carries = ({ dataTransfer }) => dataTransfer?.types.includes(TYPE);

function over(found) {
  for (const each of document.querySelectorAll("[data-over]")) if (each !== found) each.removeAttribute("data-over");
  found?.setAttribute("data-over", "");
}

/* What is selected goes along, if the dragged one is among it. */
function ids(row) {
  const selected = document.querySelector("[data-selected]")?.value.split(",") ?? [];
  return selected.includes(row.dataset.row) ? selected : [row.dataset.row];
}

document.addEventListener("dragstart", (event) => {
  const row = event.target.closest?.(".list__item")?.closest("#history [data-row]");
  if (!row) return;
  event.dataTransfer.setData(TYPE, ids(row).join(","));
  event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  const found = place(event.target);
  over(found);
  if (!found) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
});

document.addEventListener("drop", (event) => {
  const found = carries(event) && place(event.target);
  over(null);
  if (!found) return;
  event.preventDefault();
  form().elements.ids.value = event.dataTransfer.getData(TYPE);
  form().elements.folder.value = found.dataset.folder;
  form().requestSubmit();
});

document.addEventListener("dragend", () => over(null));
