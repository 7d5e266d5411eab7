/* Files for a studio's form: chosen, dropped on a place or anywhere on the form, or pasted. */
import { upload } from "./upload.js";

const form = () => document.querySelector("[data-studio]");
const listOf = (slot) => slot.querySelector("[data-attachments]");
const room = (slot) => Number(slot.dataset.most) - listOf(slot).children.length;
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");

/* The place itself, or the first one that takes such a file and has room. */
function slotFor(file, target) {
  const own = target.closest?.("[data-slot]");
  const fits = (slot) => slot.dataset.kinds.split(" ").includes(file.type.split("/")[0]) && room(slot) > 0;
  return own ?? [...form().querySelectorAll("[data-slot]")].find((slot) => slot.dataset.slot !== "mask" && fits(slot));
}

export function add(files, target) {
  for (const file of files) {
    const slot = slotFor(file, target);
    if (slot && room(slot) > 0) upload(file, listOf(slot));
  }
  count();
}

/* How many lie in each place, and whether more may. */
function count() {
  for (const slot of form()?.querySelectorAll("[data-slot]") ?? []) {
    const place = slot.querySelector(".field__label .num");
    place.textContent = place.textContent.replace(/\d+/, listOf(slot).children.length);
    slot.querySelector("[data-drop]").hidden = room(slot) <= 0;
  }
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-pick]")) return;
  add([...target.files], target);
  target.value = "";
});

document.addEventListener("dragover", (event) => {
  if (!hasFiles(event) || !form()?.contains(event.target)) return;
  event.preventDefault();
  for (const drop of form().querySelectorAll("[data-drop]")) drop.dataset.state = "over";
});

document.addEventListener("dragleave", (event) => event.relatedTarget === null && calm());

const calm = () => form()?.querySelectorAll("[data-drop]").forEach((drop) => delete drop.dataset.state);

document.addEventListener("drop", (event) => {
  if (!hasFiles(event) || !form()?.contains(event.target)) return;
  event.preventDefault();
  calm();
  add(event.dataTransfer.files, event.target);
});

document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData ?? {};
  if (!files?.length || types.includes("text/plain") || !form()?.contains(event.target)) return;
  event.preventDefault();
  add(files, event.target);
});

document.addEventListener("playground:files", count);
