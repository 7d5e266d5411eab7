/* The chips of files: whether the chosen model can take each, and what Send waits for. */
import { isAnswering } from "./answering.js";
import { fitColumns } from "./unfit.js";

const composer = () => document.getElementById("composer");
const list = () => document.getElementById("attachments");

/* What Send waits for: "uploading", "error", or nothing. A file that failed is not left out in silence. */
export function waitsFor(form = composer()) {
  const states = [...(form?.querySelectorAll("[data-uploading]") ?? [])].map((chip) => chip.dataset.state);
  return states.includes("uploading") ? "uploading" : states[0] ?? "";
}

export const hasFiles = () => Boolean(list()?.children.length);

function tellSend() {
  const button = composer()?.querySelector(".composer__send");
  if (!button) return;
  const { label, waitUploading, waitError, waitAnswering } = button.dataset;
  const waits = waitsFor() || (waitAnswering && isAnswering() ? "answering" : "");
  const told = { "": label, uploading: waitUploading, error: waitError, answering: waitAnswering }[waits];
  if (button.dataset.tip !== told) button.ariaLabel = button.dataset.tip = told;
  button.ariaDisabled = String(waits !== "");
}

function ability(kind, { takes, needs, ...why }) {
  const [carried, able] = needs[kind] ?? [];
  const option = document.querySelector('[data-model][aria-selected="true"]');
  const format = document.getElementById("format")?.value;
  if (format in takes && !takes[format].includes(carried)) return why.format;
  return option && !option.dataset.capabilities.split(" ").includes(able) ? why.model[kind] : "";
}

function fit() {
  const { fit: told, notByAll } = list()?.dataset ?? {};
  const known = told && JSON.parse(told);
  const refused = notByAll ? fitColumns() : new Set();
  for (const chip of document.querySelectorAll("[data-chip]")) {
    if (known) say(chip, ability(chip.dataset.kind, known));
    else if (notByAll) say(chip, refused.has(chip.dataset.kind) ? notByAll : "");
  }
}

function say(chip, why) {
  const place = chip.querySelector("[data-why]");
  if (place.textContent !== why) place.textContent = why;
  if (why) chip.dataset.state = "warn";
  else delete chip.dataset.state;
}

function refresh() {
  fit();
  tellSend();
}

document.addEventListener("htmx:config:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form.matches("[data-edit-form]") && waitsFor(form)) event.preventDefault();
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches("[data-edit-image]")) document.getElementById("message").focus();
});

document.addEventListener("playground:files", refresh);
document.addEventListener("change", ({ target }) => target.id === "ask-whom" && refresh());
document.addEventListener("playground:model", refresh);
document.addEventListener("htmx:after:settle", refresh);
refresh();
