/* Which language and client somebody wants code in: kept by the browser, for the next request that is looked at. */

const KEY = "code";
const kept = () => JSON.parse(localStorage.getItem(KEY) || "{}");

export const choices = () => new URLSearchParams(kept()).toString();

document.addEventListener("change", ({ target }) => {
  if (target.matches?.("[data-keep-choice]")) localStorage.setItem(KEY, JSON.stringify({ ...kept(), [target.name]: target.value }));
});
