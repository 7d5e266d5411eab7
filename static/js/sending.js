/* A prompt on its way: in the thread at once, in the server's words when they come, back in the box if it was refused. */
import { isAnswering } from "./answering.js";
import { hasFiles, waitsFor } from "./chips.js";
import { uuid } from "./ids.js";

let sent = null; // { id, text, files } of the prompt on its way
let again = null; // the one that got no answer: sent again it keeps its id, so that it cannot be taken twice

const composer = () => document.getElementById("composer");
const box = () => document.getElementById("message");
const attachments = () => document.getElementById("attachments");

export const isSending = () => sent !== null;

function mayGo() {
  const model = composer().querySelector("[type=submit]");
  return !sent && !isAnswering() && !model.disabled && !waitsFor() && (box().value.trim() !== "" || hasFiles());
}

/* The chips themselves go along, and come back if the prompt was refused. */
function showPending({ id, text, files }) {
  const turn = document.getElementById("pending-turn").content.cloneNode(true).firstElementChild;
  turn.id = `turn-${id}`;
  turn.querySelector("[data-pending-text]").textContent = text;
  turn.querySelector("[data-pending-files]").append(...files);
  document.getElementById("thread").append(turn);
  document.dispatchEvent(new CustomEvent("playground:sent"));
}

function takeBack({ id, text, files }) {
  attachments().append(...files);
  document.getElementById(`turn-${id}`)?.remove();
  const typed = box().value;
  box().value = typed ? `${text}\n\n${typed}` : text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
  box().focus();
  const error = document.getElementById("composer-error");
  if (!error.hasChildNodes()) error.append(document.getElementById("send-failed").content.cloneNode(true));
}

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement !== composer()) return;
  if (!mayGo()) return event.preventDefault();
  const text = box().value;
  const files = [...attachments().children];
  const same = again?.text === text && again.files.length === files.length && again.files.every((file) => files.includes(file));
  sent = { id: same ? again.id : uuid(), text, files };
  ctx.request.body.set("turn", sent.id);
  box().value = "";
  document.getElementById("composer-error").replaceChildren();
  showPending(sent);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!sent || !ctx.sourceElement.matches("[data-composer]")) return;
  const { raw } = ctx.response ?? {};
  const taken = raw?.ok && !raw.redirected;
  again = raw ? null : sent;
  const finished = sent;
  sent = null;
  if (taken) {
    document.getElementById(`turn-${finished.id}`)?.remove();
    // Older news may have swept the pending turn away, and with it the place of the reply: then the thread is asked for.
    const answer = raw.headers.get("Playground-Answer");
    if (answer && !document.getElementById(`m-${answer}`)) document.body.dispatchEvent(new CustomEvent("playground:behind"));
  } else takeBack(finished);
  document.dispatchEvent(new CustomEvent("playground:answered", { detail: { taken } }));
});
