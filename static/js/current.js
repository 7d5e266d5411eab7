/* Which conversation of the list is the one on show, also when list or page came later than the other. */

function mark() {
  for (const link of document.querySelectorAll("#history a, #found a")) {
    if (link.pathname === location.pathname && link.pathname !== "/" && (!link.search || link.closest("#found")) && !link.matches(".chip")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:after:settle", ({ target }) => target.closest?.("#history, #found") && mark());
document.addEventListener("htmx:after:history:push", mark);
mark();
