/* Selecting conversations in the list: one by one, with Shift up to another, or all that are shown. The server swaps
   rows at any time, so what is selected is kept here by id. */

const chosen = new Set();
let last = "";

const side = () => document.getElementById("side");
const bar = () => document.querySelector("[data-bulk]");
const boxes = () => [...side().querySelectorAll("[data-select]")].filter((box) => box.checkVisibility());
const selecting = () => Boolean(side()?.hasAttribute("data-selecting"));

function show() {
  if (!bar()) return;
  for (const box of side().querySelectorAll("[data-select]")) box.checked = chosen.has(box.value);
  bar().querySelector("[data-selected]").value = [...chosen].join(",");
  bar().querySelector("[data-selected-count]").textContent = chosen.size;
  for (const button of bar().querySelectorAll("[data-needs-selection]")) button.disabled = chosen.size === 0;
  const archived = Boolean(document.getElementById("archived"));
  for (const button of bar().querySelectorAll("[data-in]")) button.hidden = (button.dataset.in === "archived") !== archived;
}

function mode(on) {
  side().toggleAttribute("data-selecting", on);
  bar().hidden = !on;
  for (const button of side().querySelectorAll("[data-select-mode][aria-pressed]")) button.ariaPressed = String(on);
  chosen.clear();
  last = "";
  show();
}

function mark(box) {
  if (box.checked) chosen.add(box.value);
  else chosen.delete(box.value);
}

function upTo(box) {
  const all = boxes();
  const [from, to] = [all.findIndex((each) => each.value === last), all.indexOf(box)].sort((a, b) => a - b);
  if (from < 0) return mark(box);
  for (const each of all.slice(from, to + 1)) {
    each.checked = box.checked;
    mark(each);
  }
}

/* A click on a row selects it while selecting; its link would lead away. */
function boxAt(target) {
  const link = selecting() && target.closest("#side .list__item");
  const box = link && link.parentElement.querySelector(":scope > .list__check [data-select]");
  if (box) box.checked = !box.checked;
  return box;
}

function selectAll() {
  const all = boxes();
  const every = all.every((box) => chosen.has(box.value));
  for (const box of all) every ? chosen.delete(box.value) : chosen.add(box.value);
  show();
}

function select(box, shiftKey) {
  if (shiftKey) upTo(box);
  else mark(box);
  last = box.value;
  show();
}

document.addEventListener("click", (event) => {
  const { target, shiftKey } = event;
  if (target.closest("[data-select-mode]")) {
    mode(!selecting());
    if (!selecting()) side().querySelector("[data-select-mode]").focus();
  } else if (target.closest("[data-select-all]")) selectAll();
  else if (target.matches("[data-select]")) select(target, shiftKey);
  else {
    const box = boxAt(target);
    if (!box) return;
    event.preventDefault();
    select(box, shiftKey);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !selecting() || !event.target.closest("#side") || event.target.closest("dialog, [popover]:not(#side)")) return;
  event.preventDefault();
  mode(false);
  side().querySelector("[data-select-mode]").focus();
});

/* What was done to them is done: the selection ends. */
document.addEventListener("playground:ordered", () => selecting() && mode(false));
document.addEventListener("htmx:after:settle", ({ target }) => selecting() && target.closest?.("#side") && show());
