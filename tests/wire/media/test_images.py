"""How pictures are asked for, and what clients get wrong: one test a line of the list in shared/wire/images.md."""

import json
from base64 import b64encode

import pytest

from apps.wire import parameters as controls
from apps.wire.exceptions import InvalidRequest, ParameterError
from apps.wire.media.dialects import DIALECTS
from apps.wire.media.multipart import Form, Upload, content_type_of, parse
from apps.wire.media.shapes import HttpReply, Made, MediaReply, MediaRequest, PartialImage, Source
from apps.wire.messages import HttpRequest

from .answering import built, reply, stream
from .reading import ASKED, FIXTURES, read

OPENAI, GEMINI, CHAT = (DIALECTS[name] for name in ("openai_images", "gemini_images", "chat_images"))
PNG, JPEG, WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\x04\x00\x00\x00WEBP"
KITE = Source("image", "image/png", "kite.png", PNG)


def names(dialect, model: str, task: str = "") -> set[str]:
    return {parameter.name for parameter in dialect.parameters(model, task)}


def choices(dialect, model: str, name: str) -> tuple[str, ...]:
    return next(parameter.choices for parameter in dialect.parameters(model, "") if parameter.name == name)


def edit(*sources: Source, **more) -> tuple[HttpRequest, Form]:
    request = OPENAI.build(MediaRequest("gpt-image-1", "Add a hat", sources=sources, **more))
    return request, parse(content_type_of(request.headers), request.body)


@pytest.mark.parametrize(("model", "never"), [("gpt-image-1.5", "response_format"), ("gpt-image-2", "style"),
                                              ("dall-e-3", "n"), ("dall-e-3", "background")])  # fmt: skip
def test_a_model_is_offered_nothing_that_it_refuses(model, never):
    assert never not in names(OPENAI, model)
    with pytest.raises(ParameterError):
        controls.check(OPENAI.parameters(model, ""), {never: 2})


def test_the_type_of_a_picture_is_told_by_its_bytes_whatever_its_format_is_called():
    for data, kind in ((PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")):
        answer = {"data": [{"b64_json": b64encode(data).decode()}], "output_format": "png"}
        assert reply("openai_images", ASKED, answer).made == (Made("image", kind, data),)


def test_the_content_type_of_an_edit_names_the_boundary_that_its_body_has():
    request, form = edit(KITE)
    assert content_type_of(request.headers).startswith("multipart/form-data; boundary=form-")
    assert form.files == (Upload("image", "kite.png", "image/png", PNG),)


def test_the_address_of_a_picture_is_told_as_such_to_be_fetched_by_the_server():
    assert reply("openai_images", ASKED, {"data": [{"url": "https://e.x/a.png"}]}).made == (
        Made("image", url="https://e.x/a.png"),
    )


def test_pictures_are_bytes_and_never_base64_behind_this_door():
    assert reply("openai_images", ASKED, {"data": [{"b64_json": b64encode(JPEG).decode()}]}).made[0].data == JPEG


def test_a_failure_whose_outcome_is_unknown_is_not_called_retryable():
    """The first try may be billed."""
    assert not reply("openai_images", ASKED, stream(), "text/event-stream").error.retryable
    assert not reply("openai_images", ASKED, b"<html><title>504</title></html>").error.retryable


def test_a_revised_prompt_may_be_missing_or_null():
    for more in ({}, {"revised_prompt": None}):
        assert reply("openai_images", ASKED, {"data": [{"url": "https://e.x/a.png"} | more]}).made[0].text == ""


def test_a_generation_is_json_with_the_parameters_as_they_are_called():
    asked = MediaRequest("gpt-image-1", "a red kite", {"n": 1, "size": "1024×1024"}, extra={"user": "u"})
    assert OPENAI.build(asked).path == "/v1/images/generations"
    assert built("openai_images", asked) == {
        "model": "gpt-image-1",
        "prompt": "a red kite",
        "n": 1,
        "size": "1024x1024",
        "user": "u",
    }


def test_a_stream_asks_for_pictures_on_the_way():
    asked = built("openai_images", MediaRequest("gpt-image-1", "p", stream=True))
    assert (asked["stream"], asked["partial_images"]) == (True, 2)
    assert built("openai_images", MediaRequest("m", "p", {"partial_images": 0}, stream=True))["partial_images"] == 0


def test_reference_pictures_go_with_a_generation_as_gateways_have_them():
    far = Source("reference", url="https://e.x/a.png")
    near = Source("reference", "image/png", data=PNG)
    assert built("openai_images", MediaRequest("seedream-4", "p", sources=(far,)))["image"] == far.url
    both = built("openai_images", MediaRequest("seedream-4", "p", sources=(far, near)))["image"]
    assert both == [far.url, f"data:image/png;base64,{b64encode(PNG).decode()}"]


def test_an_edit_is_a_form_of_several_pictures_and_a_mask():
    mask = Source("mask", "image/png", data=PNG)
    request, form = edit(KITE, KITE, mask, parameters={"n": 2, "input_fidelity": "high"}, stream=True)
    assert request.path == "/v1/images/edits"
    assert [(file.field, file.name) for file in form.files] == [
        ("image[]", "kite.png"),
        ("image[]", "kite.png"),
        ("mask", "mask.png"),
    ]
    assert dict(form.fields) == {
        "model": "gpt-image-1",
        "prompt": "Add a hat",
        "stream": "true",
        "partial_images": "2",
        "n": "2",
        "input_fidelity": "high",
    }


@pytest.mark.parametrize("field", ["image", "image[]", "image[0]"])
def test_an_edit_is_read_under_every_name_that_its_pictures_have(field):
    request, _form = edit(KITE)
    named = request.body.replace(b'name="image"', f'name="{field}"'.encode())
    assert OPENAI.parse(HttpRequest("POST", request.path, request.headers, named)).sources == (KITE,)


def test_a_picture_that_lies_elsewhere_is_edited_by_its_address():
    far = Source("image", url="https://e.x/a.png")
    asked = MediaRequest("m", "p", sources=(far,), task="edit")
    assert (OPENAI.build(asked).path, built("openai_images", asked)["image"]) == ("/v1/images/edits", far.url)


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("generations", {"prompt": "p"}, "model"),
        ("generations", {"model": "m", "prompt": " "}, "prompt"),
        ("generations", {"model": "m", "prompt": "p", "image": "no picture!"}, "image"),
        ("edits", {"model": "m", "prompt": "p"}, "image"),
        ("variations", {"model": "m"}, ""),
    ],
)
def test_a_request_that_lacks_something_is_refused_by_the_name_of_it(path, body, param):
    with pytest.raises(InvalidRequest) as refused:
        OPENAI.parse(HttpRequest("POST", f"/v1/images/{path}", {}, json.dumps(body).encode()))
    assert refused.value.param == param


def test_pictures_on_the_way_are_told_one_after_another():
    found = read("openai_images", (FIXTURES / "openai_images" / "stream_of_two.sse").read_bytes())
    assert [(event.index, event.step) for event in found if isinstance(event, PartialImage)] == [(0, 0), (1, 0)]


def test_what_is_done_when_an_error_follows_is_kept():
    done = {"type": "image_generation.completed", "b64_json": b64encode(PNG).decode()}
    found = reply("openai_images", ASKED, stream(done, {"error": {"message": "Too many."}}))
    assert (found.state, found.made) == ("succeeded", (Made("image", "image/png", PNG),))


def test_a_file_for_an_answer_is_the_picture():
    assert reply("openai_images", ASKED, JPEG, "image/jpeg").made == (Made("image", "image/jpeg", JPEG),)


def test_each_line_of_models_has_its_own_controls_and_pictures():
    assert choices(OPENAI, "dall-e-3", "size") == ("1024x1024", "1792x1024", "1024x1792")
    assert choices(OPENAI, "gpt-image-1", "quality") == ("auto", "low", "medium", "high")
    assert "max" in choices(OPENAI, "gpt-image-2", "quality")
    assert next(found.kind for found in OPENAI.parameters("gpt-image-2.5", "") if found.name == "size") == "text"
    assert "moderation" in names(OPENAI, "gpt-image-1") and "moderation" not in names(OPENAI, "gpt-image-1", "edit")
    assert "input_fidelity" in names(OPENAI, "gpt-image-1", "edit")
    assert {"aspect_ratio", "resolution"} <= names(OPENAI, "doubao-seedream-4")
    assert {"style", "background", "watermark"} <= names(OPENAI, "somebody's own")
    assert (OPENAI.tasks("dall-e-3"), OPENAI.tasks("gpt-image-1")) == (("",), ("", "edit"))
    assert OPENAI.inputs("gpt-image-1", "edit").most == {"image": 16, "mask": 1}
    assert OPENAI.inputs("gpt-image-1", "").most == {}
    assert "reference" in OPENAI.inputs("flux-kontext-pro", "").most
    assert OPENAI.streams("gpt-image-1") and not OPENAI.streams("dall-e-3")


def test_every_picture_counts_as_one_unit():
    assert OPENAI.units(MediaRequest("m", "p", {"n": 3})) == ("image", 3.0)
    assert GEMINI.units(MediaRequest("m", "p")) == ("image", 1.0)


def test_a_failure_is_answered_with_its_status():
    failure = reply("openai_images", ASKED, {"error": {"message": "Blocked.", "code": "moderation_blocked"}})
    sent = OPENAI.write(failure, ASKED)
    assert (sent.status, json.loads(sent.body)["error"]["code"]) == (400, "moderation_blocked")


def test_gemini_is_asked_for_pictures_with_those_to_be_redrawn_before_the_text():
    config = {"aspectRatio": "16:9", "imageSize": "2K"}
    asked = MediaRequest("gemini-2.5-flash-image", "Make the sky pink", config, (KITE,))
    assert GEMINI.build(asked).path == "/v1beta/models/gemini-2.5-flash-image:generateContent"
    assert built("gemini_images", asked) == {
        "contents": [
            {
                "role": "user",
                "parts": [
                    {"inlineData": {"mimeType": "image/png", "data": b64encode(PNG).decode()}},
                    {"text": "Make the sky pink"},
                ],
            }
        ],
        "generationConfig": {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": config},
    }


def test_only_the_larger_of_geminis_models_have_a_size_and_only_the_second_the_narrowest_ratios():
    assert "imageSize" not in names(GEMINI, "gemini-2.5-flash-image") | names(GEMINI, "nano-banana")
    assert "imageSize" in names(GEMINI, "gemini-3-pro-image") & names(GEMINI, "nano-banana-pro")
    assert "8:1" in choices(GEMINI, "gemini-3.1-flash-image", "aspectRatio")
    assert "8:1" not in choices(GEMINI, "nano-banana-pro", "aspectRatio")
    assert GEMINI.inputs("nano-banana", "").most == {"reference": 14}


def test_geminis_drafts_are_pictures_on_the_way_and_not_the_answer():
    found = read("gemini_images", (FIXTURES / "gemini_images" / "draft.json").read_bytes())
    assert found[0] == PartialImage(0, Made("image", "image/jpeg", JPEG), 0)
    assert found[-1].reply.made == (Made("image", "image/png", PNG),)


def test_a_refusal_in_words_is_a_good_answer_of_a_chat_and_a_failed_job():
    refused = reply("chat_images", ASKED, {"choices": [{"message": {"content": "No."}, "finish_reason": "stop"}]})
    assert (refused.state, refused.error.message) == ("failed", "The model answered without a picture: No.")
    assert [dialect.write(refused, ASKED).status for dialect in (CHAT, GEMINI)] == [200, 200]
    assert CHAT.write(MediaReply("failed", error=reply("chat_images", ASKED, {}).error), ASKED).status == 400


def test_markdown_that_is_never_closed_is_read_at_once():
    said = "![](data:image/png;base64," * 50_000
    assert reply("chat_images", ASKED, {"choices": [{"message": {"content": said}}]}).state == "failed"


def test_a_task_is_polled_by_its_id_whatever_it_holds():
    asked = OPENAI.poll("img:1/2 é")
    assert (asked.method, asked.path) == ("GET", "/v1/images/tasks/img%3A1%2F2%20%C3%A9")
    assert OPENAI.parse_poll(asked) == "img:1/2 é"
    assert isinstance(OPENAI.write_poll(MediaReply("queued", "t")), HttpReply)
