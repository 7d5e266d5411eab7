"""The requests of a run, however many calls and attempts there were."""

import uuid

import pytest

from apps.conversations import edit
from apps.runs.inspector.requests import calls_of, chosen, requests_of
from apps.runs.models import Run
from apps.upstreams.models import Model, Upstream
from apps.usage import meter
from apps.wire.messages import GenerationRequest, Usage

pytestmark = pytest.mark.django_db

FIRST, LEANER = b'{"reasoning": 1}', b"{}"


@pytest.fixture
def run(user) -> Run:
    model = Model.objects.create(upstream=Upstream.objects.create(name="U", base_url="http://127.0.0.1:9"), name="m")
    talk = edit.create(owner=user, model=model, format="openai_chat", first_text="Hello")
    answer = edit.add_message(conversation=talk, parent=None, role="assistant")
    names = {"model_name": "m", "upstream_name": "U", "format": "openai_chat", "turn_id": uuid.uuid4()}
    return Run.objects.create(user=user, conversation=talk, message=answer, model=model, status="completed", **names)


def call(run: Run, *sent: tuple[str, bytes]) -> None:
    opened = meter.open_call(user=run.user, model=run.model, format="openai_chat", run_id=run.id)
    measured = meter.Measured()
    tape = measured.take.begin("", GenerationRequest(model="m"))
    for method, body in sent:
        tape.send(method, "http://127.0.0.1:9/v1/chat/completions", {}, body)
        tape.answer(200, {})
    meter.settle(opened, outcome="completed", measured=measured, usage=Usage(), estimated=True)


def test_retries_changed_requests_and_rounds_are_told_apart(run):
    call(run, ("POST", FIRST), ("POST", FIRST), ("POST", LEANER))
    call(run, ("POST", LEANER), ("GET", b""))
    requests = requests_of(calls_of(run))
    assert [seen.label for seen in requests] == [
        "Request 1",
        "Request 2, retry",
        "Request 3, changed",
        "Request 4, round 2",
        "Request 5, asked again",
    ]
    assert [(seen.call_number, seen.place) for seen in requests] == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]


def test_the_last_request_is_shown_unless_another_is_asked_for(run):
    call(run, ("POST", FIRST), ("POST", FIRST))
    requests = requests_of(calls_of(run))
    assert chosen(requests, 1).number == 1
    assert chosen(requests, 0).number == chosen(requests, 9).number == 2
    assert chosen([], 1) is None


def test_a_call_that_is_not_over_has_nothing_to_show_yet(run):
    meter.open_call(user=run.user, model=run.model, format="openai_chat", run_id=run.id)
    assert requests_of(calls_of(run)) == []
