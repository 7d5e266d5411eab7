"""The loop against the sandbox, which checks what it is handed back as its vendors do."""

import uuid

import pytest

from apps.runs.models import Tool
from apps.upstreams.models import Model
from apps.usage.models import Call
from apps.wire.formats import FORMATS
from apps.wire.messages import Reasoning, Text, ToolCall, ToolResult
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

every_format = pytest.mark.parametrize("format", FORMATS)
SCHEMA = '{"type": "object", "properties": {"city": {"type": "string"}, "unit": {"type": "string"}}}'


@pytest.fixture
def ask(serving, client_of, member, sandbox_upstream):
    """Sends a prompt to a model of the sandbox, which goes at full speed; `.client` is the member's."""
    Model.objects.filter(upstream=sandbox_upstream).update(own_formats=list(FORMATS))
    client = client_of(member)

    def send(name, format, tools, conversation=""):
        paced, _ = Model.objects.get_or_create(
            upstream=sandbox_upstream, name=f"{name}@0", defaults={"own_formats": list(FORMATS)}
        )
        told = {"text": "How is it?", "turn": str(uuid.uuid4()), "model": str(paced.id), "format": format}
        told |= {"tool": tools, "tool_rounds": "8", "conversation": conversation}
        response = client.post("/send/", told)
        assert response.status_code == 200, response.content.decode()

    send.client = client
    return send


@every_format
def test_two_calls_at_once_answered_by_hand(format, ask, ended, parts_of, member):
    tool = Tool.objects.create(owner=member, name="get_weather", schema=SCHEMA)
    ask("sandbox-tools", format, [str(tool.id)])
    run = ended()
    assert run.status == "completed", run.error
    turn = {"turn": str(uuid.uuid4()), "result.1": "Rain", "result.2": "Storm"}
    assert ask.client.post(f"/m/{run.message_id}/results/", turn).status_code == 200
    run = ended(2)
    assert run.status == "completed", run.error
    parts = parts_of(run)
    assert [type(part) for part in parts] == [Text, ToolCall, ToolCall, ToolResult, ToolResult, Text]
    assert "Rain" in parts[-1].text and "Storm" in parts[-1].text


@every_format
def test_two_rounds_with_signed_thoughts_that_are_handed_back(format, ask, ended, parts_of):
    ask("sandbox-signed-tools", format, ["current_time"])
    run = ended()
    assert run.status == "completed", run.error
    parts = parts_of(run)
    assert [type(part) for part in parts if isinstance(part, ToolResult)] == [ToolResult] * 2
    assert any(isinstance(part, Reasoning) for part in parts)
    assert isinstance(parts[-1], Text)
    wait_until(lambda: Call.objects.filter(kind="chat", outcome="completed").count() == 3, "three calls are settled")


@every_format
def test_a_loop_of_one_format_is_history_in_every_other(format, ask, ended, parts_of):
    other = next(name for name in FORMATS if name != format)
    ask("sandbox-signed-tools", other, ["current_time"])
    first = ended()
    ask("sandbox-signed-tools", format, ["current_time"], conversation=str(first.conversation_id))
    run = ended(2)
    assert run.status == "completed", run.error
    assert run.format == format
