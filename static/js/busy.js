/* The button of a command turns until its answer has come; htmx drops a second one meanwhile. What a page or a card asks
   for by itself turns none of theirs. */

function buttons({ sourceElement, request }) {
  const inside = sourceElement.matches("form") ? [...sourceElement.querySelectorAll("[data-busy]")] : [];
  const pressed = request.submitter ?? sourceElement;
  return inside.includes(pressed) || pressed.matches("[data-busy]") ? [pressed] : inside;
}

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  for (const button of buttons(ctx)) button.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  for (const button of buttons(ctx)) button.removeAttribute("aria-busy");
});
