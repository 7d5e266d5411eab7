"""What the makers make is what it says: opened by Pillow and PyAV. Browsers: see tests/journeys/test_players.py."""

import io

import av
import pytest
from PIL import Image, ImageChops

from apps.sandbox.makers import film, picture, songs, sound, speech, vectors


@pytest.mark.parametrize("media_type", picture.FORMATS)
def test_a_picture_has_its_size_and_kind_and_is_the_same_each_time(media_type):
    data = picture.encoded(picture.drawn("风筝 kite", (320, 200)), media_type)
    image = picture.read(data)
    assert (image.get_format_mimetype(), image.size) == (media_type, (320, 200))
    assert data == picture.encoded(picture.drawn("风筝 kite", (320, 200)), media_type)
    assert data != picture.encoded(picture.drawn("风筝 kite", (320, 200), nth=1), media_type)


def test_the_words_are_drawn_into_the_picture_and_noted():
    one, other = (picture.drawn(said, (320, 200)) for said in ("a kite", "a kite!"))
    panel = (0, 150, 320, 200)
    assert ImageChops.difference(one.crop(panel).convert("RGB"), other.crop(panel).convert("RGB")).getbbox()
    assert picture.read(picture.encoded(one)).text == {picture.NOTE: "a kite"}


def test_what_is_transparent_stays_so():
    for kind in ("image/png", "image/webp"):
        image = picture.read(picture.encoded(picture.drawn("a kite", (320, 200), transparent=True), kind))
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP"])
def test_what_is_no_picture_is_said_to_be_none(data):
    with pytest.raises(picture.NotAPicture):
        picture.read(data)


@pytest.mark.parametrize(
    ("wanted", "size"),
    [
        ("1536x1024", (1536, 1024)),
        ("512×512", (512, 512)),
        ("16:9", (1024, 576)),
        ("auto", (1024, 1024)),
        ("0x5", (1024, 1024)),
    ],
)
def test_sizes_are_read_in_every_way(wanted, size):
    assert picture.sized(wanted) == size


def test_a_film_has_pictures_and_sound_of_its_length():
    with av.open(io.BytesIO(film.film("a kite", (321, 181), 2))) as file:
        shown, heard = file.streams.video[0], file.streams.audio[0]
        assert (shown.width, shown.height) == (320, 180) and heard.codec_context.sample_rate == sound.RATE
        assert file.duration / av.time_base == pytest.approx(2, abs=0.2)
        first, *_, last = [frame.to_image() for frame in file.decode(shown)]
    assert ImageChops.difference(first, last).getbbox()
    assert Image.open(io.BytesIO(film.poster("a kite", (320, 180)))).size == (320, 180)


def test_songs_differ_by_their_words_and_end_in_silence():
    one, again, other = songs.song("rain", 2), songs.song("rain", 2), songs.song("sun", 2)
    assert len(one) == 2 * sound.RATE and abs(int(one[-1])) < 50
    assert (one == again).all() and (one != other).any()


def test_a_sound_comes_back_from_each_format():
    tone = songs.tone(1.0)
    for format in sound.TYPES.keys() - {"pcm"}:
        back = sound.decoded(sound.encoded(tone, format, "A tone"))
        assert sound.seconds(back) == pytest.approx(1, abs=0.15) and abs(back).max() > 2000
    for data in (b"", b"ID3", b"RIFF"):
        with pytest.raises(sound.NotASound):
            sound.decoded(data)


def test_voices_and_speeds_differ():
    said = "Hello there"
    slow, usual = (speech.say(said, speed=pace, really=False) for pace in (0.5, 1.0))
    assert len(slow) == pytest.approx(2 * len(usual), rel=0.01)
    if speech.can_speak():
        low, high = (speech.say(said, voice) for voice in ("verse", "shimmer"))
        assert len(low) > len(high)


@pytest.mark.skipif(not (speech.can_speak() and speech.can_hear()), reason="the extra `speech` is not installed")
def test_what_is_said_is_understood():
    heard = speech.hear(sound.encoded(speech.say("Hello there, how are you today?", "verse"), "mp3"))
    assert heard.text == "hello there how are you today"
    assert all(one.end <= other.start + 0.02 for one, other in zip(heard.words, heard.words[1:], strict=False))


def test_without_anybody_who_understands_it_says_so():
    heard = speech.hear(sound.encoded(songs.tone(2.0), "wav"), really=False)
    assert "2.0 seconds" in heard.text and heard.words[-1].end == pytest.approx(2, abs=0.01)


def test_vectors_are_of_unit_length_and_likeness_is_likeness():
    for text in ("a red kite", "风筝在天上", "!!!", ""):
        assert sum(height**2 for height in vectors.of_text(text, 64)) == pytest.approx(1)
    near = vectors.similarity(vectors.of_text("风筝在天上飞"), vectors.of_text("天上的风筝"))
    assert near > vectors.similarity(vectors.of_text("风筝在天上飞"), vectors.of_text("今天吃什么")) + 0.2
