/* A field with a list of options: arrows move among those that show, Enter presses the marked one. What an option does
   is its own click. Never while an input method composes. */

const listOf = (field) => document.getElementById(field.getAttribute("aria-controls"));
const options = (field) => [...listOf(field).querySelectorAll("[role=option]:not([aria-disabled])")].filter((option) => option.checkVisibility());
const active = (field) => listOf(field).querySelector("[data-active]");

function activate(field, option) {
  active(field)?.removeAttribute("data-active");
  option?.setAttribute("data-active", "");
  option?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option?.id ?? "");
}

export const first = (field) => activate(field, options(field)[0]);

function move(field, step) {
  const shown = options(field);
  const next = shown.indexOf(active(field)) + step;
  activate(field, shown[(next + shown.length) % shown.length]);
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-combobox]") || event.isComposing || event.keyCode === 229) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step && event.key !== "Enter") return;
  event.preventDefault();
  if (step) move(field, step);
  else active(field)?.click();
});

document.addEventListener("input", ({ target }) => target.matches?.("[data-combobox]") && first(target));

/* News of the server may have taken the marked option away. */
document.addEventListener("htmx:after:swap", () => {
  for (const field of document.querySelectorAll("[data-combobox]")) {
    if (field.checkVisibility() && !active(field)?.checkVisibility()) first(field);
  }
});
