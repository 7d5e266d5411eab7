/* A very long message is laid out whole only when asked for. */
import { text } from "./http.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-whole]");
  if (!button) return;
  const bubble = button.closest(".turn").querySelector(".turn__bubble");
  button.disabled = true;
  try {
    bubble.textContent = await text(button.dataset.whole);
    delete bubble.dataset.cut;
    button.remove();
  } catch {
    button.disabled = false;
  }
});
