"""One conversation in all formats, and one that changes its format at every turn."""

import base64

import pytest

from apps.wire.formats import FORMATS
from apps.wire.messages import HostedTool

from . import scene
from .sameness import answered, essence, sent, sources
from .test_journeys import CARRIED, signatures

pytestmark = pytest.mark.django_db(transaction=True)
every_format = pytest.mark.parametrize("format", FORMATS)
UNSENT = {
    "audio": "{format} takes no audio: that of this conversation is not sent.",
    "video": "{format} takes no video: a.mp4 is not sent.",
}


def prompt(number: int) -> list[tuple]:
    picture = ("user", "Image", base64.b64encode(scene.PICTURE).decode())
    words = ("user", "Text", scene.PROMPTS[number])
    return [picture, words] if number == 1 else [words]


def whole_conversation(turns: int) -> list[tuple]:
    """All that was said in so many turns, as a request must tell it."""
    said = []
    for number, answer in enumerate(scene.ANSWERS[:turns]):
        said += [*prompt(number), *(("assistant", *part) for part in answer if part[0] != "Reasoning")]
    return said


def last_sent(sandbox, format: str) -> list[tuple]:
    return sent(format, sandbox.stats()["last_request"])


@every_format
def test_one_conversation_has_the_same_parts_in_every_format(new_talk, format):
    talk = new_talk(format)
    answers = list(scene.turns(talk))
    assert [essence(answer.parts) for answer in answers] == scene.ANSWERS
    cited = {number: sources(answer.parts) for number, answer in enumerate(answers) if sources(answer.parts)}
    assert cited == scene.CITED
    searched = [answer for answer in answers if answer.of(HostedTool)]
    assert searched == ([] if format == "openai_chat" else [answers[4]])
    assert all(answer.run.left_out == [] for answer in answers)


@every_format
def test_one_conversation_is_told_to_the_model_the_same_in_every_format(new_talk, sandbox, format):
    talk = new_talk(format)
    for _answer in scene.turns(talk):
        pass
    talk.ask("sandbox-echo@0", "And now?", **scene.PLAIN)
    assert last_sent(sandbox, format) == [*whole_conversation(6), ("user", "Text", "And now?")]


@pytest.mark.parametrize("first", range(len(FORMATS)), ids=list(FORMATS))
def test_a_conversation_goes_on_whole_in_another_format_at_every_turn(new_talk, sandbox, first):
    """Each turn in the next format: all that was said in the others is told, and nothing of it is refused."""
    order = [*list(FORMATS)[first:], *list(FORMATS)[:first]] * 2
    talk = new_talk(order[0])
    for number, answer in enumerate(scene.turns(talk)):
        assert (answer.run.status, answer.run.format) == ("completed", order[number]), answer.run.error
        assert [call.retries for call in answer.calls] == [0] * len(answer.calls)
        assert essence(answer.parts) == scene.ANSWERS[number]
        told = [*whole_conversation(number), *prompt(number)]
        assert last_sent(sandbox, order[number])[: len(told)] == told
        assert {kind for kind, _name in answer.run.left_out} <= {"thoughts", "hosted_tool"}
        if number >= 2:
            told = answered(order[number], sandbox.stats()["last_request"])
            assert [(call["city"], result) for call, result in told] == [("Oslo", "Rain"), ("Bergen", "Storm")]
        talk.format = order[number + 1]
    talk.ask("sandbox-echo@0", "And now?", **scene.PLAIN)
    assert last_sent(sandbox, order[6]) == [*whole_conversation(6), ("user", "Text", "And now?")]


@every_format
def test_signed_thoughts_go_back_to_the_format_that_gave_them_and_to_no_other(new_talk, sandbox, format):
    talk = new_talk(format)
    first = talk.ask("sandbox-signed@0", "Think")
    [signature] = {found for part in first.parts for found in signatures(part.opaque)}
    for other in FORMATS:
        talk.format = other
        answer = talk.ask("sandbox-echo@0", "And now?")
        assert answer.run.status == "completed"
        assert (signature in str(sandbox.stats()["last_request"])) is (other == format), other
        told = "cannot read the thoughts that another format signed"
        assert (["thoughts", ""] in answer.run.left_out) is (told in answer.words) is (other != format), other
    talk.format = format
    again = talk.ask("sandbox-signed@0", "And now?")
    assert again.run.status == "completed" and again.calls[0].retries == 0
    assert signature in str(sandbox.stats()["last_request"])


def test_a_file_that_the_next_format_cannot_carry_is_named_under_each_answer(new_talk):
    talk = new_talk("gemini")
    files = [talk.attach(data, name) for name, data, *_told in CARRIED.values()]
    assert talk.ask("sandbox-attachments@0", "Keep these", assets=files).run.left_out == []
    for format in FORMATS:
        talk.format = format
        answer = talk.ask("sandbox-echo@0", "And now?")
        missing = CARRIED.keys() - FORMATS[format].takes
        assert {kind for kind, _name in answer.run.left_out} == missing, format
        for kind in missing:
            assert UNSENT[kind].format(format=FORMATS[format].label) in answer.words


def test_a_parameter_that_the_next_format_has_not_is_named_under_its_answer(new_talk, sandbox):
    talk = new_talk("openai_chat")
    talk.ask("sandbox-echo@0", **{"p.seed": "7", "p.temperature": "0.5", "p.max_completion_tokens": "40"})
    talk.format = "anthropic_messages"
    answer = talk.ask("sandbox-echo@0", "And now?")
    assert answer.run.left_out == [["parameter", "Seed"]]
    assert answer.run.parameters == {"temperature": 0.5, "max_tokens": 40}
    assert sandbox.stats()["last_request"]["max_tokens"] == 40
    assert "Anthropic Messages has no Seed: it was left out." in answer.words


def test_the_upstream_s_memory_is_named_where_the_next_format_has_none(new_talk, sandbox):
    talk = new_talk("openai_responses")
    talk.ask("sandbox-echo@0", "Remember", keep_state="1")
    answer = talk.ask("sandbox-echo@0", "And now?")
    assert answer.run.previous_id and len(sandbox.stats()["last_request"]["input"]) == 1
    talk.format = "gemini"
    answer = talk.ask("sandbox-echo@0", "All of it")
    assert answer.run.left_out == [["state", ""]]
    assert "Gemini keeps nothing at the upstream: the whole conversation is sent." in answer.words
    assert last_sent(sandbox, "gemini")[0] == ("user", "Text", "Remember")
