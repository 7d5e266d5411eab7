"""Suno: the six scenarios as they are asked, and how tasks and clips are judged."""

import pytest

from apps.wire.events import Failed
from apps.wire.exceptions import InvalidRequest
from apps.wire.media import dialects
from apps.wire.media.music.parameters import TASKS
from apps.wire.media.music.poll import parse_poll_many, poll_many, read_many, write_many
from apps.wire.media.music.reply import is_missing
from apps.wire.media.shapes import Made, MediaReply, MediaRequest
from apps.wire.messages import HttpRequest

from . import answering
from .reading import read_poll, recorded, replied

NAME = "suno"
OWN = {"tags": "rock", "title": "Mine"}


def asked(prompt="", parameters=(), task="", of="") -> MediaRequest:
    return MediaRequest("suno_music", prompt, dict(parameters), task=task, of=of)


def body(**told):
    return answering.built(NAME, asked(**told))


def test_the_six_scenarios_are_asked_as_gateways_document_them():
    assert body(prompt="a calm song about rain") == {
        "gpt_description_prompt": "a calm song about rain",
        "make_instrumental": False,
        "prompt": "",
        "mv": "chirp-v4",
    }
    sung = {"prompt": "[Verse]\nHome", **OWN, "mv": "chirp-v4"}
    assert body(prompt="[Verse]\nHome", parameters=OWN, task="custom") == sung | {"make_instrumental": False}
    assert body(parameters=OWN, task="custom_instrumental") == sung | {"prompt": "", "make_instrumental": True}
    assert body(prompt="battle", task="instrumental") == {
        "gpt_description_prompt": "battle",
        "make_instrumental": True,
        "prompt": "",
        "mv": "chirp-v4",
    }
    told = OWN | {"continue_at": 10}
    extended = {"continue_clip_id": "c1", "prompt": "New words", **told, "mv": "chirp-v4"}
    assert body(prompt="New words", parameters=told, task="upload_extend", of="c1") == extended | {
        "task": "upload_extend"
    }
    assert body(prompt="New words", parameters=told | {"task_id": "t"}, task="extend", of="c1") == extended | {
        "task": "extend",
        "task_id": "t",
    }
    assert body(task="concat", of="c2") == {"clip_id": "c2", "is_infill": False}
    assert body(task="lyrics", prompt="dance") == {"prompt": "dance"}
    assert body(task="upload", parameters={"url": "https://e.x/a.mp3"}) == {"url": "https://e.x/a.mp3"}


def test_each_call_has_its_place():
    paths = {
        "": "/suno/submit/music",
        "extend": "/suno/submit/music",
        "lyrics": "/suno/submit/lyrics",
        "concat": "/suno/submit/concat",
        "upload": "/suno/uploads/audio-url",
    }
    for task, path in paths.items():
        request = asked("x", {"url": "https://e.x/a"} if task == "upload" else {}, task, "c1")
        assert dialects.get(NAME).build(request).path == path
    assert dialects.get(NAME).poll("a/b").path == "/suno/fetch/a%2Fb"
    assert dialects.get(NAME).tasks("suno_music") == TASKS


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (asked(""), "prompt"),
        (asked(" ", task="instrumental"), "prompt"),
        (asked("", task="custom"), "prompt"),
        (asked("", task="lyrics"), "prompt"),
        (asked("x", task="extend"), "of"),
        (asked(task="concat"), "of"),
        (asked(task="upload"), "url"),
        (asked(task="upload", parameters={"url": "a.mp3"}), "url"),
        (asked("x" * 3001, task="custom"), "prompt"),
        (asked("x", {"tags": "x" * 201}, "custom"), "tags"),
        (asked("x" * 5001, {"mv": "chirp-auk"}, "custom"), "prompt"),
        (asked("x", task="dance"), "task"),
    ],
)
def test_what_would_be_refused_after_it_was_paid_is_refused_before(request_, field):
    with pytest.raises(InvalidRequest) as refused:
        dialects.get(NAME).build(request_)
    assert refused.value.param == field


def test_longer_lyrics_are_taken_by_the_later_versions():
    assert (
        body(prompt="x" * 5000, parameters={"mv": "chirp-auk", "tags": "x" * 900}, task="custom")["mv"] == "chirp-auk"
    )


def test_a_submit_gives_the_task_that_is_asked_about():
    assert recorded(NAME, "submitted.json") == MediaReply("queued", "task_1")
    assert recorded(NAME, "native.json") == MediaReply("running", "b1")


def test_success_is_what_the_code_says_not_what_http_says():
    refused = recorded(NAME, "refused.json")
    assert (refused.state, refused.error.code, refused.error.message) == ("failed", "invalid_request", "invalid_action")
    assert recorded(NAME, "poll_unknown.json").error.code == "task_not_exist"
    limited = answering.reply(NAME, asked(), {"error": {"message": "No quota", "code": "insufficient_user_quota"}})
    assert limited.error.code == "insufficient_user_quota"


def test_a_gateway_without_a_call_is_told_from_one_that_refused_the_request():
    page = answering.reply(NAME, asked(), b"<html><title>New API</title></html>", "text/html")
    for failed in (recorded(NAME, "refused.json").error, Failed("no such route", status=404), page.error):
        assert is_missing(failed)
    assert not is_missing(Failed("prompt_empty", code="prompt_empty", status=400))
    assert not is_missing(Failed("Too many", code="rate_limited", status=429))


def test_an_upload_is_answered_with_its_clip_or_with_a_task():
    upload = asked(task="upload", parameters={"url": "https://e.x/a"})

    def reply(data):
        return answering.reply(NAME, upload, {"code": "success", "message": "", "data": data})

    for data in ("c1", {"clip_id": "c1"}, {"id": "c1"}):
        assert reply(data) == MediaReply("succeeded", result={"clip_id": "c1"})
    assert reply("task_1") == MediaReply("queued", "task_1")


def test_both_clips_are_told_with_cover_and_lyrics():
    done = recorded(NAME, "poll_done.json")
    assert (done.state, done.remote_id, done.progress) == ("succeeded", "task_1", 100)
    assert [made.seconds for made in done.made] == [120.5, 118]
    assert done.made[0] == Made(
        kind="audio",
        url="https://e.x/c1.mp3",
        id="c1",
        title="Electric Dance",
        text="[Verse]\nDance",
        tags="edm",
        poster="https://e.x/l.png",
        seconds=120.5,
    )


def test_clips_can_be_heard_while_they_are_made_and_are_no_final_ones():
    streaming = recorded(NAME, "poll_streaming.json")
    assert (streaming.state, streaming.progress) == ("running", 30)
    assert [made.url for made in streaming.made] == ["https://e.x/stream?item_id=c1", ""]
    assert recorded(NAME, "poll_done_too_soon.json").state == "running"
    assert recorded(NAME, "poll_queued.json") == MediaReply("queued", "task_1", 0)


def test_each_clip_is_judged_by_itself():
    one, none = recorded(NAME, "poll_one_bad.json"), recorded(NAME, "poll_all_bad.json")
    assert one.state == "succeeded"
    assert [made.error for made in one.made] == ["", "Song description contained artist name"]
    assert (none.state, none.error.message) == ("failed", "Song description contained artist name")


def test_a_failed_task_says_why_under_either_name():
    assert recorded(NAME, "poll_failed.json").error.message.startswith("song description contained artist name")
    camel = recorded(NAME, "poll_camel.json")
    assert (camel.state, camel.remote_id, camel.error.message) == ("failed", "task_1", "timeout")


def test_lyrics_are_a_text_and_a_title():
    assert recorded(NAME, "poll_lyrics.json").result == {"lyrics": "[Verse]\nRain", "title": "Rain"}


def test_some_servers_tell_the_bare_clips_or_a_list_with_the_task():
    bare = recorded(NAME, "poll_clips.json")
    assert (bare.state, [made.id for made in bare.made]) == ("running", ["c1", "c2"])
    listed = b'{"code":"success","data":[{"task_id":"t1","status":"QUEUED","data":null}]}'
    assert replied(read_poll(NAME, listed)) == MediaReply("queued", "t1")


def test_many_tasks_are_asked_about_at_once():
    sent = poll_many(["t1", "t2"])
    assert (sent.path, parse_poll_many(sent)) == ("/suno/fetch", ["t1", "t2"])
    replies = [MediaReply("running", "t2", 40), MediaReply("queued", "t1", 0)]
    assert read_many(write_many(replies).body) == {"t1": replies[1], "t2": replies[0]}
    with pytest.raises(InvalidRequest):
        parse_poll_many(HttpRequest("POST", "/suno/fetch", body=b'{"ids":[1]}'))


def test_a_submit_is_one_song_whatever_comes_of_it():
    units = dialects.get(NAME).units
    assert [units(asked("x", task=task))[0] for task in ("", "concat", "lyrics", "upload")] == [
        "song",
        "song",
        "request",
        "request",
    ]
