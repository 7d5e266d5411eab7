"""A member with comparisons."""

import uuid

import pytest

from apps.runs.models import Comparison, Run
from apps.upstreams.models import Model
from tests.processes import wait_until as until


@pytest.fixture
def model(sandbox_upstream):
    return lambda name: Model.objects.get(upstream=sandbox_upstream, name=name)


@pytest.fixture
def client(client_of, member):
    return client_of(member)


@pytest.fixture
def columns(model):
    """`columns("sandbox-echo", ("sandbox-echo", "gemini"), …)`: the fields of these columns, as the page posts them."""

    def fields(*wanted) -> dict:
        posted: dict = {"column": []}
        for place, each in enumerate(wanted):
            name, format, *more = (each, "openai_chat") if isinstance(each, str) else each
            key = f"k{place}"
            posted["column"].append(key)
            posted[f"{key}.model"], posted[f"{key}.format"] = str(model(name).id), format
            for parameters in more:
                posted |= {f"{key}.p.{name}": value for name, value in parameters.items()}
        return posted

    return fields


@pytest.fixture
def begin(serving, client, columns):
    """Begins a comparison of these columns and gives the response."""

    def post(*wanted, text="hello", turn=None, **more):
        sent = {"text": text, "turn": turn or str(uuid.uuid4()), **columns(*wanted), **more}
        return client.post("/compare/begin/", sent)

    return post


@pytest.fixture
def compared(begin):
    """A comparison of these columns whose answers have ended."""

    def make(*wanted, **more) -> Comparison:
        response = begin(*wanted, **more)
        assert response.status_code == 200, response.content.decode()
        ended()
        return Comparison.objects.latest("pk")

    return make


def ended() -> None:
    until(lambda: Run.objects.exists() and not Run.objects.filter(status="running").exists())


def said(message) -> str:
    return "".join(part.text for part in message.parts.all())


def answers_of(column) -> list[str]:
    return [said(message) for message in column.messages.filter(role="assistant").order_by("pk")]
