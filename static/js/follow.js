/* Stays at the end of a growing thread for as long as the reader wants it: until they scroll up or select, and again
   from the button or from reaching the end themselves. */

const NEAR = 48;
let following = true;
let last = 0;

const scroller = () => document.querySelector("[data-follow]");
const distance = (area) => area.scrollHeight - area.scrollTop - area.clientHeight;

function show(area) {
  const button = document.querySelector("[data-to-latest]");
  if (button) button.hidden = following || distance(area) < NEAR;
}

function toEnd(area) {
  area.scrollTop = area.scrollHeight;
  last = area.scrollTop;
  show(area);
}

function grown() {
  const area = scroller();
  if (!area) return;
  if (following) toEnd(area);
  else show(area);
}

function follow() {
  following = true;
  grown();
}

const sizes = new ResizeObserver(grown);
let observed = null;

/* The thread is another one after the first message of a new chat. */
function observe() {
  const thread = document.getElementById("thread");
  if (!thread || thread === observed) return;
  observed = thread;
  sizes.disconnect();
  sizes.observe(scroller());
  sizes.observe(thread);
  grown();
}

document.addEventListener("scroll", ({ target }) => {
  if (target !== scroller()) return;
  const up = target.scrollTop < last - 1;
  if (up && distance(target) > 2) following = false;
  else if (!up && distance(target) < NEAR) following = true;
  last = target.scrollTop;
  show(target);
}, { capture: true, passive: true });

document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (!selection.isCollapsed && document.getElementById("thread")?.contains(selection.anchorNode)) following = false;
});

document.addEventListener("click", (event) => event.target.closest("[data-to-latest]") && follow());
document.addEventListener("playground:sent", follow);
document.addEventListener("htmx:after:settle", observe);
observe();
