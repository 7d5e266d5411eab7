/* A command that got no answer, or one that says nothing of itself, is not passed over in silence. */
import { say } from "./connection.js";

function tell() {
  const toast = document.getElementById("request-failed").content.cloneNode(true);
  document.getElementById("toasts").append(toast);
}

const speaksForItself = (ctx) => ctx.sourceElement.matches("[data-composer]") || ctx.text?.includes("<hx-partial");

/* A command of somebody who was signed out is answered with the sign-in page; what they typed must not go with it. */
document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (!raw.redirected || !new URL(raw.url).pathname.startsWith("/accounts/")) return;
  event.preventDefault();
  say("signed-out");
});

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => speaksForItself(ctx) || tell());
document.addEventListener("htmx:error", ({ detail: { ctx } }) => ctx?.request.method === "POST" && !speaksForItself(ctx) && tell());
