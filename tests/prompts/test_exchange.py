"""Prompts and presets out as JSON and in again."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.prompts import exchange, library
from apps.prompts.models import Preset, Prompt


def exported(user) -> dict:
    import msgspec

    return json.loads(msgspec.json.encode(exchange.exported(user, timezone.now())))


@pytest.fixture
def kept(user, prompt, model):
    library.save(prompt=prompt, by=user, title="Translate", description="d", text="New", kind="system", base=1)
    Preset.objects.create(
        owner=user, title="Terse", model=model, model_name="a-model", upstream_name="Gateway", format="openai_chat",
        parameters={"temperature": 0.3}, set_aside={"openai_responses": {}}, tools=["calculator"], system_prompt="S",
    )  # fmt: skip


def test_what_is_exported_and_imported_elsewhere_is_the_same(kept, user, member):
    first = exported(user)
    report = exchange.imported(owner=member, written=json.dumps(first).encode())
    assert (report.prompts, report.presets, report.notes) == (1, 1, [])
    again = exported(member)
    first["presets"][0]["set_aside"] = {}
    assert {**again, "exported_at": ""} == {**first, "exported_at": ""}
    assert Preset.objects.get(owner=member).model.name == "a-model"


def test_a_file_that_comes_twice_is_taken_once(kept, user):
    report = exchange.imported(owner=user, written=json.dumps(exported(user)).encode())
    assert (report.prompts, report.presets, len(report.notes)) == (0, 0, 2)


@pytest.mark.parametrize(
    "written",
    [b"", b"[]", b"\xff\xfe", b'{"format": "other", "version": 1, "kind": "prompts"}', b"[" * 100_000],
    ids=["empty", "a list", "no text", "something else", "deep"],
)
def test_what_is_no_export_is_refused_with_a_sentence(user, written):
    with pytest.raises(library.NotKept, match="no export of prompts"):
        exchange.imported(owner=user, written=written)


def test_a_file_with_one_bad_prompt_leaves_nothing_behind(user, member, kept):
    file = exported(user)
    file["prompts"].append({"title": " ", "versions": []})
    with pytest.raises(library.NotKept):
        exchange.imported(owner=member, written=json.dumps(file).encode())
    assert not Prompt.objects.filter(owner=member).exists()


def test_values_that_no_form_would_take_are_left_out(user):
    preset = {"title": "P", "format": "openai_chat", "parameters": {"temperature": "hot", "seed": 1}, "extra": "[1]"}
    preset |= {"tool_rounds": 9999, "response_schema": {"schema": "nonsense", "name": "x"}, "model": "nowhere"}
    file = {"format": "playground", "version": 1, "kind": "prompts", "presets": [preset]}
    report = exchange.imported(owner=user, written=json.dumps(file).encode())
    kept = Preset.objects.get()
    assert (kept.parameters, kept.extra, kept.tool_rounds, kept.response_schema) == ({"seed": 1}, "", 50, None)
    assert len(report.notes) == 2


def test_the_page_hands_out_the_file_and_takes_it(client_of, user, member, kept):
    reply = client_of(user).get("/prompts/export/")
    assert reply["Content-Disposition"].endswith('.json"')
    file = SimpleUploadedFile("prompts.json", reply.content, "application/json")
    told = client_of(member).post("/prompts/import/", {"file": file}, follow=True).content.decode()
    assert "Imported: 1 prompt, 1 preset." in told
