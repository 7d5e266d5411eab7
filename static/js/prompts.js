/* Prompts of the library, from the composer: found, asked for their variables, and put in as text, never as HTML. */
import { post } from "./http.js";
import { insert, isSlash, setSystemPrompt } from "./insert.js";

const picker = document.querySelector("[data-prompts]");
const part = (name) => picker.querySelector(`[data-prompts-${name}]`);
const opener = () => document.querySelector("[data-prompts-open]");
let wanted = "";

function show(filling) {
  for (const name of ["search", "list", "foot"]) part(name).hidden = filling;
  part("fill").hidden = !filling;
}

export function usePrompt(url) {
  wanted = url;
  if (picker.matches(":popover-open")) fill();
  else opener().click();
}

async function fill() {
  const url = wanted;
  wanted = "";
  await window.htmx.ajax("GET", url, { target: "[data-prompts-fill]", swap: "innerHTML" });
  const form = part("fill").querySelector("[data-prompt-form]");
  if (!form) return;
  if ("ready" in form.dataset) return put(form);
  show(true);
  form.querySelector("input, textarea").focus();
}

async function put(form) {
  const reply = await post(form.getAttribute("action"), new FormData(form));
  if (!reply.ok || reply.redirected) return;
  const text = await reply.text();
  picker.hidePopover();
  if (form.dataset.kind === "system") setSystemPrompt(text);
  else insert(document.getElementById("message"), text);
}

if (picker) {
  picker.addEventListener("toggle", ({ newState }) => {
    if (newState !== "open") return;
    show(false);
    part("list").replaceChildren();
    const field = document.getElementById("prompt-query");
    field.value = "";
    if (wanted) fill();
    else field.dispatchEvent(new CustomEvent("prompts:open"));
  });
  picker.addEventListener("click", ({ target }) => {
    const option = target.closest("[data-prompt]");
    if (option) usePrompt(option.dataset.prompt);
    if (target.closest("[data-prompts-back]")) show(false);
  });
  picker.addEventListener("submit", (event) => {
    event.preventDefault();
    put(event.target);
  });
  document.addEventListener("input", ({ target, inputType }) => {
    if (target.id === "message" && isSlash(target.value) && inputType === "insertText") opener().click();
  });
  const asked = new URLSearchParams(location.search).get("prompt");
  const url = /^[0-9a-f-]{36}$/.test(asked ?? "") && `/prompts/${asked}/use/`;
  if (url) document.addEventListener("DOMContentLoaded", () => usePrompt(url), { once: true });
}
