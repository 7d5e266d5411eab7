/* A studio's form: kept when the page goes away, sent only when its files are here, and shown where it was changed. */
import { waitsFor } from "./chips.js";
import { post } from "./http.js";

const form = () => document.querySelector("[data-studio]");
let due = false; // the server does not have what is typed yet
let uploading = []; // chips that are on their way up while the form comes anew

function keep() {
  if (due && form()) post(form().dataset.keep, [...new FormData(form())]).catch(() => {});
  due = false;
}

document.addEventListener("input", ({ target }) => {
  if (!form()?.contains(target)) return;
  due = true;
  if (target.getAttribute("aria-invalid") !== "true") return;
  target.removeAttribute("aria-invalid");
  document.getElementById(`error-${target.name}`)?.remove();
});
document.addEventListener("visibilitychange", () => document.hidden && keep());
addEventListener("pagehide", keep);

function tell(text) {
  const place = document.getElementById("studio-error");
  place.textContent = text;
  place.hidden = !text;
}

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement } = event.detail.ctx;
  if (sourceElement !== form()) return;
  const waits = waitsFor(form());
  tell(waits ? form().dataset.waits : "");
  if (waits) event.preventDefault();
});

/* What is still on its way up moves over into the new form. */
document.addEventListener("htmx:before:swap", () => {
  uploading = [...(form()?.querySelectorAll("[data-uploading]") ?? [])].map((chip) => [chip, chip.parentElement.dataset.field]);
});

document.addEventListener("htmx:after:swap", () => {
  for (const [chip, field] of uploading) {
    if (!chip.isConnected) form()?.querySelector(`[data-field="${field}"]`)?.append(chip);
  }
  uploading = [];
});

/* What was refused is named at its field, and that is where the keyboard goes; on a phone the new job is far below. */
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement !== form()) return;
  const wrong = form().querySelector("[aria-invalid=true]");
  if (wrong) wrong.focus();
  else if (ctx.response?.raw.ok) document.querySelector("#jobs > .job")?.scrollIntoView({ block: "nearest" });
  else form().querySelector(".notice[role=alert]")?.scrollIntoView({ block: "center" });
});

function show() {
  form().scrollIntoView({ block: "start" });
  const prompt = form().querySelector("[data-prompt]");
  prompt?.focus({ preventScroll: true });
}

document.addEventListener("playground:form", show);
document.addEventListener("playground:made", () => (due = false));

document.addEventListener("click", ({ target }) => {
  const recent = target.closest("[data-recent-prompt]");
  if (target.closest("[data-close]")) target.closest("[popover]").hidePopover();
  if (!recent) return;
  const prompt = form().querySelector("[data-prompt]");
  prompt.value = recent.dataset.recentPrompt;
  prompt.dispatchEvent(new Event("input", { bubbles: true }));
  recent.closest("[popover]").hidePopover();
  prompt.focus();
});
