/* A file that is not wanted any more: its upload is stopped, or the server lets go of it. */
import { post } from "./http.js";
import { abort } from "./upload.js";

/* The keyboard goes on at the next chip, or where the message is written. */
function leave(chip) {
  const form = chip.closest("form");
  const next = (chip.nextElementSibling ?? chip.previousElementSibling)?.querySelector("button");
  chip.remove();
  (next ?? form.querySelector("textarea")).focus();
  document.dispatchEvent(new CustomEvent("playground:files"));
}

/* A prompt that is edited still holds its files: only what lies ready for the next one is given up. */
function discard(chip, url) {
  if (!chip.closest("[data-composer]")) return;
  const conversation = document.getElementById("conversation").value;
  post(url, { conversation }).catch(() => {});
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-discard], [data-upload-cancel]");
  const chip = button?.closest("[data-chip], [data-uploading]");
  if (!chip) return;
  if (button.dataset.discard) discard(chip, button.dataset.discard);
  else abort(chip);
  leave(chip);
});
