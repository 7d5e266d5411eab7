/* Speech that was asked for on this page is played as soon as it begins to come. */

const wanted = new Set();

function play() {
  for (const sound of document.querySelectorAll("audio[data-job-sound]")) {
    if (wanted.delete(sound.dataset.jobSound)) sound.play().catch(() => {});
  }
}

document.addEventListener("playground:made", ({ detail }) => {
  wanted.add(detail.job);
  play();
});
document.addEventListener("htmx:after:settle", play);
