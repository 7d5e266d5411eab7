/* What the socket's state means for the reader: nothing, a quiet word after two seconds, or that they must sign in again. */

const FINAL = { 4401: "signed-out", 4403: "forbidden" };
const PATIENCE = 2000;
let timer = 0;

export function say(state) {
  clearTimeout(timer);
  timer = 0;
  for (const place of document.querySelectorAll("[data-connection]")) place.hidden = place.dataset.connection !== state;
}

document.addEventListener("htmx:ws:after:connection", () => say(""));

document.addEventListener("htmx:ws:close", ({ detail: { code, reason } }) => {
  if (reason !== "closed") return;
  if (FINAL[code]) say(FINAL[code]);
  else if (!timer) timer = setTimeout(say, PATIENCE, "lost");
});

/* A page from the back/forward cache has a closed socket and an old state. */
addEventListener("pageshow", (event) => event.persisted && location.reload());
