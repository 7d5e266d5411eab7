"""The doors at which a file is brought and a film is given up: what they refuse, and what is there afterwards."""

import json
from urllib.parse import urlsplit

import httpx
import pytest

from apps.sandbox.makers import songs, sound
from apps.wire.media import multipart
from apps.wire.media.dialects import get
from apps.wire.media.music import uploads
from apps.wire.media.shapes import Source
from apps.wire.messages import HttpRequest
from tests.sandbox.making import Maker

TUNE = Source("audio", "audio/wav", "mine.wav", sound.encoded(songs.tone(3), "wav"))


@pytest.fixture
def maker():
    return Maker()


async def begun(maker) -> dict:
    return (await maker.send(uploads.begin(TUNE))).json()


async def posted(maker, place: dict, source: Source = TUNE, **fields) -> httpx.Response:
    """As a vendor's store has it: without a key."""
    told = {**place["fields"], **fields}
    content_type, body = multipart.build(told.items(), [multipart.upload("file", source)])
    path = urlsplit(place["url"]).path
    return await maker.send(HttpRequest("POST", path, {"content-type": content_type}, body), key="")


async def brought(maker, source: Source) -> str:
    place = await begun(maker)
    assert (await posted(maker, place, source)).status_code == 204
    assert (await maker.send(uploads.finish(place["id"], source))).status_code == 200
    return place["id"]


async def looked(maker, id: str) -> dict:
    reply = await maker.send(uploads.look(id))
    assert reply.status_code == 200
    return reply.json()


async def test_a_file_is_taken_step_by_step_and_a_song_goes_on_from_its_clip(maker):
    place = await begun(maker)
    id = place["id"]
    assert (await looked(maker, id))["status"] == "queued"
    assert (await maker.send(uploads.finish(id, TUNE))).status_code == 400, "nothing was posted yet"
    assert (await posted(maker, place)).status_code == 204
    assert (await maker.send(uploads.initialise(id))).status_code == 400, "nobody has looked at it yet"
    assert (await maker.send(uploads.finish(id, TUNE))).status_code == 200
    assert [(await looked(maker, id))["status"] for _ in range(2)] == ["processing", "complete"]
    clips = [(await maker.send(uploads.initialise(id))).json()["clip_id"] for _ in range(2)]
    assert clips[0] == clips[1]
    song = await maker.make("suno", task="upload_extend", prompt="La", of=clips[0], parameters={"continue_at": 2.0})
    beyond = await maker.make("suno", task="upload_extend", prompt="La", of=clips[0], parameters={"continue_at": 4.0})
    assert (song.state, beyond.state) == ("queued", "failed")


async def test_a_place_opens_to_its_own_form_alone(maker):
    place, other = await begun(maker), await begun(maker)
    refused = [
        await posted(maker, place, policy=other["fields"]["policy"]),
        await posted(maker, place | {"fields": {}}),
        await posted(maker, place | {"url": place["url"] + "x"}),
        await maker.send(HttpRequest("POST", urlsplit(place["url"]).path, {}, b"no form"), key=""),
    ]
    assert [reply.status_code for reply in refused] == [403] * len(refused)
    assert maker.application.stats.keyed_links == 0
    assert (await maker.send(uploads.finish(place["id"], TUNE))).status_code == 400


async def test_a_file_that_is_no_sound_or_somebody_elses_becomes_no_clip(maker):
    id = await brought(maker, Source("audio", "audio/mpeg", "a.mp3", b"<html>"))
    assert [(await looked(maker, id))["status"] for _ in range(2)] == ["processing", "complete"]
    assert (await maker.send(uploads.initialise(id))).status_code == 400
    id = await brought(maker, Source("audio", "audio/wav", "fault-music-copyright.wav", TUNE.data))
    told = await looked(maker, id)
    assert (told["status"], "existing work" in told["error_message"]) == ("error", True)
    assert (await maker.send(uploads.initialise(id))).status_code == 400


async def test_what_no_step_asks_for_is_refused_with_its_status(maker):
    steps = [uploads.finish("nobody's", TUNE), uploads.look("nobody's"), uploads.initialise("nobody's")]
    for step in steps:
        reply = await maker.send(step)
        assert (reply.status_code, reply.json()["code"]) == (404, "upload_not_exist")
        assert (await maker.send(step, key="another")).status_code == 401
    for body in (b"", b"[]", b"{}", b'{"extension": ""}', json.dumps({"extension": [1]}).encode()):
        reply = await maker.send(HttpRequest("POST", uploads.PATH, {}, body))
        assert (reply.status_code, reply.json()["code"]) == (400, "invalid_request")
    for method, path in (("DELETE", "/a"), ("PUT", ""), ("POST", "/a/b"), ("GET", "/a/upload-finish")):
        assert (await maker.send(HttpRequest(method, uploads.PATH + path))).status_code == 404


@pytest.mark.parametrize("at", [0, 5, 10], ids=["queued", "running", "done"])
async def test_a_film_that_is_given_up_is_not_known_any_more_at_whatever_it_was(maker, at):
    dialect = get("openai_videos")
    begun = await maker.make(dialect.name, "sandbox-video-10s")
    kept = await maker.make(dialect.name, "sandbox-video-10s")
    withdraw = dialect.withdraw(begun.remote_id)
    maker.clock.now = at
    assert (await maker.send(withdraw, key="another")).status_code == 401
    reply = await maker.send(withdraw)
    assert (reply.status_code, reply.json()) == (
        200,
        {"id": begun.remote_id, "object": "video.deleted", "deleted": True},
    )
    for request in (dialect.poll(begun.remote_id), dialect.content(begun.remote_id), withdraw):
        reply = await maker.send(request)
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")
    assert (await maker.poll(dialect.name, kept.remote_id)).state in ("queued", "running", "succeeded")
    assert len(maker.application.studio.tasks) == 1


@pytest.mark.parametrize("path", ["/v1/videos", "/v1/videos/", "/v1/videos/a/b", "/v1/videos/a%2Fb", "/suno/fetch/a"])
async def test_only_films_by_their_own_names_can_be_given_up(maker, path):
    assert (await maker.send(HttpRequest("DELETE", path))).status_code == 404


async def test_a_film_that_nobody_knows_cannot_be_given_up(maker):
    for id in ("nobody's", "\N{SNOWMAN}", "a%b", "a b?c#d"):
        assert (await maker.send(get("openai_videos").withdraw(id))).status_code == 404
    lost = await maker.make("openai_videos", "fault-video-lost")
    assert (await maker.send(get("openai_videos").withdraw(lost.remote_id))).status_code == 404
