/* Toasts go by themselves; errors stay until dismissed. */

const STAYS = 6000;
const area = document.getElementById("toasts");

function leaveLater(toast) {
  if (toast.dataset?.state === "error") return;
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), STAYS);
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) [...addedNodes].filter((node) => node.matches?.("[data-toast]")).forEach(leaveLater);
}).observe(area, { childList: true });

area.querySelectorAll("[data-toast]").forEach(leaveLater);
document.addEventListener("click", ({ target }) => target.closest("[data-dismiss]")?.closest("[data-toast]").remove());
