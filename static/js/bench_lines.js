/* The lines of a text file go to the end of a field, where they are seen and can be changed before anything is sent. */

const MOST = 1_000_000;

async function read(input) {
  const [file] = input.files;
  const field = document.getElementById(input.dataset.linesInto);
  const why = input.closest("label").nextElementSibling;
  const text = file.size > MOST ? "" : await file.text();
  const wrong = file.size > MOST ? input.dataset.tooLarge : text.includes("\0") ? input.dataset.noText : "";
  why.textContent = wrong;
  why.hidden = !wrong;
  input.value = "";
  if (wrong) return;
  field.value = [field.value.trimEnd(), text.replace(/^\uFEFF/, "").trim()].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-lines-into]") && target.files.length) read(target);
});
