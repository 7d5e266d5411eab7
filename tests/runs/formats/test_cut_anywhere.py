"""The stored message is the same however the reply's bytes were cut on their way."""

import pytest

from apps.usage import records
from apps.wire.formats import FORMATS
from tests.media import files

from .cutting import Cutting, at_random, bytes_alone
from .talking import Answer, Talk, upstream_at
from .test_journeys import SCHEMA

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "Grüße, **中文** and 👩‍🚀"
TOOLS = {"tool_rounds": "8"}
# Model, what goes along with the prompt, and a file.
SCENARIOS = {
    "text": ("sandbox-echo@0", {}, None),
    "image in": ("sandbox-attachments@0", {}, ("a.png", files.picture("PNG"))),
    "PDF in": ("sandbox-attachments@0", {}, ("a.pdf", files.pdf())),
    "loop of two rounds": ("sandbox-tool-loop@0", {"tool": ["calculator"], **TOOLS}, None),
    "parallel tools": ("sandbox-tools@0", {"tool": ["calculator"], **TOOLS}, None),
    "schema": ("sandbox-echo@0", {"schema": SCHEMA, "schema_strict": "1"}, None),
    "signed thoughts": ("sandbox-signed-tools@0", {"tool": ["calculator"], **TOOLS}, None),
    "search": ("sandbox-search@0", {"web_search": "1"}, None),
    "image out": ("sandbox-images@0", {}, None),
    "cut": ("fault-cut@0", {}, None),
    "error in the stream": ("fault-error-in-stream@0", {}, None),
    "early end": ("fault-length@0", {}, None),
}


@pytest.fixture
def upstream(serving):
    with Cutting().serving() as serving:
        yield serving


def asked(talk: Talk, scenario: str) -> Answer:
    model, more, file = SCENARIOS[scenario]
    assets = [talk.attach(file[1], file[0])] if file else []
    return talk.ask(model, SAID, assets=assets, **more)


def outcome(answer: Answer) -> tuple:
    run = answer.run
    tokens = [(call.outcome, call.input_tokens, call.output_tokens, call.cached_tokens) for call in answer.calls]
    return answer.stored(), run.status, run.finish_reason, run.truncated, run.error, run.violations, tokens


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_stored_message_is_the_same_however_its_bytes_were_cut(talk_with, upstream, scenario, format):
    row = upstream_at(upstream.url, "k")
    expected = outcome(asked(talk_with(row, format), scenario))
    assert expected[0], "there is something to compare"
    for cut in (bytes_alone, at_random(f"{scenario} in {format}")):
        upstream.replay(cut)
        answer = asked(talk_with(row, format), scenario)
        assert outcome(answer) == expected
        sent = sum(len(cut(body)) for _kind, body in upstream.recorded)
        came = sum(len(each.sizes) for call in answer.calls for each in records.of(call.id).exchanges)
        assert came > 0.9 * sent, "the runner read them as they were cut"
