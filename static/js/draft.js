/* What is being written is kept on the server: soon after each pause, and when the page goes away. */
import { post } from "./http.js";
import { isSending } from "./sending.js";

let timer = 0;
let due = null; // the box whose text the server does not have yet

function save() {
  clearTimeout(timer);
  if (!due || isSending()) return;
  const [box, conversation] = [due, document.getElementById("conversation").value];
  due = null;
  post(box.dataset.draft, { conversation, text: box.value }).catch(() => (due ??= box));
}

document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.draft) return;
  due = target;
  clearTimeout(timer);
  // A long text is sent less often: a megabyte at every pause would keep the line busy.
  timer = setTimeout(save, 600 + target.textLength / 200);
});

document.addEventListener("playground:sent", () => {
  clearTimeout(timer);
  due = null;
});
document.addEventListener("playground:answered", ({ detail }) => {
  const box = document.getElementById("message");
  if (detail.taken && box.value) due = box;
  if (due) save();
});
document.addEventListener("visibilitychange", () => document.hidden && save());
addEventListener("pagehide", save);
