/* One file on its way up: its chip shows how far it is, can stop it, says why it failed and can try again. */
import { inherited } from "./http.js";

const MB = 1024 * 1024;
const requests = new WeakMap();
const files = new WeakMap();

const changed = () => document.dispatchEvent(new CustomEvent("playground:files"));

export function upload(file, list) {
  const chip = document.getElementById("uploading-chip").content.cloneNode(true).firstElementChild;
  chip.dataset.limit = list.dataset.limit ?? chip.dataset.limit;
  for (const place of chip.querySelectorAll("[data-name]")) place.textContent = file.name;
  for (const button of chip.querySelectorAll("button")) button.ariaLabel = `${button.ariaLabel} ${file.name}`;
  chip.querySelector("progress").ariaLabel += ` ${file.name}`;
  files.set(chip, file);
  list.append(chip);
  begin(chip);
}

function begin(chip) {
  const file = files.get(chip);
  const { limit, tooLarge } = chip.dataset;
  if (file.size > limit * MB) return fail(chip, tooLarge);
  chip.dataset.state = "uploading";
  send(chip, file);
  changed();
}

function send(chip, file) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  if (chip.closest("[data-composer]")) body.set("conversation", document.getElementById("conversation").value);
  const { field } = chip.parentElement.dataset;
  if (field) body.set("field", field);
  body.set("file", file);
  request.upload.onprogress = ({ loaded, total }) => (chip.querySelector("progress").value = loaded / total);
  request.onload = () => (request.status === 200 && !wasMoved(request) ? taken(chip, request.responseText) : refused(chip, request));
  request.onerror = () => fail(chip, chip.dataset.lost);
  request.open("POST", chip.dataset.url);
  for (const [name, value] of Object.entries(inherited())) request.setRequestHeader(name, value);
  requests.set(chip, request);
  request.send(body);
}

/* Who was signed out is led to the sign-in page, which is no chip. */
const wasMoved = ({ responseURL }) => new URL(responseURL).pathname.startsWith("/accounts/");

function taken(chip, html) {
  const focused = chip.contains(document.activeElement);
  const template = document.createElement("template");
  template.innerHTML = html;
  const done = template.content.firstElementChild;
  const again = chip.parentElement.querySelector(`[data-chip="${done.dataset.chip}"]`);
  if (again) chip.remove();
  else chip.replaceWith(done);
  if (focused) (again ?? done).querySelector("button").focus();
  document.getElementById("live").textContent = done.dataset.told;
  changed();
}

function refused(chip, { status, responseText, responseURL }) {
  const isSentence = (status === 413 || status === 422) && responseText && !responseURL.includes("/accounts/");
  fail(chip, isSentence ? responseText : chip.dataset.lost);
}

function fail(chip, sentence) {
  chip.dataset.state = "error";
  chip.querySelector("[data-why]").textContent = sentence;
  document.getElementById("live").textContent = sentence;
  changed();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-upload-again]");
  if (button) begin(button.closest("[data-uploading]"));
});

export const abort = (chip) => requests.get(chip)?.abort();
