/* Columns of a comparison that cannot take a file which is attached: each says so before anything is sent. */
import { askedColumn } from "./answering.js";

function tell(column, files) {
  const place = column.querySelector("[data-unfit-why]");
  const unfit = column.dataset.unfit ? JSON.parse(column.dataset.unfit) : {};
  const meant = !askedColumn() || askedColumn() === column.dataset.of;
  const refused = meant ? files.filter(({ kind }) => unfit[kind]) : [];
  const told = refused.map(({ name, kind }) => `${name}: ${unfit[kind]}`).join(" ");
  if (place.textContent !== told) place.textContent = told;
  place.hidden = told === "";
  return refused;
}

/* The kinds of attached files that a column which is asked cannot take. */
export function fitColumns() {
  const chips = [...document.querySelectorAll("#attachments [data-chip]")];
  const files = chips.map((chip) => ({ kind: chip.dataset.kind, name: chip.querySelector(".file-chip__name").title }));
  const columns = [...document.querySelectorAll("[data-unfit]")];
  return new Set(columns.flatMap((column) => tell(column, files)).map(({ kind }) => kind));
}
