/* What is in an event of the wire is fetched when it is opened. One listener for all: htmx would look at each row. */

document.addEventListener("toggle", ({ target }) => {
  const address = target.open && target.dataset?.event;
  const body = address && target.querySelector(".event__body");
  if (body && !body.firstChild) window.htmx.ajax("GET", address, { target: body, swap: "innerHTML" });
}, { capture: true });
