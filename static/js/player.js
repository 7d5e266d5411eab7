/* A player with its waveform and its words: either leads to its moment, and what is heard is marked. */

const audioOf = (place) => place.closest("[data-player]")?.querySelector("audio");

function lengthOf(audio) {
  return Number.isFinite(audio.duration) ? audio.duration : Number(audio.dataset.seconds) || 0;
}

/* What was heard while it came cannot be searched; the file that it has become can. */
function toFile(audio) {
  const { file } = audio.dataset;
  if (!file || audio.src.endsWith(file)) return;
  const at = audio.ended ? 0 : audio.currentTime;
  audio.src = file;
  audio.currentTime = at;
}

function hear(audio, at) {
  toFile(audio);
  audio.currentTime = at;
  audio.play().catch(() => {});
}

function follow(audio) {
  const player = audio.closest("[data-player]");
  const length = lengthOf(audio);
  if (!player) return;
  const share = length ? Math.min(100, (100 * audio.currentTime) / length) : 0;
  player.querySelector("[data-played]")?.setAttribute("width", `${share}%`);
  mark(player, audio.currentTime);
}

function mark(player, now) {
  for (const name of ["line", "word"]) {
    const said = [...player.querySelectorAll(`[data-${name}]`)];
    const current = said.findLast((each) => Number(each.dataset.at) <= now + 0.01);
    for (const each of said) each.toggleAttribute("data-now", each === current);
  }
}

document.addEventListener("click", ({ target, clientX }) => {
  const word = target.closest("[data-at]");
  const wave = target.closest("[data-waveform]");
  const audio = (word || wave) && audioOf(word ?? wave);
  if (!audio) return;
  if (word) return hear(audio, Number(word.dataset.at));
  const { left, width } = wave.getBoundingClientRect();
  hear(audio, (lengthOf(audio) * (clientX - left)) / width);
});

/* Events of players do not rise. */
for (const name of ["timeupdate", "seeked"]) {
  document.addEventListener(name, ({ target }) => target.matches("[data-player] audio") && follow(target), true);
}

document.addEventListener("pause", ({ target }) => target.matches("[data-player] audio") && toFile(target), true);
document.addEventListener(
  "play",
  ({ target }) => {
    for (const audio of document.querySelectorAll("[data-player] audio")) if (audio !== target) audio.pause();
  },
  true,
);
