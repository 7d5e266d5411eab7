"""Every format of the sandbox, through our own client: the same scenarios, each in the format's own way."""

import base64
import json

import jsonschema
import pytest
from msgspec.structs import replace

from apps.sandbox.app import create_application
from apps.sandbox.doors import served
from apps.sandbox.library import drafts, picture, text, tone
from apps.wire.formats import get
from apps.wire.messages import (
    Audio,
    Citation,
    File,
    HostedTool,
    Image,
    Message,
    Reasoning,
    ResponseSchema,
    Text,
    Tool,
    ToolCall,
    ToolResult,
)

from .asking import KEY, answered, ask, prompt

FORMATS = [door.name for door in served()]
every_format = pytest.mark.parametrize("format", FORMATS)
streamed_or_not = pytest.mark.parametrize("stream", [True, False])
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "people": {"type": "integer", "minimum": 10}},
    "required": ["city", "people"],
    "additionalProperties": False,
}


@pytest.fixture
def application():
    return create_application(KEY)


def of(kind: type, reply) -> list:
    return [part for part in reply.parts if isinstance(part, kind)]


@every_format
@streamed_or_not
async def test_a_text_arrives_as_it_was_written(application, format, stream):
    reply = await ask(application, format, prompt("sandbox-markdown@0", stream=stream))
    assert reply.parts == [Text(text("markdown"))]
    assert (reply.answer.finished.reason, reply.answer.finished.truncated) == ("stop", False)
    assert reply.answer.usage.output_tokens > 100 and reply.answer.unrecognized == []


@every_format
@streamed_or_not
async def test_thoughts_come_before_the_answer(application, format, stream):
    reply = await ask(application, format, prompt("sandbox-reasoning@0", stream=stream))
    assert [part.text for part in reply.parts] == [text("reasoning_thoughts"), text("reasoning_answer")]
    assert isinstance(reply.parts[0], Reasoning) and reply.answer.usage.reasoning_tokens > 0


@every_format
@streamed_or_not
@pytest.mark.parametrize("model", ["sandbox-signed@0", "claude-sonnet-4-5@0"])
async def test_signed_thoughts_are_taken_back_as_they_came(application, format, stream, model):
    asked = prompt(model, stream=stream)
    reply = await ask(application, format, asked)
    again = replace(asked, messages=answered(asked.messages, reply, Message("user", (Text("And now?"),))))
    assert (await ask(application, format, again)).text == text("reasoning_answer")


def spoilt(value):
    """The same opaque data with the end of every long text changed."""
    if isinstance(value, dict):
        return {name: spoilt(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [spoilt(inner) for inner in value]
    return f"{value[:-2]}A=" if isinstance(value, str) and len(value) > 40 else value


@every_format
async def test_thoughts_that_were_altered_are_refused_and_the_rest_is_taken(application, format):
    asked = prompt("sandbox-signed@0")
    reply = await ask(application, format, asked)
    parts = tuple(replace(part, opaque=spoilt(part.opaque)) if part.opaque else part for part in reply.parts)
    messages = (*asked.messages, Message("assistant", parts), Message("user", (Text("And now?"),)))
    asked = replace(asked, messages=messages)
    refused = await ask(application, format, asked)
    assert refused.status == 400
    amended = get(format).amend(asked, refused.refused)
    assert (await ask(application, format, amended)).text == text("reasoning_answer")


@every_format
@streamed_or_not
async def test_a_tool_is_called_in_two_rounds_and_then_answered_with(application, format, stream):
    tool = Tool("population", "How many live there", CITY)
    asked = prompt("sandbox-tool-loop@0", tools=(tool,), stream=stream)
    for number in (1, 2):
        reply = await ask(application, format, asked)
        assert reply.answer.finished.reason == "tool_calls"
        [call] = of(ToolCall, reply)
        jsonschema.validate(json.loads(call.arguments), CITY)
        result = ToolResult(call.id, f"result {number}", name=call.name)
        asked = replace(asked, messages=answered(asked.messages, reply, Message("tool", (result,))))
    reply = await ask(application, format, asked)
    assert "result 1" in reply.text and "result 2" in reply.text


@every_format
@streamed_or_not
async def test_two_tools_are_called_at_once(application, format, stream):
    asked = prompt("sandbox-tools@0", stream=stream)
    reply = await ask(application, format, asked)
    calls = of(ToolCall, reply)
    assert [json.loads(call.arguments)["city"] for call in calls] == ["Oslo", "Bergen"]
    results = Message("tool", tuple(ToolResult(call.id, f"7 °C in {call.id}", name=call.name) for call in calls))
    reply = await ask(application, format, replace(asked, messages=answered(asked.messages, reply, results)))
    assert "7 °C in call_oslo" in reply.text and "7 °C in call_bergen" in reply.text


@every_format
async def test_the_thoughts_of_a_tool_loop_must_come_back_with_each_round(application, format):
    asked = prompt("sandbox-signed-tools@0", tools=(Tool("population", schema=CITY),))
    for _ in range(2):
        reply = await ask(application, format, asked)
        [call] = of(ToolCall, reply)
        results = Message("tool", (ToolResult(call.id, "5", name=call.name),))
        bare = [replace(part, opaque=None) for part in reply.parts if not isinstance(part, Reasoning)]
        without = replace(asked, messages=(*asked.messages, Message("assistant", tuple(bare)), results))
        assert (await ask(application, format, without)).status == 400
        asked = replace(asked, messages=answered(asked.messages, reply, results))
    assert "5" in (await ask(application, format, asked)).text


@every_format
async def test_a_tool_is_called_by_the_choice_that_was_made(application, format):
    tools = Tool("first", schema={"type": "object"}), Tool("second", schema={"type": "object"})
    reply = await ask(application, format, prompt("sandbox-tool@0", tools=tools, tool_choice="second"))
    assert [call.name for call in of(ToolCall, reply)] == ["second"]
    none = await ask(application, format, prompt("sandbox-tool@0", tools=tools, tool_choice="none"))
    assert none.text == "I answer without any tool."


@every_format
@streamed_or_not
async def test_an_answer_follows_the_schema_that_was_asked_for(application, format, stream):
    asked = prompt("sandbox-echo@0", response_schema=ResponseSchema("city", CITY), stream=stream)
    reply = await ask(application, format, asked)
    jsonschema.validate(json.loads(reply.text), CITY)


@every_format
@streamed_or_not
async def test_a_search_is_told_with_its_sources(application, format, stream):
    reply = await ask(application, format, prompt("sandbox-search@0", "How hot?", web_search=True, stream=stream))
    assert [source.title for source in of(Citation, reply)] == ["Boiling point of water", "Cooking on Everest"]
    if format != "openai_chat":  # it has no word for a search
        [tool] = of(HostedTool, reply)
        assert (tool.name, tool.status) == ("web_search", "completed") and "How hot?" in tool.arguments


@every_format
async def test_what_came_along_is_told_by_its_bytes(application, format):
    pdf = base64.b64encode(b"%PDF-1.4\n1 0 obj <</Type /Pages>> 2 0 obj <</Type /Page>> \0").decode()
    video = base64.b64encode(b"\0\0\0\x18ftypmp42" + bytes(20)).decode()
    carried = {
        "image": (Image("image/png", picture()), "image/png, 483 bytes, 160 × 100 pixels"),
        "pdf": (File("a.pdf", "application/pdf", pdf), "60 bytes, 1 pages"),
        "audio": (Audio("audio/wav", tone()), "audio/wav, 28844 bytes, 0.6 seconds"),
        "video": (File("a.mp4", "video/mp4", video), "video/mp4, 32 bytes"),
        "text_file": (File("a.txt", "text/plain", base64.b64encode(b"Dear all").decode()), "beginning: Dear all"),
    }
    taken = [carried[kind] for kind in carried if kind in get(format).takes]
    reply = await ask(application, format, prompt("sandbox-attachments@0", "Look", *(part for part, _ in taken)))
    for _, line in taken:
        assert line.split(", ")[-1] in reply.text
    assert "declared as" not in reply.text
    assert len(reply.text.splitlines()) == 2 + len(taken)


@every_format
@streamed_or_not
async def test_an_image_is_a_real_png_and_the_last_of_its_drafts(application, format, stream):
    reply = await ask(application, format, prompt("sandbox-images@0", stream=stream))
    assert of(Image, reply) == [Image("image/png", picture())]
    shown = format == "openai_responses" and stream
    assert [draft.encode() in reply.body for draft in drafts()] == [shown, shown]


@every_format
@streamed_or_not
async def test_a_sound_is_a_tone_with_what_it_says(application, format, stream):
    reply = await ask(application, format, prompt("sandbox-audio@0", stream=stream))
    said = "".join(part.transcript if isinstance(part, Audio) else part.text for part in reply.parts)
    assert said == "This is how an A sounds."
    assert [(sound.media_type, sound.data) for sound in of(Audio, reply)] == (
        [] if format == "anthropic_messages" else [("audio/wav", tone())]
    )


@every_format
@streamed_or_not
async def test_an_answer_ends_at_a_stop_sequence_and_at_its_limit(application, format, stream):
    names = {parameter.means or parameter.name: parameter.name for parameter in get(format).PARAMETERS}
    if "stop" in names:
        asked = prompt("sandbox-count-30-0", parameters={names["stop"]: ["11"]}, stream=stream)
        reply = await ask(application, format, asked)
        assert (reply.text.split()[-1], reply.answer.finished.reason) == ("10", "stop")
    asked = prompt("sandbox-count-30-0", parameters={names["max_completion_tokens"]: 5}, stream=stream)
    reply = await ask(application, format, asked)
    assert (reply.text.split()[-1], reply.answer.finished.reason) == ("5", "length")


@every_format
async def test_a_model_that_refuses_streams_answers_what_is_amended(application, format):
    asked = prompt("sandbox-no-stream@0")
    refused = await ask(application, format, asked)
    assert refused.status == 400
    amended = get(format).amend(asked, refused.refused)
    assert (await ask(application, format, amended)).text == "Hello there"


@every_format
async def test_thoughts_of_another_account_are_refused_and_the_rest_is_taken(application, format):
    asked = prompt("sandbox-other-account@0")
    first = await ask(application, format, asked)
    asked = replace(asked, messages=answered(asked.messages, first, Message("user", (Text("Again"),))))
    refused = await ask(application, format, asked)
    assert refused.status == 400
    amended = get(format).amend(asked, refused.refused)
    assert (await ask(application, format, amended)).text == text("reasoning_answer")


@every_format
async def test_a_model_may_be_there_in_one_format_alone(application, format):
    for name in ("sandbox-responses-only", "o3-pro"):
        reply = await ask(application, format, prompt(name))
        assert reply.status == (200 if format == "openai_responses" else 404)


@every_format
async def test_the_model_that_answers_says_who_it_is(application, format):
    reply = await ask(application, format, prompt("sandbox-substitute@0"))
    assert reply.answer.started.model == "sandbox-echo"


@every_format
async def test_what_was_read_from_a_cache_is_counted_as_part_of_the_input(application, format):
    usage = (await ask(application, format, prompt("sandbox-cached@0"))).answer.usage
    assert usage.cached_tokens == 1024 and usage.input_tokens > 1024


@every_format
@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
async def test_a_refusal_is_told_in_a_sentence(application, format, status, stream):
    reply = await ask(application, format, prompt(f"fault-{status}", stream=stream))
    assert reply.status == status == reply.refused.status
    assert reply.refused.message and not reply.refused.message.startswith("The upstream answered")


@every_format
@pytest.mark.parametrize(
    ("model", "reason"), [("fault-length", "length"), ("fault-filter", "content_filter"), ("fault-refusal", None)]
)
async def test_an_answer_may_end_otherwise(application, format, model, reason):
    reply = await ask(application, format, prompt(f"{model}@0"))
    assert reply.answer.failed is None and (reason is None or reply.answer.finished.reason == reason)


@every_format
@pytest.mark.parametrize("model", ["fault-bytes", "fault-crlf", "fault-hiccup", "fault-json", "fault-no-done"])
async def test_what_is_only_odd_is_a_complete_answer(application, format, model):
    reply = await ask(application, format, prompt(f"{model}@0"))
    assert reply.text and not reply.answer.finished.truncated


@every_format
@pytest.mark.parametrize("model", ["fault-cut", "fault-done-only"])
async def test_what_breaks_off_is_known_to_be_cut(application, format, model):
    reply = await ask(application, format, prompt(f"{model}@0"))
    assert reply.text.startswith("This answer begins well") and reply.answer.finished.truncated


@every_format
@pytest.mark.parametrize("model", ["fault-error-in-stream", "fault-bare-error", "fault-malformed"])
async def test_what_fails_in_the_middle_keeps_its_text(application, format, model):
    reply = await ask(application, format, prompt(f"{model}@0"))
    assert reply.text.startswith("This answer") and reply.answer.failed.message
