/* Times of the server in the reader's own place and language: `<time datetime data-local>` or `data-relative`. */

const language = document.documentElement.lang;
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];

function ago(time) {
  const distance = time - Date.now();
  const [unit, size] = UNITS.find(([, size]) => Math.abs(distance) >= size) ?? ["minute", 60_000];
  return relative.format(Math.round(distance / size), unit);
}

function localise(root) {
  for (const place of root.querySelectorAll?.("time[datetime]:is([data-local], [data-relative])") ?? []) {
    const time = new Date(place.dateTime);
    if (Number.isNaN(time.getTime())) continue;
    place.textContent = "relative" in place.dataset ? ago(time) : exact.format(time);
    place.title = exact.format(time);
  }
}

document.addEventListener("htmx:after:settle", ({ target }) => localise(target));
localise(document);
