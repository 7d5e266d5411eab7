/* Whether the next prompt has to wait for an answer: in a chat for the one, in a comparison for those that it goes to. */

export const askedColumn = () => document.getElementById("ask-whom")?.value ?? "";

export function isAnswering() {
  const column = askedColumn();
  const place = column ? document.getElementById(`col-${column}`) : document.querySelector(".comparison, #thread");
  return Boolean(place?.querySelector('.turn[data-state="running"]'));
}
