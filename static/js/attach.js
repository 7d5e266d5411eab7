/* Files for a message: by the button, dropped anywhere on the page, or pasted. Each goes up at once, by itself. */
import { upload } from "./upload.js";

const composer = () => document.querySelector("[data-composer] .composer");
const listOf = (place) => place?.querySelector("[data-attachments]");
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");

/* The prompt that is being edited takes what is dropped or pasted on it, the composer everything else. */
const receiver = (target) => target.closest?.("[data-edit-form]") ?? composer();

function add(files, target) {
  const list = listOf(receiver(target));
  if (list) for (const file of files) upload(file, list);
}

function mark(over) {
  for (const place of document.querySelectorAll('.composer[data-state="over"]')) delete place.dataset.state;
  if (over) over.dataset.state = "over";
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-attach]");
  if (button) receiver(button).querySelector("[data-files]").click();
});

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-files]")) return;
  add(target.files, target);
  target.value = "";
});

document.addEventListener("dragover", (event) => {
  if (!composer() || !hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  mark(receiver(event.target));
});

document.addEventListener("dragleave", (event) => event.relatedTarget === null && mark(null));

document.addEventListener("drop", (event) => {
  if (!composer() || !hasFiles(event)) return;
  event.preventDefault();
  mark(null);
  add(event.dataTransfer.files, event.target);
});

/* What is copied from a table or a document brings a picture of itself besides its words: the words are meant. */
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData ?? {};
  if (!files?.length || types.includes("text/plain") || !event.target.closest?.(".composer")) return;
  event.preventDefault();
  add(files, event.target);
});
