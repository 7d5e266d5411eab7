/* The button that was pressed may be gone with the branch it stood in: the keyboard goes on at its like. */

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const { refocus, version } = ctx.sourceElement.dataset;
  if (!refocus || !["BODY", "HTML"].includes(document.activeElement?.tagName ?? "BODY")) return;
  const turn = document.getElementById(refocus);
  const same = turn?.querySelector(`[data-version="${version}"]:not(:disabled)`);
  (same ?? turn?.querySelector("[data-version]:not(:disabled)"))?.focus({ preventScroll: true });
});
