/* Says once, for those who listen, that an answer has ended; its words are not read out while they come. */

const running = new Set();

document.addEventListener("htmx:after:settle", ({ target }) => {
  const turn = target.closest?.(".turn--assistant");
  if (!turn) return;
  if (turn.ariaBusy === "true") running.add(turn.id);
  else if (running.delete(turn.id)) document.getElementById("live").textContent = turn.dataset.ended;
});
