"""`manage.py probe`: a matrix on the terminal, and nothing spent without a yes."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from apps.runs.models import Probe, Run
from apps.upstreams.models import Model, Upstream
from tests.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ready(administrator, sandbox_upstream):
    """Somebody to ask as, and models to ask."""


@pytest.fixture
def typed(monkeypatch):
    """`typed(text)` is what is at the keyboard from now on."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def probe(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("probe", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


PLAIN = ("--models", "sandbox-echo", "--formats", "openai_chat", "--checks", "chat,vision")


def test_it_prints_a_matrix_and_why_something_is_red():
    matrix, told = probe("Sandbox", *PLAIN, "--yes")
    head, row, _empty, reason = matrix.rstrip("\n").split("\n")
    assert head.split()[:4] == ["Model", "Listed", "Chat", "Completions"]
    assert row.split() == ["sandbox-echo", ".", "yes", ".", ".", ".", ".", ".", ".", ".", ".", "NO", ".", ".", "."]
    assert reason == "sandbox-echo, Vision: It did not read the number 473 in the picture."
    assert "Probe 1 model × 2 checks: about 2 requests, at most $" in told
    assert "Done: 2 of 2." in told


def test_as_json_each_cell_has_its_run_and_its_time():
    printed, _told = probe("sandbox", *PLAIN, "--yes", "--json")
    cells = {(cell["format"], cell["check"]): cell for cell in json.loads(printed)}
    green = cells["openai_chat", "chat"]
    assert green["state"] == "ok" and green["taken_at"]
    assert Run.objects.get(id=green["run"]).status == "completed"
    assert cells["gemini", "chat"]["state"] == "untried"


def test_it_asks_before_it_spends_and_takes_no_for_an_answer(typed):
    for answer in ("n\n", "\n", ""):
        typed(answer)
        with pytest.raises(CommandError, match=r"Nothing was asked|--yes"):
            probe("Sandbox", *PLAIN)
    assert not Probe.objects.exists() and not Run.objects.exists()
    typed("y\n")
    assert "yes" in probe("Sandbox", *PLAIN)[0]


def test_a_name_from_outside_cannot_write_to_the_terminal(sandbox_upstream):
    Model.objects.create(upstream=sandbox_upstream, name="evil\x1b[2J\nmodel", capabilities=["chat"])
    printed, _told = probe("Sandbox", "--models", "evil\x1b[2J\nmodel", "--formats", "openai_chat", "--yes")
    assert "\x1b" not in printed and "evil [2J model" in printed


def test_an_upstream_that_is_down_is_a_sentence_and_an_exit_status():
    upstream = Upstream.objects.create(name="Nobody", base_url=f"http://127.0.0.1:{free_port()}")
    upstream.models.create(name="model", capabilities=["chat"])
    with pytest.raises(CommandError, match="refused the connection"):
        probe("Nobody", "--yes")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Nowhere"], "No upstream called Nowhere. There are: Sandbox."),
        (["Sandbox", "--models", "no-such-model"], "Sandbox has no model called no-such-model."),
        (["Sandbox", "--formats", "telepathy"], "The format telepathy is not known. There are: openai_chat"),
        (["Sandbox", "--checks", "charm"], "The check charm is not known. There are: list"),
        (["Sandbox", "--max-cost", "much"], "--max-cost takes US dollars"),
        (["Sandbox", "--max-cost", "-1"], "--max-cost takes US dollars"),
        (["Sandbox", "--max-cost", "nan"], "--max-cost takes US dollars"),
        (["Sandbox", "--user", "user@example.org"], "No administrator has the address user@example.org."),
        (["Sandbox", "--models", "sandbox-echo", "--max-cost", "0.000001"], "passed the ceiling"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_an_exit_status(arguments, words):
    with pytest.raises(CommandError, match=re.escape(words)):
        probe(*arguments, "--yes")


def test_an_upstream_without_models_is_told(sandbox_upstream):
    Model.objects.all().delete()
    with pytest.raises(CommandError, match="Sandbox has no model that chats"):
        probe("Sandbox", "--yes")
