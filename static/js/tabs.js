/* Arrow keys, Home and End go from tab to tab, as the pattern for tabs asks. */

const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-tabs]");
  if (!list || !(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey) return;
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const place = tabs.indexOf(event.target) + STEPS[event.key];
  const wrapped = Number.isFinite(place) ? (place + tabs.length) % tabs.length : place > 0 ? tabs.length - 1 : 0;
  event.preventDefault();
  tabs[wrapped].focus();
  tabs[wrapped].click();
});
