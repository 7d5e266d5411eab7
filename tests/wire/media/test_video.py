"""How films are asked for, and what clients get wrong: one test a line of the list in shared/wire/video.md."""

import json
from base64 import b64encode

import pytest

from apps.wire.exceptions import InvalidRequest
from apps.wire.media.dialects import DIALECTS
from apps.wire.media.multipart import Upload, content_type_of, parse
from apps.wire.media.shapes import Made, MediaReply, MediaRequest, Source
from apps.wire.media.states import further, progress_of, state_of
from apps.wire.messages import HttpRequest

from .answering import built, reply
from .reading import ASKED, read_poll, replied

V2, CREATE, GENERATIONS, OPENAI = (
    DIALECTS[name] for name in ("video_v2", "video_create", "video_generations", "openai_videos")
)
ALL = (V2, CREATE, GENERATIONS, OPENAI)
every_dialect = pytest.mark.parametrize("dialect", ALL, ids=lambda dialect: dialect.name)
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"
FIRST = Source("first_frame", "image/png", "first.png", PNG)
LAST = Source("last_frame", "image/jpeg", "last.jpg", JPEG)
FIRST_URI, LAST_URI = (f"data:{found.media_type};base64,{b64encode(found.data).decode()}" for found in (FIRST, LAST))


def names(dialect, model: str, task: str = "") -> set[str]:
    return {parameter.name for parameter in dialect.parameters(model, task)}


def polled(document) -> MediaReply:
    return replied(read_poll("video_generations", json.dumps(document).encode()))


@pytest.mark.parametrize("dialect", [GENERATIONS, OPENAI], ids=lambda dialect: dialect.name)
def test_seconds_are_a_text_as_new_api_refuses_a_number(dialect):
    for seconds in (8, "8"):
        assert built(dialect.name, MediaRequest("sora-2", "p", {"seconds": seconds}))["seconds"] == "8"
    with pytest.raises(InvalidRequest) as refused:
        dialect.parse(HttpRequest("POST", "/v1/videos", {}, b'{"model":"m","prompt":"p","seconds":8}'))
    assert refused.value.param == "seconds"


def test_a_duration_of_sora_is_a_text_and_of_others_a_number():
    assert built("video_v2", MediaRequest("sora-2", "p", {"duration": 10}))["duration"] == "10"
    assert built("video_v2", MediaRequest("kling-v1", "p", {"duration": 10}))["duration"] == 10


def test_pictures_go_along_themselves_as_addresses_of_them_are_passed_over_in_silence():
    asked = MediaRequest("veo-3.1-generate-preview", "p", sources=(FIRST,))
    assert built("video_generations", asked)["image"] == FIRST_URI
    request = OPENAI.build(asked)
    form = parse(content_type_of(request.headers), request.body)
    assert form.files == (Upload("input_reference", "first.png", "image/png", PNG),)


def test_the_size_of_a_first_picture_is_said_where_the_size_is_chosen():
    size = next(found for found in OPENAI.parameters("sora-2", "") if found.name == "size")
    assert "just this size" in size.hint


@every_dialect
def test_an_answer_without_an_id_is_no_task(dialect):
    for body in ({}, {"status": None}, {"message": "accepted"}, {"id": "", "task_id": None}):
        assert reply(dialect.name, ASKED, body).state == "failed"


@every_dialect
def test_a_web_page_is_no_task_and_says_to_check_the_base_url(dialect):
    page = reply(dialect.name, ASKED, b"<!doctype html><title>New API</title>", "text/html")
    assert (page.state, "check its base URL" in page.error.message) == ("failed", True)


def test_the_times_of_an_upstream_are_not_read_as_some_are_in_milliseconds():
    for time in (1770350082, 1770350082000):
        assert polled({"id": "t", "status": "pending", "status_update_time": time}) == MediaReply("queued", "t")


@every_dialect
def test_each_look_at_a_task_is_one_request_with_its_id_escaped(dialect):
    id = "veo3:1756693796/Ab C?é"
    asked = dialect.poll(id)
    assert asked.path.endswith("veo3%3A1756693796%2FAb%20C%3F%C3%A9")
    assert (asked.method, asked.body, dialect.parse_poll(asked)) == ("GET", b"", id)
    assert dialect.content("a:b").path == "/v1/videos/a%3Ab/content"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", ["NOT_START", "SUBMITTED", "QUEUED", "queued", "pending", "image_downloading", ""]),
        ("queued", ["unknown", "a new word"]),
        ("running", ["IN_PROGRESS", "in_progress", "processing", "running", "video_generating", "video_upsampling"]),
        ("running", ["video_generation_completed", "video_upsampling_completed"]),
        ("succeeded", ["SUCCESS", "succeeded", "success", "completed", "complete"]),
        ("failed", ["FAILURE", "FAILED", "failed", "fail", "error", "cancelled", "expired", "video_generation_failed"]),
    ],
)  # fmt: skip
def test_every_word_has_its_state(state, words):
    assert {state_of(word) for word in words} == {state}


@pytest.mark.parametrize(
    ("told", "state", "progress"),
    [
        *((35, "running", 35), ("35%", "running", 35), (" 7.6 % ", "running", 8), (0.35, "running", 35)),
        *((-5, "running", 0), (400, "running", 99), ("100%", "running", 99), (100, "failed", 99)),
        *((None, "running", None), ("half", "running", None), (True, "running", None), ([], "queued", None)),
        *((12, "succeeded", 100), (None, "succeeded", 100), (float("nan"), "running", None), (1, "running", 1)),
    ],
)
def test_progress_is_within_its_bounds_and_only_success_is_all_of_it(told, state, progress):
    assert progress_of(told, state) == progress


def test_a_fraction_is_of_one():
    assert (progress_of(1, "running", fraction=True), progress_of(0.356, "running", fraction=True)) == (99, 36)


def test_progress_never_goes_back():
    assert [further(*pair) for pair in ((None, 5), (30, 20), (30, None), (30, 40))] == [5, 30, 30, 40]


def test_the_first_address_in_the_order_of_places_is_taken():
    places = [
        *(
            {"url": "u"},
            {"video_url": "u"},
            {"result_url": "u"},
            {"data": {"output": "u"}},
            {"data": {"outputs": ["u"]}},
        ),
        *({"data": {"url": "u"}}, {"data": {"video_url": "u"}}, {"output": "u"}, {"metadata": {"url": "u"}}),
        *({"detail": {"video_url": "u"}}, {"data": {"data": {"any": 1, "video_url": "u"}}}, {"fail_reason": "u"}),
    ]
    for position, place in enumerate(places):
        task: dict = {"task_id": "t", "status": "SUCCESS"}
        for later in reversed(places[position + 1 :]):
            task = _merged(task, later, "https://e.x/later.mp4")
        task = _merged(task, place, "https://e.x/first.mp4")
        assert [made.url for made in polled(task).made] == ["https://e.x/first.mp4"], place


def _merged(task, place, url):
    text = json.dumps(place).replace('"u"', json.dumps(url))
    found = json.loads(text)
    return task | {
        name: {**task[name], **value} if isinstance(value, dict) and isinstance(task.get(name), dict) else value
        for name, value in found.items()
    }


def test_an_address_before_the_success_is_none():
    assert polled({"task_id": "t", "status": "IN_PROGRESS", "url": "https://e.x/preview.mp4"}).made == ()


def test_a_reason_of_a_failure_is_no_film():
    failed = polled({"task_id": "t", "status": "FAILURE", "fail_reason": "https://e.x/terms"})
    assert (failed.made, failed.error.message) == ((), "https://e.x/terms")


def test_the_unified_format_takes_pictures_and_films_beside_the_words():
    film = Source("video", url="https://e.x/v.mp4")
    settings = {"aspect_ratio": "16:9", "enhance_prompt": True}
    asked = MediaRequest("veo3.1", "a cat", settings, (LAST, FIRST, film), extra={"notify_hook": "https://e.x"})
    assert V2.build(asked).path == "/v2/videos/generations"
    assert built("video_v2", asked) == {
        "model": "veo3.1",
        "prompt": "a cat",
        **settings,
        "images": [FIRST_URI, LAST_URI],
        "videos": [film.url],
        "notify_hook": "https://e.x",
    }


def test_create_has_its_own_path_and_query():
    asked = MediaRequest("sora-2", "p", {"orientation": "portrait", "size": "large", "duration": 15})
    assert (CREATE.build(asked).path, CREATE.poll("a:b").path) == ("/v1/video/create", "/v1/video/query?id=a%3Ab")
    assert built("video_create", asked) == {"model": "sora-2", "prompt": "p", **asked.parameters}


def test_a_vendors_options_go_in_the_metadata():
    veo = {"durationSeconds": 6, "resolution": "1080p", "generateAudio": False}
    asked = MediaRequest("veo-3.1", "p", veo | {"size": "1280x720"}, extra={"metadata": {"sampleCount": 1}})
    body = {"model": "veo-3.1", "prompt": "p", "size": "1280x720", "metadata": veo | {"sampleCount": 1}}
    for name in ("video_generations", "openai_videos"):
        assert built(name, asked) == body
    request = OPENAI.build(MediaRequest("veo-3.1", "p", veo, (FIRST,)))
    fields = dict(parse(content_type_of(request.headers), request.body).fields)
    assert json.loads(fields["metadata"]) == veo
    text = json.dumps(body | {"metadata": json.dumps(body["metadata"])}).encode()
    assert GENERATIONS.parse(HttpRequest("POST", "/v1/video/generations", {}, text)) == asked


def test_several_frames_are_images_and_one_is_an_image():
    both, one = (MediaRequest("veo3.1", "p", sources=sources) for sources in ((FIRST, LAST), (FIRST,)))
    assert built("video_generations", both)["images"] == [FIRST_URI, LAST_URI]
    assert "images" not in built("video_generations", one)


def test_a_remix_says_what_is_to_change_of_a_film():
    asked = OPENAI.build(MediaRequest("sora-2", "at night", task="remix", of="video:1"))
    assert (asked.path, json.loads(asked.body)) == ("/v1/videos/video%3A1/remix", {"prompt": "at night"})
    told = json.loads(OPENAI.write(MediaReply("queued", "v2"), OPENAI.parse(asked)).body)
    assert (told["id"], told["remixed_from_video_id"]) == ("v2", "video:1")
    assert (OPENAI.tasks("sora-2"), OPENAI.tasks("veo3.1")) == (("", "remix"), ("",))
    assert OPENAI.parameters("sora-2", "remix") == () and OPENAI.inputs("sora-2", "remix").most == {}


@pytest.mark.parametrize("reference", ["https://e.x/a.png", {"image_url": "https://e.x/a.png"}])
def test_a_picture_by_its_address_is_a_text_or_an_object(reference):
    body = json.dumps({"model": "sora-2", "prompt": "p", "input_reference": reference}).encode()
    found = OPENAI.parse(HttpRequest("POST", "/v1/videos", {}, body))
    assert found.sources == (Source("first_frame", url="https://e.x/a.png"),)


@pytest.mark.parametrize(
    ("model", "most", "least"),
    [
        *(("veo2", {}, {}), ("veo3-pro", {}, {}), ("veo-3.0-generate-001", {}, {}), ("veo2-fast", {}, {})),
        ("veo2-fast-frames", {"first_frame": 1, "last_frame": 1}, {"first_frame": 1}),
        ("veo3-pro-frames", {"first_frame": 1}, {"first_frame": 1}),
        ("veo2-fast-components", {"reference": 3}, {"reference": 1}),
        ("veo3.1-components", {"reference": 3}, {"reference": 1}),
        ("veo3.1-fast", {"first_frame": 1, "last_frame": 1}, {}),
        ("veo-3.1-generate-preview", {"first_frame": 1, "last_frame": 1}, {}),
        ("sora-2-pro", {"first_frame": 1}, {}),
        ("somebody's own", {"first_frame": 1, "last_frame": 1}, {}),
    ],
)
def test_a_model_takes_the_pictures_that_are_its_own(model, most, least):
    inputs = V2.inputs(model, "")
    assert (inputs.most, inputs.least) == (most, least)
    assert sum(OPENAI.inputs(model, "").most.values()) <= 1


def test_each_line_of_models_has_its_own_controls():
    assert names(V2, "veo3.1") == {"aspect_ratio", "enhance_prompt", "enable_upsample"}
    assert "hd" in names(V2, "sora-2-pro") and "hd" not in names(V2, "sora-2")
    assert names(CREATE, "sora-2") == {"orientation", "size", "duration", "watermark"}
    assert {"durationSeconds", "generateAudio", "negativePrompt"} <= names(GENERATIONS, "veo-3.1")
    assert {"mode", "negative_prompt", "duration"} <= names(GENERATIONS, "kling-v1")
    assert names(OPENAI, "sora-2") == {"seconds", "size"}
    assert {"seconds", "size", "aspectRatio"} <= names(OPENAI, "somebody's own")


@pytest.mark.parametrize(
    ("model", "settings", "seconds"),
    [("sora-2", {"seconds": "12"}, 12), ("kling-v1", {"duration": 10}, 10), ("veo3.1", {"durationSeconds": 6}, 6),
     ("sora-2", {}, 4), ("veo3.1", {}, 8), ("m", {"duration": "long"}, 5)],
)  # fmt: skip
def test_the_seconds_that_are_asked_for_are_what_is_billed(model, settings, seconds):
    assert all(dialect.units(MediaRequest(model, "p", settings)) == ("second", seconds) for dialect in ALL)


@every_dialect
def test_a_refusal_is_answered_with_its_status_and_read_again(dialect):
    error = reply("video_v2", ASKED, {"code": "invalid_request", "message": "prompt is required", "data": None}).error
    sent = dialect.write(MediaReply("failed", error=error), ASKED)
    assert (sent.status, reply(dialect.name, ASKED, sent.body).error) == (400, error)


@pytest.mark.parametrize("body", [{"prompt": "p"}, {"model": "m"}, {"model": "m", "prompt": "p", "images": [1]}])
def test_a_request_that_lacks_something_is_refused(body):
    for dialect in (V2, CREATE, GENERATIONS):
        with pytest.raises(InvalidRequest):
            dialect.parse(HttpRequest("POST", "/x", {}, json.dumps(body).encode()))


def test_a_film_within_the_answer_is_its_bytes():
    data = b"\x00\x00\x00 ftypisom"
    uri = f"data:video/mp4;base64,{b64encode(data).decode()}"
    assert polled({"task_id": "t", "status": "succeeded", "url": uri}).made == (Made("video", "video/mp4", data),)
