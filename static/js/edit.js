/* A prompt is edited in its place. The turn is marked meanwhile, so that news of other turns does not undo the typing. */
import { text } from "./http.js";

const bubbleText = (turn, bubble) =>
  "cut" in bubble.dataset ? text(turn.querySelector("[data-copy-url]").dataset.copyUrl) : bubble.textContent;

async function open(turn) {
  const form = turn.querySelector("[data-edit-form]");
  const box = form.elements.text;
  box.value = await bubbleText(turn, turn.querySelector(".turn__bubble"));
  turn.dataset.editing = "true";
  form.hidden = false;
  box.focus();
}

function close(turn) {
  delete turn.dataset.editing;
  turn.querySelector("[data-edit-form]").hidden = true;
  turn.querySelector("[data-edit]").focus();
}

document.addEventListener("click", ({ target }) => {
  const turn = target.closest?.(".turn");
  if (target.closest?.("[data-edit]")) open(turn);
  else if (target.closest?.("[data-edit-cancel]")) close(turn);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !event.target.matches?.("[data-edit-form] textarea")) return;
  event.stopPropagation();
  close(event.target.closest(".turn"));
});

/* The edited prompt is a new version: the old turn may be brought up to date again. */
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const form = ctx?.sourceElement;
  if (!form?.matches?.("[data-edit-form]") || !ctx.response?.raw.ok) return;
  close(form.closest(".turn"));
  document.getElementById("message").focus();
});
