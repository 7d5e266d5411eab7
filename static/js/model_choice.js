/* What choosing a model does: it becomes the conversation's, or answers once more for the turn that asked. */

export function choose(option, opener) {
  if (opener?.matches("[data-pick]")) return retry(opener.form, option.dataset.model);
  document.getElementById("model").value = option.dataset.model;
  document.getElementById("model-name").textContent = option.dataset.label;
  for (const other of document.querySelectorAll("[data-model]")) other.ariaSelected = String(other === option);
  for (const note of document.querySelectorAll("[data-toy-note]")) note.hidden = !("toy" in option.dataset);
  document.body.dispatchEvent(new CustomEvent("playground:model"));
  document.getElementById("message").focus();
}

function retry(form, model) {
  form.elements.model.value = model;
  form.requestSubmit();
  form.elements.model.value = "";
}
