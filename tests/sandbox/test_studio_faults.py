"""What goes wrong when something is made, by the model's name: each fault is seen as a client sees it."""

import asyncio
import io
import json

import httpx
import pytest
from PIL import Image

from apps.sandbox.makers import picture, sound
from apps.sandbox.studio.files import HUGE
from apps.wire.media.shapes import MediaReply
from apps.wire.messages import HttpRequest
from tests.sandbox.making import Maker

GENERATIONS = "/v1/images/generations"


@pytest.fixture
def maker():
    return Maker()


async def film_of(maker: Maker, model: str) -> tuple[str, MediaReply]:
    begun = await maker.make("video_generations", f"{model}-1s", parameters={"size": "160x96"})
    return begun.remote_id, await maker.poll("video_generations", begun.remote_id, at=maker.clock.now + 1)


@pytest.mark.parametrize(
    ("dialect", "model", "status"),
    [
        ("openai_images", "fault-media-500", "server_error"),
        ("openai_images", "fault-media-429", "rate_limit_exceeded"),
        ("openai_speech", "fault-speech-401", "invalid_api_key"),
        ("openai_images", "fault-image-moderated", "moderation_blocked"),
        ("openai_images", "fault-image-empty", "no_image"),
    ],
)
async def test_a_refusal_is_a_failed_reply(maker, dialect, model, status):
    reply = await maker.make(dialect, model)
    assert reply.state == "failed" and reply.error.message and not reply.made
    assert status in (reply.error.code, "server_error")


async def test_every_other_time_it_goes_well(maker):
    states = [(await maker.make("openai_images", "fault-media-429-once")).state for _ in range(2)]
    assert states == ["failed", "succeeded"]


async def test_a_page_is_no_answer(maker):
    assert (await maker.make("openai_images", "fault-media-page")).state == "failed"
    [made] = (await maker.make("openai_images", "fault-image-html")).made
    assert (await maker.link(made)).headers["content-type"].startswith("text/html")
    [inline] = (await maker.make("openai_images", "fault-image-html", parameters={"response_format": "b64_json"})).made
    assert inline.data.startswith(b"<!doctype html>")


async def test_pictures_that_are_fewer_mislabelled_or_enormous(maker):
    assert len((await maker.make("openai_images", "fault-image-fewer", parameters={"n": 3})).made) == 2
    [made] = (await maker.make("openai_images", "fault-image-type")).made
    told = await maker.link(made)
    assert told.headers["content-type"] == "text/plain" and told.content[:4] == b"\x89PNG"
    [made] = (await maker.make("openai_images", "fault-image-bomb")).made
    bomb = (await maker.link(made)).content
    assert len(bomb) < 1_000_000
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(bomb))


async def test_a_cut_answer_leaves_a_task_behind(maker):
    """Whoever asked cannot know: the film is being made."""
    reply = await maker.make("video_generations", "fault-video-cut-1s")
    assert reply.state == "failed" and not reply.remote_id
    assert len(maker.application.studio.tasks) == 1 and maker.application.stats.by_model == {"fault-video-cut-1s": 1}


async def test_tasks_that_end_badly_or_never(maker):
    begun = await maker.make("video_generations", "fault-video-moderated-10s")
    states = [(await maker.poll("video_generations", begun.remote_id, at)).state for at in (8.9, 9.0)]
    assert states == ["running", "failed"]
    _, stuck = await film_of(maker, "fault-video-stuck")
    _, lost = await film_of(maker, "fault-video-lost")
    assert (stuck.state, lost.state, lost.error.code) == ("running", "failed", "task_not_exist")
    id, first = await film_of(maker, "fault-video-polls")
    second, third = [await maker.poll("video_generations", id) for _ in range(2)]
    assert (first.state, second.state, third.state) == ("failed", "failed", "succeeded")
    refused = await maker.make("openai_images", "sandbox-image-task", parameters={"output_compression": 101})
    assert (await maker.poll("openai_images", refused.remote_id, at=maker.clock.now + 1)).error.message


async def test_links_that_mislead(maker):
    _, expired = await film_of(maker, "fault-video-expired")
    assert [(await maker.link(expired.made[0])).status_code for _ in range(2)] == [403, 200]
    _, private = await film_of(maker, "fault-video-private")
    away = await maker.link(private.made[0])
    assert (away.status_code, httpx.URL(away.headers["location"]).host) == (302, "127.0.0.2")
    _, page = await film_of(maker, "fault-video-page")
    assert (await maker.link(page.made[0])).text.startswith("<!doctype html>")
    _, broken = await film_of(maker, "fault-video-broken")
    data = (await maker.link(broken.made[0])).content
    assert data[4:8] == b"ftyp"
    with pytest.raises(sound.NotASound):
        sound.decoded(data)


async def test_an_address_may_stand_in_the_reason(maker):
    id, reply = await film_of(maker, "fault-video-reason")
    told = (await maker.send(HttpRequest("GET", f"/v1/video/generations/{id}"))).json()["data"]
    assert told["fail_reason"] == reply.made[0].url and "result_url" not in told


async def test_a_link_of_another_host_counts_the_keys_that_it_is_given(maker):
    _, reply = await film_of(maker, "fault-video-elsewhere")
    assert maker.application.stats.keyed_links == 0
    await maker.send(HttpRequest("GET", httpx.URL(reply.made[0].url).path))
    assert maker.application.stats.keyed_links == 1


def test_another_host_is_the_same_machine_by_another_name(sandbox, http):
    headers = {"authorization": f"Bearer {sandbox.key}"}
    asked = {"model": "fault-video-elsewhere-0s", "prompt": "a kite", "size": "160x96"}
    id = http.post(f"{sandbox.url}/v1/video/generations", json=asked, headers=headers).json()["id"]
    reply = http.get(f"{sandbox.url}/v1/video/generations/{id}", headers=headers).json()["data"]
    assert httpx.URL(reply["result_url"]).host == "localhost"


def test_a_film_may_be_announced_as_enormous_or_never_end(sandbox, http):
    headers = {"authorization": f"Bearer {sandbox.key}"}
    for model, length in [("fault-video-huge-0s", str(HUGE)), ("fault-video-endless-0s", None)]:
        id = http.post(f"{sandbox.url}/v1/video/generations", json={"model": model, "prompt": "x"}, headers=headers)
        url = http.get(f"{sandbox.url}/v1/video/generations/{id.json()['id']}", headers=headers).json()["data"]
        with http.stream("GET", url["result_url"]) as reply:
            assert reply.headers.get("content-length") == length
            assert b"ftyp" in next(reply.iter_raw())


async def test_a_slow_film_comes_whole(maker):
    """As many seconds as its name says."""
    _, reply = await film_of(maker, "fault-video-slow")
    assert sound.decoded((await maker.link(reply.made[0])).content).any()


async def test_nobody_answers(maker):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(maker.make("openai_images", "fault-media-silent"), 0.3)


async def test_files_are_found_by_their_names_alone(maker):
    assert (await maker.link("http://sandbox/files/nobody.png")).status_code == 404
    refused = await maker.send(HttpRequest("POST", GENERATIONS, {"content-type": "application/json"}, b"{}"), key="")
    assert refused.status_code == 401
    assert picture.sized("nonsense") == picture.SQUARE


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"model": 5}', b'{"model":"sandbox-image","prompt":""}'])
async def test_what_is_no_request_is_refused_in_words(maker, body):
    for path in (GENERATIONS, "/v1/video/generations", "/v1/audio/speech", "/suno/submit/lyrics", "/v1/rerank"):
        reply = await maker.send(HttpRequest("POST", path, {"content-type": "application/json"}, body))
        assert reply.status_code == 400 and reply.json()


NONSENSE = ("²", -1, 1e99, True, [], {}, [[1]], "x" * 5000, "9" * 30, "\ud800", None)
FIELDS = {
    GENERATIONS: ("sandbox-image-0s", "n size quality background output_format output_compression image aspect_ratio"),
    "/v1/videos": ("sandbox-video-0s", "seconds size metadata input_reference"),
    "/v2/videos/generations": ("sandbox-video-v2-0s", "duration aspect_ratio images videos"),
    "/v1/video/create": ("sandbox-video-create-0s", "duration orientation size images"),
    "/v1/video/generations": ("sandbox-veo-0s", "duration seconds size image images metadata"),
    "/v1/audio/speech": ("sandbox-speech-tone", "voice speed response_format instructions stream_format"),
    "/v1/embeddings": ("sandbox-embed-image", "input dimensions encoding_format embedding_type"),
    "/v1/rerank": ("sandbox-rerank", "query documents top_n return_documents"),
    "/suno/submit/music": ("", "tags title mv continue_at continue_clip_id make_instrumental gpt_description_prompt"),
    "/suno/submit/concat": ("", "clip_id is_infill"),
    "/suno/uploads/audio-url": ("", "url"),
}


@pytest.mark.parametrize(("path", "field"), [(path, name) for path in FIELDS for name in FIELDS[path][1].split()])
async def test_nonsense_in_a_field_is_refused_or_passed_over(maker, path, field):
    """An exception of the application would be raised here."""
    usual = {"model": FIELDS[path][0], "prompt": "a", "input": "a", "voice": "a", "query": "a", "documents": ["a"]}
    for value in NONSENSE:
        body = json.dumps({**usual, "size": "64x64", field: value}).encode()
        reply = await maker.send(HttpRequest("POST", path, {"content-type": "application/json"}, body))
        assert reply.status_code in (200, 400)
