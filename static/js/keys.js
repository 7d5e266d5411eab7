/* Enter sends, Shift+Enter breaks; never while an input method composes (229 is Safari's last key of a composition). */

function sends(event) {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-composer] textarea, [data-edit-form] textarea") || !sends(event)) return;
  event.preventDefault();
  box.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const example = event.target.closest("[data-example]");
  if (!example) return;
  const box = document.getElementById("message");
  box.value = example.textContent.trim();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});
