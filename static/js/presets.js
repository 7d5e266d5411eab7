/* A preset in the chat: the picker of models follows it, and the dialog that kept one closes. */

export function applyPreset(url) {
  window.htmx.ajax("POST", url, { swap: "none", source: document.querySelector("#preset-menu") });
}

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const { sourceElement, response } = ctx;
  if (!response?.raw.ok) return;
  if (sourceElement.matches("[data-preset-form]")) {
    sourceElement.closest("dialog").close();
    sourceElement.reset();
  }
  if (!sourceElement.matches("[data-preset-apply], #preset-menu")) return;
  sourceElement.closest("[data-toast]")?.remove();
  const model = document.getElementById("model").value;
  for (const option of document.querySelectorAll("#model-picker [data-model]")) {
    option.ariaSelected = String(option.dataset.model === model);
  }
});
