/* The command palette: what the page can do is found here, what somebody has is found by the server. */
import { first } from "./combobox.js";
import { commands, isThere, named, run } from "./commands.js";
import { choose } from "./model_choice.js";
import { usePrompt } from "./prompts.js";
import { applyPreset } from "./presets.js";

const palette = document.getElementById("palette");
const query = document.getElementById("palette-query");
const none = () => palette.querySelector("[data-palette-none]");
const isChat = () => Boolean(document.querySelector("[data-prompts]"));

function filter() {
  const words = query.value.toLowerCase().split(/\s+/);
  for (const option of palette.querySelectorAll("[data-words]")) {
    const command = option.dataset.do && named(option.dataset.do);
    option.hidden = (command && !isThere(command)) || !words.every((word) => option.dataset.words.includes(word));
  }
  for (const group of palette.querySelectorAll("[data-palette-group]")) {
    group.hidden = !group.querySelector("[role=option]:not([hidden])");
  }
  palette.querySelector("[data-palette-recent]").hidden = query.value.trim() !== "";
  none().hidden = true;
}

/* Said only once the server has answered, too. */
function tellNone() {
  none().hidden = [...palette.querySelectorAll("[role=option]")].some((option) => option.checkVisibility());
}

function toggle() {
  if (palette.open) return palette.close();
  query.value = "";
  document.getElementById("palette-found").replaceChildren();
  palette.showModal();
  filter();
  query.dispatchEvent(new CustomEvent("palette:open"));
  first(query);
}

function act({ do: name, go, prompt, preset, useModel }) {
  const model = useModel && document.querySelector(`#model-picker [data-model="${CSS.escape(useModel)}"]`);
  if (name) return run(named(name));
  if (model) return choose(model, null);
  if (prompt && isChat()) return usePrompt(prompt);
  if (preset && isChat()) return applyPreset(preset);
  if (go) location.assign(go);
}

if (palette && commands.length) {
  document.addEventListener("palette:toggle", toggle);
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-palette-open]")) return toggle();
    const option = target.closest("#palette [role=option]");
    if (!option || option.matches("[hx-post]")) return;
    palette.close();
    act(option.dataset);
  });
  // Before the list marks its first option, it must be known which show.
  query.addEventListener("input", filter);
  palette.addEventListener("htmx:after:swap", () => {
    filter();
    tellNone();
    if (!query.value) first(query);
  });
}
