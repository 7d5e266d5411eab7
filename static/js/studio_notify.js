/* A job that ends while nobody looks: in the page's title, as a notification where the person allowed it, and in words. */

const open = new Set();
let title = "";
let unseen = 0;

const button = () => document.querySelector("[data-notify]");
const mayNotify = () => window.isSecureContext && "Notification" in window && Notification.permission === "granted";

function refresh() {
  if (button()) button().hidden = !window.isSecureContext || !("Notification" in window) || Notification.permission !== "default";
}

/* Some phones have the name and the permission, but no such notifications. */
function notify({ dataset, id }) {
  try {
    new Notification(dataset.told, { body: dataset.promptStart, tag: id });
  } catch {
    button()?.remove();
  }
}

function ended(card) {
  const { dataset } = card;
  document.getElementById("live").textContent = dataset.told;
  document.dispatchEvent(new CustomEvent("playground:ended", { detail: { run: dataset.job } }));
  if (!document.hidden) return;
  title ||= document.title;
  document.title = `(${++unseen}) ${title}`;
  if (mayNotify()) notify(card);
}

function look() {
  for (const card of document.querySelectorAll("[data-job]")) {
    if ("open" in card.dataset) open.add(card.id);
    else if (open.delete(card.id)) ended(card);
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !unseen) return;
  document.title = title;
  unseen = 0;
});

document.addEventListener("click", async ({ target }) => {
  if (!target.closest("[data-notify]")) return;
  await Notification.requestPermission();
  refresh();
});

document.addEventListener("htmx:after:settle", look);
look();
refresh();
