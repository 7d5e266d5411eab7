"""`manage.py ask` with tools and with a schema."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.runs.models import Run, Tool
from apps.wire.messages import Text, ToolCall

pytestmark = pytest.mark.django_db(transaction=True)

CALC = ToolCall(id="call_1", name="calculator", arguments='{"expression": "6*7"}')


def ask(*arguments):
    out, err = StringIO(), StringIO()
    call_command("ask", "hello", "--model", "scripted", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_tool_is_called_and_told_beside_the_answer(scripted_model, administrator):
    scripted_model("openai_chat", [CALC], [Text("It is 42.")])
    said, beside = ask("--tool", "calculator", "--tool", "current_time")
    assert said.strip() == "It is 42."
    assert "calls calculator" in beside and "calculator gave: 42" in beside
    assert [tool["name"] for tool in Run.objects.get().tools] == ["current_time", "calculator"]


def test_a_tool_that_is_not_there_is_a_sentence(scripted_model, administrator, user):
    Tool.objects.create(owner=user, name="theirs", schema="{}")
    scripted_model("openai_chat", [Text("hello")])
    for name in ("nothing", "theirs"):
        with pytest.raises(CommandError, match=f"No tool called {name}"):
            ask("--tool", name)


def test_a_call_by_hand_ends_with_a_sentence(scripted_model, administrator):
    Tool.objects.create(owner=administrator, name="get_weather", schema='{"type": "object"}')
    scripted_model("openai_chat", [ToolCall(id="c", name="get_weather", arguments="{}")])
    with pytest.raises(CommandError, match="waits for what you say to its calls: get_weather"):
        ask("--tool", "get_weather")


def test_an_answer_that_breaks_its_schema_is_a_failure_with_each_place(scripted_model, administrator, tmp_path):
    path = tmp_path / "schema.json"
    path.write_text('{"type": "object", "properties": {"n": {"type": "integer"}}}')
    model = scripted_model("openai_chat", [Text('{"n": 1}')], [Text('{"n": "one"}')])
    assert ask("--schema", str(path))[0].strip() == '{"n": 1}'
    assert model.asked[0].response_schema.schema["properties"] == {"n": {"type": "integer"}}
    with pytest.raises(CommandError, match=r"\$\.n: must be of type integer and is of type string"):
        ask("--schema", str(path))


@pytest.mark.parametrize(("text", "words"), [("{", "not JSON"), ('{"type": 1}', "no JSON schema")])
def test_a_file_that_is_no_schema_is_a_sentence(scripted_model, administrator, tmp_path, text, words):
    scripted_model("openai_chat", [Text("{}")])
    path = tmp_path / "schema.json"
    path.write_text(text)
    with pytest.raises(CommandError, match=words):
        ask("--schema", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        ask("--schema", str(tmp_path / "missing.json"))
