/* Somebody who was signed out cannot save a draft: the tab keeps it until the same person is back. */

const key = () => {
  const form = document.getElementById("composer");
  return form && `unsent:${form.dataset.person}:${location.pathname}`;
};

addEventListener("pagehide", () => {
  const refused = document.querySelector('[data-connection="signed-out"]:not([hidden])');
  const text = document.getElementById("message")?.value;
  if (refused && text) sessionStorage.setItem(key(), text);
});

const kept = key() && sessionStorage.getItem(key());
if (kept) {
  const box = document.getElementById("message");
  sessionStorage.removeItem(key());
  box.value = kept;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
