"""`manage.py ask` in another format, with extra JSON, with a search."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.runs.models import Run
from apps.upstreams.models import Model, Upstream
from apps.wire.formats import FORMATS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ready(administrator, sandbox_upstream):
    Upstream.objects.update(kind=Upstream.Kind.SANDBOX)


def ask(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("ask", "to be or not", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_answers(format):
    out, _err = ask("--model", "sandbox-echo", "--format", format)
    assert "to be or not" in out
    assert Run.objects.get().format == format


def test_the_model_s_own_format_is_used_unless_another_is_named():
    Model.objects.filter(name="sandbox-echo").update(own_format="anthropic_messages")
    ask("--model", "sandbox-echo")
    assert Run.objects.get().format == "anthropic_messages"


def test_extra_json_goes_into_the_request(sandbox):
    ask("--model", "sandbox-echo", "--extra", '{"user": "somebody"}')
    assert sandbox.stats()["last_request"]["user"] == "somebody"
    assert Run.objects.get().extra == {"user": "somebody"}


def test_a_search_is_asked_for_and_its_state_is_among_the_events():
    out, _err = ask("--model", "sandbox-search", "--format", "openai_responses", "--web-search", "--json")
    parts = [json.loads(line).get("part", {}) for line in out.splitlines()]
    assert {"hosted_tool", "citation"} <= {part.get("kind") for part in parts if part}


def test_what_cannot_be_sent_is_said_beside_the_answer():
    Upstream.objects.update(kind=Upstream.Kind.GATEWAY)
    out, err = ask("--model", "sandbox-echo", "--web-search")
    assert "to be or not" in out and "does not search the web" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--extra", "[1]"), "must be a JSON object"),
        (("--extra", "{"), "must be JSON"),
        (("--format", "telepathy"), "is not known"),
        (("--format", "gemini"), "is not offered in gemini"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(arguments, told):
    Model.objects.filter(name="sandbox-echo").update(own_formats=["openai_chat"])
    with pytest.raises(CommandError, match=told):
        ask("--model", "sandbox-echo", *arguments)
    assert not Run.objects.exists()
