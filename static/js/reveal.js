/* Shows and hides what is typed into a secret field. */

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-reveal]");
  const field = button?.parentElement.querySelector("input");
  if (!field) return;
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  button.ariaPressed = String(hidden);
});
