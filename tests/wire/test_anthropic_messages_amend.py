"""What is left away when an upstream refuses it, and what is not."""

import json

import pytest

from apps.wire.anthropic_messages import amend, build
from apps.wire.events import Failed
from apps.wire.messages import GenerationRequest, HostedTool, Message, Reasoning, Text, ToolCall, ToolResult

HELLO = Message("user", (Text("Say hi"),))
THOUGHTS = (Reasoning("Hm.", opaque={"signature": "Eq"}), Reasoning(opaque={"redacted": "Em"}))
ANSWER = Message("assistant", (*THOUGHTS, Text("Hi")))
FOREIGN = "messages.1.content.0: Invalid `signature` in `thinking` block"


def refused(message: str, status: int = 400, **fields) -> GenerationRequest | None:
    fields.setdefault("messages", (HELLO, ANSWER, HELLO))
    return amend(GenerationRequest("m", **fields), Failed(message, status=status))


@pytest.mark.parametrize(
    "message",
    [
        FOREIGN,
        "***.***.content.0.thinking.signature: Field required",
        "messages.1.content.1: Invalid data in `redacted_thinking` block",
        "`thinking` blocks in the latest assistant message cannot be modified.",
    ],
)
def test_thoughts_that_are_refused_are_left_away(message):
    amended = refused(message)
    assert [part for turn in amended.messages for part in turn.parts] == [Text("Say hi"), Text("Hi"), Text("Say hi")]


def test_in_a_tool_loop_thinking_is_left_away_with_the_thoughts_it_demands():
    loop = (HELLO, Message("assistant", (*THOUGHTS, ToolCall("a", "f", "{}"))), Message("tool", (ToolResult("a"),)))
    amended = refused(FOREIGN, messages=loop, parameters={"thinking": "enabled", "thinking_budget": 2000, "top_k": 5})
    assert amended.parameters == {"top_k": 5}
    assert refused(FOREIGN, parameters={"thinking": "enabled"}).parameters == {"thinking": "enabled"}
    assert refused(FOREIGN, messages=loop, parameters={"thinking": "adaptive"}).parameters == {"thinking": "adaptive"}


def test_results_of_another_accounts_search_are_left_away():
    opaque = {"server_tool_use": {"type": "server_tool_use"}, "tool_result": {"type": "web_search_tool_result"}}
    tool = HostedTool("s", "web_search", "{}", "completed", opaque)
    amended = refused(
        "Invalid encrypted_content in search_result block", messages=(HELLO, Message("assistant", (tool, Text("Hi"))))
    )
    assert amended.messages[1].parts == (Text("Hi"),)


def test_nothing_is_left_away_where_there_is_nothing_to_leave():
    assert refused(FOREIGN, messages=(HELLO,)) is None
    assert refused("max_tokens: too large") is None
    assert refused("prompt is too long") is None


@pytest.mark.parametrize("status", [401, 403, 404, 413, 429])
def test_refusals_of_another_kind_are_not_amended(status):
    assert refused(FOREIGN, status) is None


def test_thinking_is_adaptive_where_enabled_is_refused_and_the_reverse():
    newer = (
        '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
        '"output_config.effort" to control thinking behavior.'
    )
    given = {"thinking": "enabled", "thinking_budget": 2000, "thinking_display": "summarized"}
    amended = refused(newer, parameters=given)
    assert amended.parameters == {"thinking": "adaptive", "thinking_display": "summarized"}
    assert refused(newer, parameters={"thinking_budget": 2000}).parameters == {"thinking": "adaptive"}
    assert refused(newer, parameters={}) is None
    assert refused("thinking is switched off for this account", parameters=given) is None
    older = "adaptive thinking is not supported on this model"
    amended = refused(older, parameters={"thinking": "adaptive"})
    assert json.loads(build(amended).body)["thinking"] == {"type": "enabled", "budget_tokens": 2048}


def test_thinking_that_cannot_be_switched_off_is_left_to_the_model():
    assert refused("thinking.type.disabled is not supported", parameters={"thinking": "disabled"}).parameters == {}


def test_thinking_is_left_away_where_the_history_lacks_the_thoughts_it_demands():
    message = "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`."
    plain = (HELLO, Message("assistant", (Text("Hi"),)), HELLO)
    assert refused(message, messages=plain, parameters={"thinking": "enabled"}).parameters == {}


def test_a_stream_that_is_refused_is_asked_for_whole():
    assert refused("Streaming is not supported for this model", messages=(HELLO,)).stream is False
    assert refused("Streaming is not supported for this model", messages=(HELLO,), stream=False) is None
    assert refused("The upstream does not support this", messages=(HELLO,)) is None
