/* The model picker: type to filter, arrows to move, Enter to choose. It serves the composer and the retry buttons. */
import { choose } from "./model_choice.js";

let opener = null;

const picker = () => document.querySelector("[data-picker]");
const query = () => picker().querySelector("[data-picker-query]");
const options = () => [...picker().querySelectorAll("[data-model]")];
const shown = () => options().filter((option) => !option.hidden);
const active = () => picker().querySelector("[data-active]");

function activate(option) {
  active()?.removeAttribute("data-active");
  option?.setAttribute("data-active", "");
  option?.scrollIntoView({ block: "nearest" });
  query().setAttribute("aria-activedescendant", option?.id ?? "");
}

function filter() {
  const typed = query().value.toLowerCase().split(/\s+/);
  const wanted = [...picker().querySelectorAll('[data-capability][aria-pressed="true"]')].map((chip) => chip.dataset.capability);
  for (const option of options()) {
    const has = option.dataset.capabilities.split(" ");
    option.hidden = !typed.every((word) => option.dataset.words.includes(word)) || !wanted.every((name) => has.includes(name));
  }
  for (const group of picker().querySelectorAll("[role=group] > .picker__group")) {
    group.parentElement.hidden = !group.parentElement.querySelector("[data-model]:not([hidden])");
  }
  picker().querySelector("[data-picker-none]").hidden = shown().length > 0;
  activate(shown().find((option) => option.ariaSelected === "true") ?? shown()[0]);
}

function move(step) {
  const list = shown();
  const next = list.indexOf(active()) + step;
  activate(list[(next + list.length) % list.length]);
}

function pick(option) {
  if (!option) return;
  picker().hidePopover();
  choose(option, opener);
}

document.addEventListener("click", ({ target }) => {
  opener = target.closest('[popovertarget="model-picker"]') ?? opener;
  const chip = target.closest("[data-capability]");
  if (chip) {
    chip.ariaPressed = String(chip.ariaPressed !== "true");
    filter();
  }
  const option = target.closest("[data-picker] [data-model]");
  if (option) pick(option);
});

document.addEventListener("beforetoggle", ({ target, newState }) => {
  if (target === picker() && newState === "open") query().value = "";
}, true);

document.addEventListener("toggle", ({ target, newState }) => {
  if (target === picker() && newState === "open") filter();
}, true);

document.addEventListener("input", ({ target }) => target.matches("[data-picker-query]") && filter());

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-picker-query]") || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && event.key !== "Enter") return;
  event.preventDefault();
  if (step) move(step);
  else pick(active());
});
