/* Sampling controls: slider and number in step, empty means not sent, and how many are sent is always said. */

const inputs = (param) => [...param.querySelectorAll("[name]")];
const isSet = (param) => inputs(param).some((input) => (input.type === "radio" ? input.checked : input.value !== ""));

function count() {
  const pane = document.querySelector("[data-parameters]");
  if (!pane) return;
  const sent = (root) => root.querySelectorAll("[data-param][data-set]").length;
  pane.querySelector("[data-sent]").textContent = sent(pane);
  for (const place of pane.querySelectorAll("[data-group-sent]")) place.textContent = sent(place.closest("details"));
}

function refresh(param) {
  param.toggleAttribute("data-set", isSet(param));
  count();
}

function unset(param) {
  for (const input of inputs(param)) {
    if (input.type === "radio") input.checked = false;
    else input.value = "";
  }
  refresh(param);
  param.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("input", ({ target }) => {
  const param = target.closest?.("[data-param]");
  if (!param) return;
  const number = param.querySelector("input[type=number]");
  const slider = param.querySelector("[data-slider]");
  if (target === slider) number.value = slider.value;
  else if (slider && number.value !== "") slider.value = number.value;
  refresh(param);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-param-reset]")) unset(target.closest("[data-param]"));
  if (target.closest("[data-reset-all]")) document.querySelectorAll("[data-param][data-set]").forEach(unset);
});
