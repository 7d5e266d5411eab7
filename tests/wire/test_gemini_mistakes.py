"""What clients of Gemini get wrong, one test a line of the list in shared/wire/gemini.md."""

import json

import pytest

from apps.wire.events import Finished
from apps.wire.gemini import build
from apps.wire.messages import (
    Audio,
    File,
    GenerationRequest,
    Image,
    Message,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Usage,
)

from .expected.gemini import HELLO, STOP
from .reading import decode, fold, read

ASK = Message("user", (Text("Hi"),))
CALL = Message("assistant", (ToolCall("c1", "f", '{"a":1}'),))


def streamed(*documents: dict):
    body = b"".join(b"data: " + json.dumps(document).encode() + b"\r\n\r\n" for document in documents)
    return fold(decode(body, format="gemini"))


def contents(*messages: Message) -> list[dict]:
    return json.loads(build(GenerationRequest("m", messages)).body)["contents"]


def test_all_parts_are_read_and_not_only_the_first():
    parts = [{"text": "Hel"}, {"text": "lo"}, {"functionCall": {"id": "c1", "name": "f"}}]
    found = streamed({"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}]})
    assert found.parts == [HELLO, ToolCall("c1", "f", "{}")]


def test_thoughts_are_not_the_answer():
    assert read("thoughts", "gemini").parts == [Reasoning("Let me think."), HELLO]


def test_a_chunk_without_candidates_is_no_error():
    found = streamed({"usageMetadata": {"promptTokenCount": 4}}, {"candidates": [{"finishReason": "STOP"}]})
    assert (found.usage, found.finished, found.unrecognized) == (Usage(4), STOP, [])


def test_an_answer_whose_limit_was_eaten_by_thinking_says_so():
    found = read("max_tokens_without_text", "gemini")
    assert (found.parts, found.finished) == ([], Finished("length", "MAX_TOKENS"))
    assert (found.usage.output_tokens, found.usage.reasoning_tokens) == (9, 9)


@pytest.mark.parametrize(
    ("part", "blob"),
    [
        (Image(media_type="image/png", data="data:image/png;base64,AAAA"), ("image/png", "AAAA")),
        (File(data="data:application/pdf;base64,AAAA"), ("text/plain", "AAAA")),
        (Image(media_type="image/jpg", data="AAAA"), ("image/jpeg", "AAAA")),
        (Image(data="AAAA"), ("image/png", "AAAA")),
        (Audio(media_type="audio/wave", data="AAAA"), ("audio/wav", "AAAA")),
    ],
)
def test_inline_data_is_bare_base64_with_a_type_that_google_knows(part, blob):
    inline = contents(Message("user", (part,)))[0]["parts"][0]["inlineData"]
    assert (inline["mimeType"], inline["data"]) == blob


@pytest.mark.parametrize(
    ("arguments", "args"),
    [('{"a":1}', {"a": 1}), ("", {}), ("[1]", {"value": [1]}), ("not JSON", {"value": "not JSON"})],
)
def test_arguments_of_a_call_are_an_object(arguments, args):
    assert (
        contents(ASK, Message("assistant", (ToolCall("c", "f", arguments),)))[1]["parts"][0]["functionCall"]["args"]
        == args
    )


def test_the_response_of_a_function_is_an_object():
    result = contents(ASK, CALL, Message("tool", (ToolResult("c1", "7C"),)))[2]["parts"][0]["functionResponse"]
    assert result == {"id": "c1", "name": "f", "response": {"result": "7C"}}


def test_two_turns_of_the_model_are_one():
    sent = contents(ASK, Message("assistant", (Text("One."),)), CALL)
    assert [content["role"] for content in sent] == ["user", "model"]
    assert [list(part) for part in sent[1]["parts"]] == [["text"], ["functionCall"]]


def test_a_turn_that_leaves_nothing_to_say_is_left_out():
    sent = contents(ASK, Message("assistant", (Reasoning("Unsigned."),)), Message("user", (Text("Go on."),)))
    assert [content["role"] for content in sent] == ["user", "user"]


def test_a_conversation_that_the_model_begins_is_opened_by_the_user():
    assert [content["role"] for content in contents(CALL, Message("tool", (ToolResult("c1", "7"),)))] == [
        "user",
        "model",
        "user",
    ]


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-2.5-flash", "models/gemini-2.5-flash"),
        ("models/gemini-2.5-flash", "models/gemini-2.5-flash"),
        ("tunedModels/mine", "tunedModels/mine"),
        ("google/gemini:free", "models/google%2Fgemini%3Afree"),
        ("../../v1/files?x#y", "models/..%2F..%2Fv1%2Ffiles%3Fx%23y"),
        ("模型 %2e", "models/%E6%A8%A1%E5%9E%8B%20%252e"),
        ("a\r\nX: y", "models/a%0D%0AX%3A%20y"),
    ],
)
def test_a_models_name_is_safe_in_the_path_and_the_colon_of_the_action_stays(model, path):
    assert build(GenerationRequest(model, (ASK,))).path == f"/v1beta/{path}:streamGenerateContent?alt=sse"


def test_counts_of_chunks_are_not_added_up():
    assert read("usage_on_every_chunk", "gemini").usage == Usage(4, 2)


@pytest.mark.parametrize("name", ["signed_at_the_end", "signed_text_between", "signed_thought", "code_execution"])
def test_a_signature_survives_the_history_on_its_own_part(name):
    sent = contents(ASK, Message("assistant", tuple(read(name, "gemini").parts)))[1]["parts"]
    [signed] = [part for part in sent if "thoughtSignature" in part]
    expected = {
        "signed_at_the_end": {"text": ""},
        "signed_text_between": {"text": "Two. "},
        "signed_thought": {"text": "Let me think.", "thought": True},
        "code_execution": {"executableCode": {"language": "PYTHON", "code": "print(1)"}},
    }
    assert signed == expected[name] | {"thoughtSignature": "c2ln"}


@pytest.mark.parametrize("name", ["blocked_prompt", "stopped_for_safety", "image_refused"])
def test_a_success_of_http_that_was_blocked_is_told_as_blocked(name):
    assert read(name, "gemini").finished.reason == "content_filter"
