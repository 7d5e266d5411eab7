/* The keys of the table of commands. Keys without Ctrl or the command key can be switched off, and never work where
   somebody writes, in a dialog, or while an input method composes. */
import { commands, hasSingleKeys, isMac, run } from "./commands.js";

const WRITES = "input, textarea, select, [contenteditable], audio, video";
const OPEN = "dialog:modal, :popover-open";
const byKeys = new Map(commands.flatMap((command) => command.keys.map((keys) => [keys, command])));

/* As the table writes it: mod+shift+o, shift+y, ?. A key of another script is told by its place. */
function keysOf(event) {
  const isPlain = /^[\x21-\x7e]$/.test(event.key);
  const key = (isPlain ? event.key : event.code.replace(/^Key/, "")).toLowerCase();
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const shift = event.shiftKey && (mod || /^[a-z]$/.test(key));
  return [mod && "mod", shift && "shift", key].filter(Boolean).join("+");
}

function isWanted(event, keys) {
  if (keys.startsWith("mod+")) return !document.querySelector("dialog:modal:not([data-palette])");
  return hasSingleKeys() && !event.target.closest?.(WRITES) && !document.querySelector(OPEN);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.repeat) return;
  if (event.altKey || (isMac ? event.ctrlKey : event.metaKey)) return;
  const keys = keysOf(event);
  const command = byKeys.get(keys);
  if (command && isWanted(event, keys) && run(command)) event.preventDefault();
});

function nameMod(root) {
  for (const cap of root.querySelectorAll("[data-mod]")) cap.textContent = "⌘";
  for (const hint of root.querySelectorAll("[data-mod-key]")) hint.textContent = `⌘${hint.dataset.modKey}`;
}

if (isMac) {
  nameMod(document);
  document.addEventListener("htmx:after:swap", () => nameMod(document));
}
