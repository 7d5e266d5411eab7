"""What the sandbox makes is played and shown by a real browser."""

import base64

import pytest

from apps.sandbox.makers import film, picture, songs, sound

PLAYED = """async ([tag, url]) => {
  const player = document.createElement(tag);
  player.muted = true;
  document.body.append(player);
  const ended = new Promise((done) => {
    player.onended = () => done("ended");
    player.onerror = () => done(player.error.message);
  });
  player.src = url;
  player.playbackRate = 8;
  await player.play().catch(() => {});
  const how = await ended;
  return [how, player.duration, player.videoWidth || 0];
}"""
SHOWN = """async (url) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  return [image.naturalWidth, image.naturalHeight];
}"""


def test_all_of_it_plays_in_a_browser(browser):
    """Films with H.264 and AAC, sounds in every format that browsers know, pictures in all three."""
    page, tone = browser.new_page(), songs.song("rain", 1)
    assert page.evaluate(PLAYED, ["video", _url("video/mp4", film.film("a kite", (320, 180), 1))]) == ["ended", 1, 320]
    for format in ("mp3", "opus", "flac", "wav", "aac"):
        kind = "audio/ogg" if format == "opus" else sound.TYPES[format]
        how, seconds, _ = page.evaluate(PLAYED, ["audio", _url(kind, sound.encoded(tone, format))])
        assert (how, seconds) == ("ended", pytest.approx(1, abs=0.15)), format
    for kind in picture.FORMATS:
        image = picture.encoded(picture.drawn("a kite", (320, 200)), kind)
        assert page.evaluate(SHOWN, _url(kind, image)) == [320, 200]
    page.close()


def _url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
