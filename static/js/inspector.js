/* The inspector: Parameters are the page's own, the other tabs are fetched for the answer that is inspected. Its address
   is #wire-<run>, so that it can be sent to somebody, or opened again. */
import { choices } from "./choices.js";
import { showPane } from "./panes.js";

const TABS = /^#(wire|code|usage)-([0-9a-f-]{36})$/;
const pane = document.getElementById("inspector");
const tabs = pane ? [...pane.querySelectorAll("[data-tab]")] : [];
const isPage = pane && "page" in pane.dataset;
const active = () => tabs.find((tab) => tab.ariaSelected === "true");
const newest = () => [...document.querySelectorAll(".turn--assistant[data-run]")].at(-1)?.dataset.run;

function show(tab) {
  const panel = document.getElementById(tab.getAttribute("aria-controls"));
  for (const each of tabs) {
    each.ariaSelected = String(each === tab);
    each.tabIndex = each === tab ? 0 : -1;
  }
  for (const each of pane.querySelectorAll("[role=tabpanel]")) each.hidden = each !== panel;
  panel.setAttribute("aria-labelledby", tab.id);
  if (panel.id === "panel-run") load(tab.dataset.tab);
  else remember("");
}

function load(name) {
  pane.dataset.run ||= newest() ?? "";
  const run = pane.dataset.run;
  if (!run) return;
  const wanted = name === "code" ? `?${choices()}` : "";
  const place = pane.dataset.place ?? `/runs/${run}/`;
  window.htmx.ajax("GET", `${place}tab/${name}/${wanted}`, { target: "#panel-run", swap: "innerHTML" });
  remember(isPage ? `?tab=${name}` : `#${name}-${run}`);
}

function remember(place) {
  history.replaceState(history.state, "", place || location.pathname + location.search);
}

function inspect(run, name) {
  pane.dataset.run = run;
  show(tabs.find((tab) => tab.dataset.tab === name));
  showPane(pane);
}

function ended(run) {
  if (pane?.dataset.run === run && active().getAttribute("aria-controls") === "panel-run") load(active().dataset.tab);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-tab]");
  const button = event.target.closest("[data-inspect]");
  if (tab) show(tab);
  if (!button || isPage || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const name = active().dataset.tab;
  inspect(button.dataset.inspect, name === "parameters" ? "wire" : name);
  active().focus();
});

document.addEventListener("htmx:after:settle", ({ target }) => {
  const turn = target.closest?.(".turn--assistant[data-run]");
  if (turn && turn.ariaBusy !== "true" && pane?.querySelector("[data-live]")) ended(turn.dataset.run);
});
document.addEventListener("playground:ended", ({ detail }) => ended(detail.run));

const place = pane && !isPage && TABS.exec(location.hash);
if (place) document.addEventListener("DOMContentLoaded", () => inspect(place[2], place[1]), { once: true });
