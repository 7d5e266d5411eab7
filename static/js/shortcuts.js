/* Ctrl or Cmd with K to search, with Shift+O to begin anew. */

const isMac = /Mac|iP/.test(navigator.platform);

function search() {
  const field = document.querySelector("[data-search]");
  const side = document.getElementById("side");
  if (!field) return false;
  if (!field.checkVisibility()) side.showPopover();
  field.focus();
  field.select();
  return true;
}

function newChat() {
  const link = document.querySelector("[data-new-chat]");
  link?.click();
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  if (!(isMac ? event.metaKey : event.ctrlKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if ((key === "k" && !event.shiftKey && search()) || (key === "o" && event.shiftKey && newChat())) event.preventDefault();
});

for (const hint of document.querySelectorAll("[data-mod-key]")) {
  if (isMac) hint.textContent = `⌘${hint.dataset.modKey}`;
}
