/* Records in the page: what was recorded goes into its place of the form as a file like any other. */
import { add } from "./studio_files.js";

const FORMS = [["audio/webm;codecs=opus", "webm"], ["audio/mp4", "m4a"], ["audio/ogg;codecs=opus", "ogg"]];
let recorder = null;
let ticking = 0;

const place = () => document.querySelector("[data-record]");
const part = (name) => place()?.querySelector(`[data-record-${name}]`);

function tell(sentence) {
  if (!part("why")) return;
  part("why").textContent = sentence;
  part("why").hidden = !sentence;
}

function show(recording) {
  if (!place()) return;
  const hadFocus = place().contains(document.activeElement);
  part("start").hidden = recording;
  part("stop").hidden = part("time").hidden = !recording;
  if (hadFocus) part(recording ? "stop" : "start").focus();
}

function tick(since) {
  const seconds = Math.floor((Date.now() - since) / 1000);
  const clock = part("time")?.querySelector("[role=timer]");
  if (clock) clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function refused({ name }) {
  tell(name === "NotFoundError" ? place().dataset.none : place().dataset.refused);
}

async function start() {
  tell("");
  if (!navigator.mediaDevices || !window.MediaRecorder) return tell(place().dataset.insecure);
  try {
    record(await navigator.mediaDevices.getUserMedia({ audio: true }));
  } catch (error) {
    refused(error);
  }
}

function record(stream) {
  const [type, ending] = FORMS.find(([type]) => MediaRecorder.isTypeSupported(type)) ?? ["", "webm"];
  const pieces = [];
  const since = Date.now();
  recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.onstop = () => ended(stream, pieces, type.split(";")[0], ending);
  recorder.start();
  ticking = setInterval(tick, 250, since);
  tick(since);
  show(true);
}

/* The newest recording counts, in place of what lies there. */
function ended(stream, pieces, type, ending) {
  for (const track of stream.getTracks()) track.stop();
  clearInterval(ticking);
  recorder = null;
  show(false);
  if (!place()) return;
  const slot = place().closest("[data-slot]");
  const there = slot.querySelector("[data-attachments]").children;
  if (there.length >= Number(slot.dataset.most)) there[0].remove();
  const when = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  add([new File(pieces, `${place().dataset.name} ${when}.${ending}`, { type })], place());
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-record-start]")) start();
  if (target.closest("[data-record-stop]")) recorder?.stop();
});

/* The form may have come anew meanwhile. */
document.addEventListener("htmx:after:settle", () => recorder && show(true));
