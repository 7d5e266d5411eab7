/* A shared page asks now and then whether it may stay open; what was revoked is left at once. */
const script = document.querySelector("script[data-live]");
const EVERY = 20_000;

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(script.dataset.live, { cache: "no-store", redirect: "manual" });
    if (answer.status === 410 || answer.type === "opaqueredirect") location.reload();
  } catch {
    // Without a network nothing is known: the next time tells.
  }
}

setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
addEventListener("pageshow", (event) => event.persisted && ask());
