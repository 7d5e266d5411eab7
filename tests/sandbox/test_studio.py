"""Every media dialect through both of its halves: our client asks, the sandbox makes, our reader reads."""

import io

import pytest
from PIL import Image

from apps.sandbox.makers import picture, songs, sound
from apps.sandbox.studio.models import LISTED
from apps.upstreams.capabilities import guess
from apps.wire.media.dialects import DIALECTS, get
from apps.wire.media.shapes import MediaRequest, PartialImage, SoundChunk, Source, TextDelta
from apps.wire.messages import HttpRequest
from tests.sandbox.making import Maker

VIDEOS = {
    "openai_videos": "sandbox-video",
    "video_v2": "sandbox-video-v2",
    "video_create": "sandbox-video-create",
    "video_generations": "sandbox-video-generations",
}
SMALL = {"size": "160x96"}


@pytest.fixture
def maker():
    return Maker()


def png(said="a dog", size=(96, 64)) -> bytes:
    return picture.encoded(picture.drawn(said, size))


def source(role="reference", data=None, **more) -> Source:
    return Source(role, "image/png", "a.png", png() if data is None else data, **more)


async def test_each_model_is_listed_in_the_family_that_it_is_asked_in(maker):
    listed = (await maker.send(HttpRequest("GET", "/v1/models"))).json()["data"]
    families = {entry["id"]: guess(entry["id"], entry["supported_endpoint_types"]) for entry in listed}
    first = next(place for place, entry in enumerate(listed) if entry["id"] in LISTED)
    assert all("chat" in families[entry["id"]] for entry in listed[:first])
    named = {kind for name in LISTED for kind in families[name]}
    assert named - {"chat"} == {dialect.family for dialect in DIALECTS.values()}
    assert families["sandbox-banana"] == families["sandbox-image-chat"] == ["chat", "images"]


@pytest.mark.parametrize(
    ("dialect", "model"),
    [
        ("openai_images", "sandbox-image-0s"),
        ("openai_images", "sandbox-image-url-0s"),
        ("openai_images", "sandbox-image-task"),
        ("gemini_images", "sandbox-banana"),
        ("chat_images", "sandbox-image-chat"),
    ],
)
async def test_images_of_each_dialect_are_pictures(maker, dialect, model):
    reply = await maker.make(dialect, model)
    if reply.state == "queued":
        reply = await maker.poll(dialect, reply.remote_id, at=1)
    [made] = reply.made
    image = Image.open(io.BytesIO(made.data or (await maker.link(made)).content))
    assert (reply.state, image.format, image.text[picture.NOTE]) == ("succeeded", "PNG", "a kite")


async def test_pictures_that_go_along_are_in_the_picture(maker):
    for dialect, model in [("openai_images", "sandbox-image-0s"), ("chat_images", "sandbox-image-chat")]:
        reply = await maker.make(dialect, model, sources=(source(), source(data=png("a cat", (64, 64)))))
        assert picture.read(reply.made[0].data).size == (96, 64)
    broken = await maker.make("openai_images", "sandbox-image-0s", sources=(source(data=b"GIF89a"),))
    assert (broken.state, broken.error.code) == ("failed", "invalid_image_file")


async def test_what_is_made_can_be_used_by_its_link(maker):
    [made] = (await maker.make("openai_images", "sandbox-image-url-0s", parameters=SMALL)).made
    again = await maker.make("openai_images", "sandbox-image-0s", sources=(Source("reference", url=made.url),))
    assert picture.read(again.made[0].data).size == (160, 96)
    elsewhere = Source("reference", url="https://example.org/a.png")
    drawn = await maker.make("openai_images", "sandbox-image-0s", sources=(elsewhere,))
    assert elsewhere.url in picture.read(drawn.made[0].data).text[picture.NOTE]


async def test_a_picture_comes_in_steps_only_where_that_is_known(maker):
    for model, steps in [("sandbox-image-stream", 2), ("sandbox-image-0s", 0)]:
        request = MediaRequest(model, "a kite", {**SMALL, "partial_images": 2}, stream=True)
        events = await maker.events("openai_images", request)
        assert sum(isinstance(event, PartialImage) for event in events) == steps
        assert events[-1].reply.made[0].data


@pytest.mark.parametrize(("dialect", "model"), VIDEOS.items())
async def test_a_video_is_a_task_first_and_then_a_film(maker, dialect, model):
    begun = await maker.make(dialect, f"{model}-10s", sources=(source("first_frame"),))
    states = [await maker.poll(dialect, begun.remote_id, at) for at in (1, 5, 9.9, 10)]
    assert [reply.state for reply in states] == ["queued", "running", "running", "succeeded"]
    assert states[-1].progress == 100 and (states[1].progress or 50) == 50
    [made] = states[-1].made
    request = get(dialect).content(begun.remote_id) if made.path else None
    reply = await maker.send(request) if request else await maker.link(made)
    assert reply.headers["content-type"] == "video/mp4" and reply.content[4:8] == b"ftyp"
    unknown = await maker.poll(dialect, "task_nobody_knows")
    assert unknown.state == "failed" and not unknown.made


async def test_the_frames_that_were_given_are_the_ends_of_the_film(maker):
    import av

    frames = (source("first_frame", Image_of("red")), source("last_frame", Image_of("blue")))
    begun = await maker.make("video_generations", "sandbox-veo-0s", parameters={"size": "320x180"}, sources=frames)
    [made] = (await maker.poll("video_generations", begun.remote_id)).made
    film = [frame.to_image() for frame in av.open(io.BytesIO((await maker.link(made)).content)).decode(video=0)]
    first, last = film[0].getpixel((160, 60)), film[-1].getpixel((160, 60))
    assert first[0] > 200 > 60 > first[2] and last[2] > 200 > 60 > last[0]


def Image_of(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(file, "PNG")
    return file.getvalue()


async def test_a_link_gives_ranges(maker):
    [made] = (await maker.make("openai_images", "sandbox-image-url-0s", parameters=SMALL)).made
    whole = (await maker.link(made)).content
    for wanted, told in [("bytes=0-3", whole[:4]), ("bytes=4-", whole[4:]), ("bytes=-5", whole[-5:])]:
        part = await maker.link(made, range=wanted)
        assert (part.status_code, part.content) == (206, told)
    assert (await maker.link(made, range=f"bytes={len(whole)}-")).status_code == 416


async def test_links_are_those_of_the_address_that_it_is_mounted_at():
    maker = Maker(prefix="/sandbox")
    [made] = (await maker.make("openai_images", "sandbox-image-url-0s", parameters=SMALL)).made
    assert made.url.startswith("http://sandbox/sandbox/files/") and (await maker.link(made)).status_code == 200


@pytest.mark.parametrize(
    ("task", "more"),
    [
        ("", {}),
        ("instrumental", {}),
        ("custom", {"parameters": {"title": "City Lights", "tags": "punk"}}),
        ("custom_instrumental", {"prompt": "", "parameters": {"title": "Night", "tags": "lo-fi"}}),
    ],
)
async def test_a_song_is_two_clips_that_can_be_heard_before_they_are_done(maker, task, more):
    begun = await maker.make("suno", task=task, **{"prompt": "a calm song about rain", **more})
    early, heard, done = [await maker.poll("suno", begun.remote_id, at) for at in (0.1, 1.5, 2)]
    assert [reply.state for reply in (early, heard, done)] == ["running", "running", "succeeded"] or not early.made
    assert len(heard.made) == len(done.made) == 2 and heard.made[0].url != done.made[0].url
    for made in done.made:
        samples = sound.decoded((await maker.link(made)).content)
        assert sound.seconds(samples) == pytest.approx(made.seconds, abs=0.1) and made.title and made.tags
        assert picture.read((await maker.link(made.poster)).content).size == (512, 512)
        assert bool(made.text) == ("instrumental" not in task)


async def test_a_song_goes_on_and_is_put_together(maker):
    """Scenarios 5 and 6: an upload or a clip, gone on from, and the whole of it."""
    [tune] = (await maker.make("openai_images", "sandbox-image-url-0s", parameters=SMALL)).made
    url = tune.url.rpartition("/")[0] + "/tune.wav"
    maker.application.studio.files.put("tune.wav", "audio/wav", lambda: sound.encoded(songs.tone(6), "wav"))
    uploaded = (await maker.make("suno", task="upload", prompt="", parameters={"url": url})).result["clip_id"]
    on = {"of": uploaded, "parameters": {"continue_at": 4.0, "tags": "rock"}}
    begun = await maker.make("suno", task="upload_extend", prompt="[Verse] On", **on)
    clip = (await maker.poll("suno", begun.remote_id, at=3)).made[0]
    whole = await maker.make("suno", task="concat", prompt="", of=clip.id)
    [song] = (await maker.poll("suno", whole.remote_id, at=6)).made
    assert song.seconds == clip.seconds + 4
    assert sound.seconds(sound.decoded((await maker.link(song)).content)) == pytest.approx(song.seconds, abs=0.1)
    beyond = await maker.make("suno", task="extend", of=clip.id, parameters={"continue_at": 900.0})
    unknown = await maker.make("suno", task="concat", prompt="", of="nobody's")
    assert "continue_at" in beyond.error.message and unknown.error.code == "invalid_request"


async def test_lyrics_are_written_and_many_tasks_are_asked_about_at_once(maker):
    from apps.wire.media.music.poll import poll_many, read_many

    one = await maker.make("suno", task="lyrics", prompt="dance")
    other = await maker.make("suno", prompt="fault-music-clip")
    third = await maker.make("suno", prompt="fault-music-moderated sandbox-music-1s")
    maker.clock.now = 9
    found = read_many((await maker.send(poll_many([one.remote_id, other.remote_id, "nobody's"]))).content)
    assert found.keys() == {one.remote_id, other.remote_id} and "dance" in found[one.remote_id].result["lyrics"]
    assert [bool(made.error) for made in found[other.remote_id].made] == [False, True]
    assert (await maker.poll("suno", third.remote_id)).state == "failed"


async def test_speech_is_heard_in_pieces_and_transcripts_are_read_in_words(maker):
    request = MediaRequest("sandbox-speech-tone", "Hello there, Oslo", {"voice": "nova"}, stream=True)
    events = await maker.events("openai_speech", request)
    pieces = [event.data for event in events if isinstance(event, SoundChunk)]
    assert len(pieces) > 1 and sound.decoded(b"".join(pieces)).any()
    spoken = Source("audio", "audio/mpeg", "a.mp3", b"".join(pieces))
    request = MediaRequest("sandbox-transcribe-4o-fixed", sources=(spoken,), stream=True)
    events = await maker.events("openai_transcription", request)
    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert said == events[-1].reply.result["text"]
    wanted = {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]}
    whole = await maker.make("openai_transcription", "sandbox-transcribe-fixed", sources=(spoken,), parameters=wanted)
    assert "sandbox" in whole.result["text"] and whole.result["words"] and whole.result["segments"]


async def test_texts_and_pictures_are_embedded_together(maker):
    kite, cat = png("a red kite"), png("a black cat")
    for model, shape, count in [("sandbox-embed-image", "jina", 3), ("doubao-embedding-vision", "doubao", 1)]:
        sources = (source("image", kite), source("image", cat))
        reply = await maker.make(
            "openai_embeddings", model, texts=("the kite is red",), sources=sources, parameters={"shape": shape}
        )
        assert len(reply.result["vectors"]) == count
        if count == 3:
            text, first, second = reply.result["vectors"]
            assert _cosine(text, first) > _cosine(text, second)
    assert len((await maker.make("gemini_embeddings", "sandbox-embed-google", texts=("one",))).result["vectors"]) == 1


def _cosine(one, other) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


@pytest.mark.parametrize(
    ("dialect", "model"), [("jina_rerank", "sandbox-rerank"), ("cohere_rerank", "sandbox-rerank-cohere")]
)
async def test_documents_are_ranked_by_their_likeness(maker, dialect, model):
    texts = ("Bananas are yellow", "Washington, D.C. is the capital of the United States", "Carson City is a capital")
    reply = await maker.make(dialect, model, "the capital of the United States", texts=texts, parameters={"top_n": 2})
    scores = reply.result["scores"]
    assert [each["index"] for each in scores] == [1, 2] and 1 >= scores[0]["score"] > scores[1]["score"] > 0
    # A gateway hands on Cohere's answer at Jina's address as well.
    elsewhere = await maker.make("jina_rerank", "sandbox-rerank-cohere", "the capital", texts=texts)
    assert len(elsewhere.result["scores"]) == 3
