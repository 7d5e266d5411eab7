/* Text from the library into the message at its caret, or as the system prompt: as it was typed, never as HTML. */
import { togglePane } from "./panes.js";

export const isSlash = (text) => text === "/" || text === "／";

export function insert(box, text) {
  box.focus();
  if (isSlash(box.value)) box.select();
  write(box, text);
}

function write(box, text) {
  // What is written so can be undone with the keyboard; a very long text would take seconds.
  const done = text.length < 20_000 && document.execCommand("insertText", false, text);
  if (done) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function empty(box) {
  box.value = "";
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export function setSystemPrompt(text) {
  const [field, message] = ["system-prompt", "message"].map((id) => document.getElementById(id));
  if (isSlash(message.value)) empty(message);
  document.getElementById("tab-parameters").click();
  field.closest("details").open = true;
  if (!field.checkVisibility()) togglePane(document.getElementById("inspector"));
  field.focus();
  field.select();
  write(field, text);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
