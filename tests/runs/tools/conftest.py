"""A model that calls tools as a test says, and a person who has picked some."""

import uuid
from contextlib import ExitStack

import pytest

from apps.conversations.models import Conversation, Part
from apps.conversations.parts import load_part
from apps.runs.models import Run, Tool
from apps.upstreams.models import Model, Upstream
from tests.processes import wait_until

from .scripted_model import ScriptedModel

SCHEMA = '{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}'


@pytest.fixture
def scripted_model(db):
    """`scripted_model(format, *answers)`: a running model, with its row as `.row`."""
    with ExitStack() as running:

        def make(format, *answers) -> ScriptedModel:
            model = running.enter_context(ScriptedModel(format, *answers).serving())
            upstream = Upstream.objects.create(name="Scripted", base_url=model.server.url)
            model.row = Model.objects.create(
                upstream=upstream,
                name="scripted",
                capabilities=["chat", "tools"],
                own_formats=[format],
                input_price=1,
                output_price=2,
            )
            return model

        yield make


@pytest.fixture
def by_hand(member):
    """A tool that `member` answers themselves."""
    return Tool.objects.create(owner=member, name="get_weather", description="Weather", schema=SCHEMA, kind="hand")


@pytest.fixture
def say(serving, client_of, member):
    """`say(model, "text", tools=[…])`: sends a prompt as `member`; `.client` is theirs."""
    client = client_of(member)

    def send(model, text="hello", tools=(), rounds="8", **more):
        told = {"text": text, "turn": str(uuid.uuid4()), "model": str(model.row.id), "format": model.format}
        response = client.post("/send/", {**told, "tool": list(tools), "tool_rounds": rounds, **more})
        assert response.status_code == 200, response.content.decode()
        return Conversation.objects.get()

    send.client = client
    return send


@pytest.fixture
def ended():
    """`ended(count=1)`: the newest of so many runs, once all have ended."""

    def wait(count=1) -> Run:
        done = Run.objects.exclude(status=Run.Status.RUNNING)
        wait_until(lambda: done.count() == count, f"{count} runs have ended")
        return done.order_by("-id").first()

    return wait


@pytest.fixture
def parts_of():
    """`parts_of(run)`: the parts of its message, as wire values."""
    return lambda run: [load_part(row) for row in Part.objects.filter(message=run.message_id)]
