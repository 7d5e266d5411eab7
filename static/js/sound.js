/* Sound of an answer, played as it comes, on the page that asked for it. Afterwards the answer has a player. */

const RATE = 24_000;
let context = null;
let next = 0; // when what is scheduled ends, on the context's clock
const played = new Map(); // pieces by answer: a page that comes back is given all of them again

const button = () => document.querySelector("[data-mute]");
const isMuted = () => localStorage.getItem("muted") === "true";

function samples(piece) {
  const bytes = Uint8Array.from(atob(piece), (letter) => letter.charCodeAt(0));
  return Float32Array.from(new Int16Array(bytes.buffer, 0, bytes.length >> 1), (sample) => sample / 32768);
}

function play(piece) {
  const data = samples(piece);
  if (!data.length || isMuted()) return;
  context ??= new AudioContext({ sampleRate: RATE });
  context.resume();
  const buffer = context.createBuffer(1, data.length, RATE);
  buffer.copyToChannel(data, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.connect(context.destination);
  next = Math.max(next, context.currentTime + 0.05);
  source.start(next);
  next += buffer.duration;
  source.onended = () => context?.currentTime >= next && show(false);
}

function silence() {
  context?.close();
  context = null;
  next = 0;
}

function show(playing) {
  if (!button()) return;
  button().hidden = !playing;
  button().ariaPressed = String(isMuted());
}

function hear({ sound, first, pieces }) {
  const known = played.get(sound) ?? 0;
  pieces.slice(Math.max(0, known - first)).forEach(play);
  played.set(sound, Math.max(known, first + pieces.length));
  show(true);
}

/* A frame of sound is data alone: nothing of it is put into the page. */
document.addEventListener("htmx:ws:before:message:incoming", (event) => {
  const { data } = event.detail.message;
  if (!data.startsWith('{"sound"')) return;
  event.preventDefault();
  hear(JSON.parse(data));
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-mute]")) {
    localStorage.setItem("muted", String(!isMuted()));
    if (isMuted()) silence();
    button().ariaPressed = String(isMuted());
  } else if (target.closest("[data-stop], [data-stop-all]")) {
    silence();
    show(false);
  }
});
