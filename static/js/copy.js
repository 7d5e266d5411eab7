/* Copies a code block, a field, a given text, or a message's source; also on plain http, where there is no clipboard API. */
import { text as fetchText } from "./http.js";

const live = document.getElementById("live");

async function source(button) {
  if (button.dataset.copyUrl) return fetchText(button.dataset.copyUrl);
  if (button.dataset.copyText) return button.dataset.copyText;
  if (button.dataset.copy) return document.querySelector(button.dataset.copy).value;
  return button.closest(".code").querySelector("pre").textContent;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text);
  }
}

function copyBySelection(text) {
  const box = document.createElement("textarea");
  const before = document.activeElement;
  box.className = "copy-source";
  box.value = text;
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  before?.focus({ preventScroll: true });
  if (!copied) throw new Error("refused");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-url], [data-copy-text]");
  if (!button) return;
  try {
    await copy(await source(button));
    button.dataset.done = "true";
    live.textContent = live.dataset.copied;
  } catch {
    live.textContent = live.dataset.notCopied;
  }
  setTimeout(() => {
    delete button.dataset.done;
    live.textContent = "";
  }, 2000);
});
