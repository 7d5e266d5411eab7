"""The official SDKs drive the media endpoints, and refuse replies that are not as the format says."""

import base64
import io

import av
import openai
import pytest
from google.genai import errors, types
from PIL import Image, ImageChops, ImageStat

from apps.sandbox.makers import picture, songs, sound, speech


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def seconds_of(data: bytes) -> float:
    with av.open(io.BytesIO(data)) as file:
        return file.duration / av.time_base


def png(said="a dog", size=(96, 64)) -> bytes:
    return picture.encoded(picture.drawn(said, size))


def unlike(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_images_are_drawn_as_asked(official):
    reply = official.images.generate(
        model="gpt-image-1", prompt="a red kite", n=2, size="1536x1024", output_format="webp", output_compression=40
    )
    images = [opened(base64.b64decode(each.b64_json)) for each in reply.data]
    assert [(image.format, image.size) for image in images] == [("WEBP", (1536, 1024))] * 2
    assert (reply.size, reply.output_format) == ("1536x1024", "webp") and reply.usage.total_tokens > 0


def test_an_image_may_lie_at_a_link_that_needs_no_key(official, http, sandbox):
    [made] = official.images.generate(model="dall-e-3", prompt="a red kite").data
    image = opened(http.get(made.url).content)
    assert (image.text[picture.NOTE], made.b64_json) == ("a red kite", None) and made.revised_prompt


def test_an_image_is_shown_on_its_way(official):
    stream = official.images.generate(model="gpt-image-1", prompt="a kite", stream=True, partial_images=2)
    events = list(stream)
    assert [event.type.rpartition(".")[2] for event in events] == ["partial_image", "partial_image", "completed"]
    first, second, last = (opened(base64.b64decode(event.b64_json)).convert("RGB") for event in events)
    assert unlike(first, last) > unlike(second, last) > 0 and events[2].usage.output_tokens > 0


def test_an_edit_shows_what_it_was_made_from(official):
    mask = Image.new("RGBA", (96, 64), "white")
    mask.paste((0, 0, 0, 0), (60, 4, 90, 30))
    file = io.BytesIO()
    mask.save(file, "PNG")
    given, reply = (
        png(),
        official.images.edit(
            model="sandbox-image",
            image=[("a.png", png(), "image/png")],
            mask=("m.png", file.getvalue(), "image/png"),
            prompt="Add a hat",
        ),
    )
    image, before = opened(base64.b64decode(reply.data[0].b64_json)).convert("RGB"), opened(given).convert("RGB")
    assert image.getpixel((10, 5)) == before.getpixel((10, 5)) and image.getpixel((75, 15)) != before.getpixel((75, 15))
    stream = official.images.edit(
        model="gpt-image-1", image=("a.png", given), prompt="hat", stream=True, partial_images=1
    )
    assert [event.type for event in stream] == ["image_edit.partial_image", "image_edit.completed"]


def test_what_the_vendor_refuses_is_refused(official):
    for model, said, more in [
        ("gpt-image-1", "unknown_parameter", {"response_format": "url"}),
        ("dall-e-3", "invalid_value", {"n": 2}),
        ("fault-image-moderated", "moderation_blocked", {}),
    ]:
        with pytest.raises(openai.BadRequestError) as caught:
            official.images.generate(model=model, prompt="a kite", **more)
        assert caught.value.code == said
    with pytest.raises(openai.RateLimitError):
        official.images.generate(model="fault-media-429", prompt="a kite")
    with pytest.raises(openai.InternalServerError, match="No available channel"):
        official.images.generate(model="sandbox-echo", prompt="a kite")


def test_a_video_is_made_watched_and_remixed(official):
    video = official.videos.create(
        model="sandbox-video-0s", prompt="a kite", seconds="4", size="720x1280", input_reference=("a.png", png())
    )
    assert (video.status, video.seconds, video.size) == ("queued", "4", "720x1280")
    done = official.videos.retrieve(video.id)
    assert (done.status, done.progress, done.prompt) == ("completed", 100, "a kite")
    film = official.videos.download_content(video.id).read()
    assert seconds_of(film) == pytest.approx(4, abs=0.3)
    assert opened(official.videos.download_content(video.id, variant="thumbnail").read()).size == (720, 1280)
    remix = official.videos.remix(video.id, prompt="at night")
    assert official.videos.retrieve(remix.id).remixed_from_video_id == video.id
    with pytest.raises(openai.NotFoundError):
        official.videos.retrieve("video_unknown")


def test_a_moderated_video_fails_and_says_why(official):
    video = official.videos.create(model="fault-video-moderated-0s", prompt="a kite")
    failed = official.videos.retrieve(video.id)
    assert (failed.status, failed.error.code) == ("failed", "moderation_blocked")
    with pytest.raises(openai.BadRequestError):
        official.videos.download_content(video.id)


@pytest.mark.parametrize("format", sound.TYPES)
def test_speech_comes_in_each_format(official, format):
    reply = official.audio.speech.create(
        model="sandbox-speech-tone", voice="nova", input="Hello there", response_format=format
    )
    assert reply.response.headers["content-type"] == sound.TYPES[format]
    data = reply.read()
    length = len(data) / 48_000 if format == "pcm" else sound.seconds(sound.decoded(data))
    assert 0.5 < length < 5


def test_speech_comes_in_pieces(official):
    with official.audio.speech.with_streaming_response.create(
        model="sandbox-speech-tone", voice="alloy", input="Hello there, Oslo", stream_format="sse"
    ) as reply:
        lines = [line for line in reply.iter_lines() if line.startswith("data: ")]
    assert len(lines) > 1 and "speech.audio.delta" in lines[0] and "speech.audio.done" in lines[-1]


def test_speech_is_understood(official):
    """The same words come back with the extra `speech`; without it a sentence that says what it is."""
    spoken = official.audio.speech.create(model="tts-1", voice="alloy", input="Hello there, how are you today?").read()
    heard = official.audio.transcriptions.create(
        model="whisper-1",
        file=("a.mp3", spoken),
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
    assert "how are you" in heard.text or "sandbox" in heard.text
    assert heard.words[0].start < heard.words[-1].end <= heard.duration + 0.1 and heard.segments[0].text


def test_transcripts_come_in_each_format(official):
    file = ("a.wav", sound.encoded(songs.tone(1.0), "wav"))
    for format, begins in {"text": "This is", "srt": "1\n00:00:00,000 -->", "vtt": "WEBVTT"}.items():
        reply = official.audio.transcriptions.create(
            model="sandbox-transcribe-fixed", file=file, response_format=format
        )
        assert reply.startswith(begins)
    assert "sandbox" in official.audio.translations.create(model="sandbox-transcribe-fixed", file=file).text


def test_a_transcript_comes_word_by_word(official):
    file = ("a.wav", sound.encoded(speech.say("Hello there, how are you today?"), "wav"))
    whole = official.audio.transcriptions.create(model="gpt-4o-transcribe", file=file)
    events = list(official.audio.transcriptions.create(model="gpt-4o-transcribe", file=file, stream=True))
    assert events[-1].text == whole.text == "".join(event.delta for event in events[:-1]) and len(events) > 5
    for model, data, format in [("gpt-4o-transcribe", file[1], "srt"), ("whisper-1", b"no sound", "json")]:
        with pytest.raises(openai.BadRequestError):
            official.audio.transcriptions.create(model=model, file=("a.wav", data), response_format=format)


@pytest.mark.parametrize("strict", [True, False])
def test_texts_alike_have_vectors_alike(official, strict):
    """The SDK asks for base64 by itself, and then cannot judge the answer before it has read it."""
    official = official.copy(_extra_kwargs={"_strict_response_validation": strict})
    model, encoding = ("sandbox-embed", {"encoding_format": "float"}) if strict else ("sandbox-embed-base64", {})
    texts = ["a red kite in the wind", "two kites in the sky", "double-entry bookkeeping"]
    reply = official.embeddings.create(model=model, input=texts, dimensions=512, **encoding)
    one, other, odd = (each.embedding for each in reply.data)
    cosine = [sum(left * right for left, right in zip(one, vector, strict=True)) for vector in (one, other, odd)]
    assert len(one) == 512 and cosine[0] == pytest.approx(1, abs=1e-4) and cosine[1] > cosine[2] + 0.1
    with pytest.raises(openai.BadRequestError):
        official.embeddings.create(model=model, input=texts, dimensions=4096)


def test_google_draws_and_redraws(google):
    config = types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9")
    )
    reply = google.models.generate_content(model="sandbox-banana", contents="a kite", config=config)
    [image] = [part.inline_data for part in reply.candidates[0].content.parts if part.inline_data]
    assert opened(image.data).size == (1024, 576)
    given = types.Part.from_bytes(data=png(), mime_type="image/png")
    reply = google.models.generate_content(model="sandbox-banana", contents=[given, "Add a hat"], config=config)
    [image] = [part.inline_data for part in reply.candidates[0].content.parts if part.inline_data]
    assert opened(image.data).size == (96, 64)


def test_google_embeds(google):
    config = types.EmbedContentConfig(output_dimensionality=64, task_type="RETRIEVAL_QUERY")
    for contents in ("one", ["one", "two"]):
        reply = google.models.embed_content(model="sandbox-embed-google", contents=contents, config=config)
        assert [len(each.values) for each in reply.embeddings] == [64] * (2 if isinstance(contents, list) else 1)
    with pytest.raises(errors.ClientError):
        google.models.embed_content(
            model="sandbox-embed-google", contents="x", config=types.EmbedContentConfig(output_dimensionality=9000)
        )
