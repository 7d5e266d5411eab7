"""A loop of tools whose next round no budget has room for."""

import pytest

from apps.usage.models import Budget, Call, Hold
from apps.wire.messages import Text, ToolCall, ToolResult

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_loop_ends_and_what_it_has_is_kept(scripted_model, say, ended, parts_of, member):
    Budget.objects.create(user=member, measure="calls", limit=1, period="day")
    calculation = ToolCall(id="call_1", name="calculator", arguments='{"expression": "6*7"}')
    model = scripted_model("openai_chat", [Text("First."), calculation], [Text("42.")])
    say(model, tools=["calculator"])
    run = ended()
    assert run.status == "failed"
    assert run.error["title"].startswith("The budget “1 call a day for member” is used up: 1 of 1 call.")
    assert [type(part) for part in parts_of(run)] == [Text, ToolCall, ToolResult]
    assert len(model.asked) == 1
    assert Call.objects.get(run_id=run.id).outcome == "completed" and not Hold.objects.exists()
