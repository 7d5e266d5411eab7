/* The title is changed in its place; the window's title follows it. */

const form = () => document.querySelector("[data-rename]");
const heading = () => document.querySelector("[data-title]");

function show(editing) {
  form().hidden = !editing;
  heading().hidden = editing;
}

function open() {
  document.getElementById("chat-menu").hidePopover();
  show(true);
  const field = form().elements.title;
  field.value = heading().textContent.trim();
  field.select();
}

function close() {
  show(false);
  document.getElementById("chat-menu-button").focus();
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-rename-open]")) open();
  else if (target.closest("[data-rename-cancel]")) close();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || !event.target.closest?.("[data-rename]")) return;
  event.stopPropagation();
  close();
});

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement === form() && ctx.response.raw.ok) close();
});

document.addEventListener("htmx:after:settle", ({ target }) => {
  if (!target.closest?.("#title, #main") || target.closest("#thread")) return;
  const title = document.getElementById("title")?.textContent.trim();
  if (title) document.title = document.title.replace(/^.*(?= · )/s, () => title);
});
