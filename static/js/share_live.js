/* A shared page asks whether it may stay open, as long as somebody sees it; what was revoked is left at once. */
const script = document.querySelector("script[data-live]");
const EVERY = 2_000;
const PATIENCE = 10_000;
let timer;

async function ask() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(script.dataset.live, { cache: "no-store", redirect: "manual", signal });
    if (answer.status === 410 || answer.type === "opaqueredirect") return location.reload();
  } catch {
    // Without a network nothing is known: the next time tells.
  }
  clearTimeout(timer);
  timer = setTimeout(ask, EVERY);
}

timer = setTimeout(ask, EVERY);
document.addEventListener("visibilitychange", ask);
addEventListener("pageshow", (event) => event.persisted && ask());
