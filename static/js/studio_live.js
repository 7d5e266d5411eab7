/* News of jobs: the card of each asks for itself, and a job that this list has not yet is asked for. */

const list = () => document.querySelector("[data-jobs]");

function changed(id) {
  const card = document.getElementById(`job-${id}`);
  if (card) return card.dispatchEvent(new CustomEvent("playground:job"));
  const jobs = list();
  // What a search shows is not mixed with what is new.
  if (!jobs || document.querySelector("[data-jobs-search]")?.value) return;
  if (asked.has(id)) return missed.add(id);
  asked.add(id);
  window.htmx.ajax("GET", `/jobs/${id}/card/?new=${jobs.dataset.jobs}`, { target: jobs, swap: "afterbegin" });
}

const asked = new Set();
const missed = new Set(); // jobs with news while their cards were on their way

document.addEventListener("htmx:ws:before:message:incoming", (event) => {
  const { data } = event.detail.message;
  if (!data.startsWith('{"jobs"')) return;
  event.preventDefault();
  const news = JSON.parse(data);
  news.jobs.forEach(changed);
  for (const id of news.gone) document.getElementById(`job-${id}`)?.remove();
});

document.addEventListener("htmx:after:settle", () => {
  for (const id of missed) if (document.getElementById(`job-${id}`) && missed.delete(id)) changed(id);
});

/* While the socket was cut, a job may have been begun elsewhere. */
document.addEventListener("htmx:ws:after:connection", () => {
  const jobs = list();
  if (!jobs || document.querySelector("[data-jobs-search]")?.value) return;
  const newest = jobs.querySelector(":scope > [data-job]")?.dataset.job ?? "";
  window.htmx.ajax("GET", `${jobs.dataset.newer}?after=${newest}`, { target: jobs, swap: "afterbegin" });
});

/* Two answers may bring the same card: the list has it once. */
document.addEventListener("htmx:after:swap", () => {
  const seen = new Set();
  for (const card of list()?.children ?? []) {
    if (card.id && seen.has(card.id)) {
      card.remove();
      missed.add(card.dataset.job); // its own request for news has gone with it
    }
    seen.add(card.id);
  }
});
