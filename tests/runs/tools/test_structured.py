"""Answers of a given shape: asked for, validated, shown as a tree."""

import json
import re

import pytest

from apps.conversations.models import Conversation
from apps.runs import documents, structured, tree
from apps.wire.exceptions import Undecodable
from apps.wire.formats import FORMATS
from apps.wire.messages import Text, ToolCall, ToolResult

SCHEMA = '{"type": "object", "properties": {"b": {"type": "integer"}, "a": {"type": "string"}}, "required": ["b"]}'
SHAPED = {"schema": SCHEMA, "schema_name": "numbers", "schema_strict": "1"}
CALC = ToolCall(id="call_1", name="calculator", arguments='{"expression": "6*7"}')

database = pytest.mark.django_db(transaction=True)


def page_of(say, run):
    return say.client.get(f"/c/{run.conversation_id}/").content.decode()


@database
@pytest.mark.parametrize("format", [name for name, format in FORMATS.items() if "schema" in format.takes])
def test_the_schema_goes_along_in_every_format_that_has_it_in_the_order_in_which_it_was_written(
    format, scripted_model, say, ended
):
    model = scripted_model(format, [Text('{"b": 1}')])
    say(model, **SHAPED)
    run = ended()
    sent = model.asked[0].response_schema
    assert list(sent.schema["properties"]) == ["b", "a"]
    assert run.response_schema["name"] == "numbers"
    assert run.violations == []
    assert "Follows its schema" in page_of(say, run)


@database
def test_each_violation_is_told_with_its_path_and_the_text_stands_beside(scripted_model, say, ended):
    model = scripted_model("openai_chat", [Text('{"b": "one", "a": 2}')])
    say(model, **SHAPED)
    run = ended()
    assert {path for path, _sentence in run.violations} == {"$.b", "$.a"}
    page = page_of(say, run)
    assert "does not follow its schema" in page
    assert "$.b" in page and "must be of type integer and is of type string" in page
    assert 'class="tree"' in page
    assert re.search(r'document__text">.*?<pre', page, re.DOTALL)


@database
def test_an_answer_that_is_not_json_is_told_as_such_and_shown_as_it_is(scripted_model, say, ended):
    model = scripted_model("openai_chat", [Text("I would rather not.")])
    say(model, **SHAPED)
    run = ended()
    assert run.violations == [["$", "The answer is not JSON."]]
    page = page_of(say, run)
    assert "I would rather not." in page and 'class="tree"' not in page


@database
def test_after_tools_the_last_text_is_the_document(scripted_model, say, ended):
    model = scripted_model("openai_chat", [Text("Let me see."), CALC], [Text('{"b": 42}')])
    say(model, tools=["calculator"], **SHAPED)
    run = ended()
    assert run.violations == []
    assert page_of(say, run).count('class="tree"') == 1


@database
def test_while_a_person_has_to_answer_nothing_is_judged(scripted_model, say, ended, by_hand):
    call = ToolCall(id="c", name="get_weather", arguments='{"city": "Oslo"}')
    model = scripted_model("openai_chat", [Text("Let me see."), call])
    say(model, tools=[str(by_hand.id)], **SHAPED)
    assert ended().violations is None


@database
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"schema": "{"}, "not JSON"),
        ({"schema": '{"type": 1}'}, "no JSON schema"),
        ({"schema": "[]"}, "is a JSON object"),
        ({"schema": SCHEMA, "schema_name": "no name"}, "only letters"),
        ({"tool_rounds": "0"}, "from 1 to 50"),
        ({"tool_rounds": "51"}, "from 1 to 50"),
        ({"tool_rounds": "many"}, "from 1 to 50"),
        ({"tool_rounds": "8", "tool_choice": "no such choice"}, "not known"),
    ],
)
def test_what_is_no_schema_or_no_choice_is_refused_before_anything_is_stored(
    scripted_model, serving, client_of, member, more, words
):
    model = scripted_model("openai_chat", [Text("{}")])
    told = {"text": "hi", "turn": "7b1d7e0e-3f5e-4f59-8a43-0d9f0f6c6f0d", "model": str(model.row.id), **more}
    response = client_of(member).post("/send/", told)
    assert response.status_code == 422 and words in response.content.decode()
    assert not Conversation.objects.exists()


@database
def test_the_conversation_keeps_what_was_chosen_and_a_form_that_does_not_speak_of_it_leaves_it(
    scripted_model, say, ended, by_hand
):
    model = scripted_model("openai_chat", [Text('{"b": 1}')])
    talk = say(model, tools=["calculator", str(by_hand.id)], rounds="3", tool_choice="auto", **SHAPED)
    ended()
    say.client.post(f"/c/{talk.id}/settings/", {"model": str(model.row.id), "system_prompt": "x"})
    talk.refresh_from_db()
    assert set(talk.tools) == {"calculator", str(by_hand.id)}
    assert (talk.tool_rounds, talk.tool_choice) == (3, "auto")
    assert talk.response_schema == {"name": "numbers", "schema": SCHEMA, "strict": True}
    cleared = {"tool_rounds": "8", "tool_choice": "", "schema": "", "schema_strict": "0"}
    say.client.post(f"/c/{talk.id}/settings/", {"model": str(model.row.id), **cleared})
    talk.refresh_from_db()
    assert (talk.tools, talk.tool_choice, talk.response_schema) == ([], "", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [('{"a": 1}', {"a": 1}), ('\n```json\n{"a": 1}\n```\n', {"a": 1}), ("```\n[1]\n```", [1]), ("3", 3)],
)
def test_a_document_is_read_also_between_fences(text, value):
    assert structured.read(text) == value


@pytest.mark.parametrize("text", ["", "no", '{"a": 1', "```json\n{", "[" * 5000, "NaN x"])
def test_what_is_no_document_is_told_apart(text):
    with pytest.raises(Undecodable):
        structured.read(text)


def test_the_document_is_the_text_behind_all_tools():
    assert structured.place_of([Text("a"), CALC, ToolResult(call_id="call_1"), Text("b")]) == 3
    assert structured.place_of([Text("a"), CALC]) is None
    assert structured.place_of([]) is None


def test_a_tree_shows_its_beginning_and_says_that_there_is_more():
    document = {"list": [{"n": n} for n in range(1000)]}
    short, whole = tree.Tree(document), tree.Tree(document, tree.ALL)
    assert (short.is_whole, whole.is_whole) == (False, True)
    assert short.html.count("<li") < 500 and "… more" in short.html
    assert whole.html.count("<li") == 2002


def test_a_tree_is_words_whatever_the_document_holds():
    hostile = {
        "<img src=x onerror=owned()>": "</li><script>owned()</script>",
        "\u202eevil": ["' onclick='x", None, 1.5],
    }
    html = tree.Tree(hostile).html
    assert not re.findall(r"<(?!/?(li|ul|details|summary|span)\b)", html)
    assert "\u202e" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("text", ["[" * 150 + "]" * 150, json.dumps("x" * 100_000), json.dumps([[]] * 50_000)])
def test_a_large_or_deep_document_costs_the_page_little(text):
    html, _is_whole = documents.tree_of(text, tree.FIRST, "en")
    assert 0 < len(html) < 60_000


@database
def test_all_of_a_tree_can_be_asked_for(scripted_model, say, ended):
    model = scripted_model("openai_chat", [Text(json.dumps({"b": 1, "more": list(range(2000))}))])
    say(model, **SHAPED)
    run = ended()
    page = page_of(say, run)
    assert f"/m/{run.message_id}/tree/" in page and ">1999<" not in page
    assert ">1999<" in say.client.get(f"/m/{run.message_id}/tree/").content.decode()
