/* A refusal that names a parameter is shown at that parameter too, until it is changed. */

const places = (input) => {
  const param = input.closest("[data-param]");
  return { param, error: param.querySelector("[data-param-error]") };
};

function mark(name, sentence) {
  const input = document.querySelector(`[data-param] [name="${CSS.escape(name)}"]`);
  if (!input) return;
  const { param, error } = places(input);
  input.setAttribute("aria-invalid", "true");
  error.textContent = sentence;
  error.hidden = false;
  param.closest("details").open = true;
}

const PLACES = "#composer-error, #settings-error, #panel-error";

document.addEventListener("htmx:after:settle", ({ target }) => {
  const refusal = target.matches?.(PLACES) && target.querySelector("[data-field-error]");
  if (refusal) mark(refusal.dataset.fieldError, refusal.textContent.trim());
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-param] *")) return;
  const { param, error } = places(target);
  if (error.hidden) return;
  error.hidden = true;
  param.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
  document.querySelectorAll(PLACES).forEach((place) => place.replaceChildren());
});
