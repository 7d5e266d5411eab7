/* Paints a mask over the picture of the form: what is painted becomes transparent, in a PNG of the picture's own size. */
import { add } from "./studio_files.js";

const dialog = () => document.querySelector("[data-mask]");
const canvas = () => dialog().querySelector("canvas");
const picture = () => dialog().querySelector("img");
let last = null; // where the brush was, while it paints
let strokes = []; // the canvas before each stroke, for Undo

function place({ clientX, clientY }) {
  const { left, top, width, height } = canvas().getBoundingClientRect();
  return { x: ((clientX - left) * canvas().width) / width, y: ((clientY - top) * canvas().height) / height };
}

function stroke(event) {
  const brush = canvas().getContext("2d");
  const to = place(event);
  brush.globalCompositeOperation = dialog().querySelector("[data-mask-erase]").checked ? "destination-out" : "source-over";
  brush.strokeStyle = "#e11d48";
  brush.lineCap = brush.lineJoin = "round";
  brush.lineWidth = (Number(dialog().querySelector("[data-mask-size]").value) / 100) * Math.max(canvas().width, canvas().height);
  brush.beginPath();
  brush.moveTo(last.x, last.y);
  brush.lineTo(to.x, to.y);
  brush.stroke();
  last = to;
}

function open() {
  const chip = document.querySelector('[data-slot="image"] [data-chip]');
  dialog().querySelector("[data-mask-none]").hidden = Boolean(chip);
  dialog().querySelector("[data-mask-work]").hidden = !chip;
  dialog().showModal();
  if (!chip) return;
  picture().src = `/assets/${chip.dataset.chip}/image`;
  picture().onload = () => Object.assign(canvas(), { width: picture().naturalWidth, height: picture().naturalHeight });
  strokes = [];
}

/* Transparent where it was painted, opaque elsewhere: what /v1/images/edits takes for the place to change. */
function mask() {
  const made = Object.assign(document.createElement("canvas"), { width: canvas().width, height: canvas().height });
  const pen = made.getContext("2d");
  pen.fillRect(0, 0, made.width, made.height);
  pen.globalCompositeOperation = "destination-out";
  pen.drawImage(canvas(), 0, 0);
  return new Promise((done) => made.toBlob(done, "image/png"));
}

async function use() {
  const slot = document.querySelector('[data-slot="mask"]');
  const data = await mask();
  slot.querySelector("[data-attachments]").replaceChildren();
  add([new File([data], "mask.png", { type: "image/png" })], slot);
  dialog().close();
}

document.addEventListener("pointerdown", (event) => {
  if (!event.target.matches?.("[data-mask] canvas")) return;
  event.target.setPointerCapture(event.pointerId);
  strokes.push(event.target.getContext("2d").getImageData(0, 0, canvas().width, canvas().height));
  last = place(event);
  stroke(event);
});
document.addEventListener("pointermove", (event) => last && stroke(event));
addEventListener("pointerup", () => (last = null));
addEventListener("pointercancel", () => (last = null));

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-paint-mask]")) open();
  if (target.closest("[data-mask-use]")) use();
  if (target.closest("[data-mask-undo]") && strokes.length) canvas().getContext("2d").putImageData(strokes.pop(), 0, 0);
});
