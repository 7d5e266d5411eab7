/* What the keys and the palette do. The table is the server's; a command whose target is not on the page is not there. */
import { showPane, togglePane } from "./panes.js";

const place = document.querySelector("[data-commands]");
export const commands = JSON.parse(place?.dataset.commands ?? "[]");
export const isMac = /Mac|iP/.test(navigator.platform);
export const hasSingleKeys = () => place?.dataset.single === "on";

const found = ({ target }) => (target ? [...document.querySelectorAll(target)].filter((each) => !each.disabled) : []);

function beside(links, step) {
  const here = links.findIndex((link) => link.getAttribute("aria-current") === "page");
  return links[here + step] ?? null;
}

function focus(field) {
  field.focus();
  return true;
}

function search(field) {
  showPane(document.getElementById("side"));
  field.focus();
  field.select();
}

const ACTS = {
  click: (all) => all.at(-1).click(),
  focus: (all) => focus(all[0]),
  search: (all) => search(all[0]),
  pane: (all) => togglePane(all[0]),
  dialog: (all) => all[0].showModal(),
  palette: (all) => all[0].dispatchEvent(new CustomEvent("palette:toggle", { bubbles: true })),
  next: (all) => beside(all, 1)?.click(),
  previous: (all) => beside(all, -1)?.click(),
};

export const isThere = (command) => found(command).length > 0;
export const named = (name) => commands.find((command) => command.name === name);

export function run(command) {
  const all = found(command);
  if (all.length) ACTS[command.act](all);
  return all.length > 0;
}

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-single-keys]")) place.dataset.single = target.checked ? "on" : "off";
});
