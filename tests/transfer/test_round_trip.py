"""Export → import into an empty instance → export: equal, to the byte."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage

from apps.accounts.models import User
from apps.conversations.models import Conversation, Message
from apps.conversations.search import search
from apps.media.models import Asset
from apps.runs.compare.begin import missing
from apps.runs.models import Comparison, Run
from apps.runs.turns import spent_on
from apps.upstreams.models import Upstream
from apps.usage.models import Call
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def emptied() -> User:
    """Somebody new, on an instance in which nothing else is left."""
    for asset in Asset.objects.all():
        default_storage.delete(asset.path)
    Conversation.objects.all().delete()
    Asset.objects.all().delete()
    User.objects.all().delete()
    Upstream.objects.all().delete()
    Call.objects.all().delete()
    return make_person("newcomer@example.org")


@pytest.mark.parametrize("format", ["json", "zip"])
def test_an_export_imported_into_an_empty_instance_gives_the_same_export(rich, exported, bring, format):
    before = exported(rich, format)
    newcomer = emptied()
    transfer = bring(newcomer, before, f"whatever.{format}")
    assert [(line.outcome, line.why) for line in transfer.lines.all()] == [("imported", "")] * 2
    assert exported(newcomer, format) == before
    assert [hit.archived for hit in search(newcomer, "another")] == [False]


def test_an_export_has_all_of_it_and_no_secret(rich, exported):
    data = exported(rich, "json")
    for secret in (b"sk-never-in-an-export", b"secret-of-a-tool", b"hidden-in-the-address"):
        assert secret not in data
    told = json.loads(data)
    assert (told["format"], told["version"]) == ("playground", 1)
    talk, comparison = told["conversations"]
    assert talk["folder"] == ["Work", "Clients"]
    assert talk["tools"] == ["a_tool", "calculator"]
    assert [tag["name"] for tag in talk["tags"]] == ["Blue", "red"]
    assert talk["draft"] == "not sent yet"
    assert talk["model"] == {"upstream": "Gateway", "name": "a-model"}
    assert len(talk["messages"]) == 3
    run = talk["messages"][1]["runs"][0]
    assert run["calls"][0]["cost"] == "0.00123400"
    assert json.loads(talk["messages"][1]["parts"][0]["opaque"])["a"]["n"] == 12345678901234567890123
    assert comparison["comparison"]["rounds"][0]["vote"]["column"] == comparison["comparison"]["columns"][1]["id"]
    assert {asset["name"] for asset in told["assets"]} == {"a.png", "note.txt"}


def test_what_is_here_already_is_skipped_and_what_has_changed_since_comes_beside_it(rich, exported, bring):
    data = exported(rich, "zip")
    again = bring(rich, data)
    assert set(again.lines.values_list("outcome", flat=True)) == {"skipped"}
    talk = Conversation.objects.get(title="A talk")
    Conversation.objects.filter(pk=talk.pk).update(title="Another title")
    assert list(bring(rich, data).lines.values_list("outcome", flat=True)) == ["imported", "skipped"]
    assert set(bring(rich, data).lines.values_list("outcome", flat=True)) == {"skipped"}
    copy = Conversation.objects.get(title="A talk")
    assert copy.pk != talk.pk
    assert copy.model == talk.model
    assert copy.messages.count() == talk.messages.count() == 3
    assert not set(copy.messages.values_list("pk")) & set(talk.messages.values_list("pk"))


def test_an_export_of_somebody_else_is_imported_under_new_ids_and_shows_nothing_of_theirs(
    rich, member, exported, bring
):
    told = json.loads(exported(rich, "json"))
    told["assets"] = []
    assert set(bring(member, told).lines.values_list("outcome", flat=True)) == {"imported"}
    theirs = set(Asset.objects.filter(owner=rich).values_list("pk", flat=True))
    parts = [part for message in Message.objects.filter(conversation__owner=member) for part in message.parts.all()]
    assert parts
    assert not [part for part in parts for id in theirs if str(id) in f"{part.text}{part.data}"]
    comparison = Comparison.objects.for_user(member).get()
    columns = Conversation.objects.filter(column_of=comparison.pk)
    assert [missing(comparison, column) for column in columns] == [[], []]
    assert Run.objects.filter(user=member).count() == Run.objects.filter(user=rich).count()


def test_what_answers_took_is_told_and_is_no_part_of_the_ledger(rich, exported, bring, client_of):
    data = exported(rich, "json")
    newcomer = emptied()
    bring(newcomer, data)
    assert not Call.objects.exists()
    answer = Run.objects.filter(user=newcomer, finish_reason="stop").get().message_id
    assert spent_on([answer])[answer].input_tokens == 1200
    page = client_of(newcomer).get(f"/c/{Conversation.objects.get(title='A talk').pk}/")
    assert "1,200 in, 34 out" in page.content.decode()


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda talk: talk.update(format="telepathy"), "not known"),
        (lambda talk: talk["messages"][1].update(parent=talk["messages"][2]["id"]), "hang"),
        (lambda talk: talk["messages"].append(talk["messages"][0]), "twice"),
        (lambda talk: talk["messages"][0]["parts"].append({"kind": "spell"}), "cannot be read"),
        (lambda talk: talk["messages"][0].update(role="system"), "what such a record looks like"),
        (lambda talk: talk.update(kind="comparison"), "whole"),
        (lambda talk: talk.pop("created_at"), "what such a record looks like"),
        (lambda talk: talk["messages"][1].update(runs=[{"id": "x"}]), "what such a record looks like"),
        (lambda talk: talk["messages"][1]["runs"][0]["calls"][0].update(cost="NaN"), "number below"),
        (lambda talk: talk["messages"][1]["runs"][0]["calls"][0].update(cost="1e9999"), "number below"),
    ],
)
def test_a_record_that_is_not_whole_is_refused_with_a_reason_and_leaves_nothing(
    rich, member, exported, bring, spoil, why
):
    told = json.loads(exported(rich, "json"))
    told["conversations"][0]["messages"][2]["parent"] = told["conversations"][0]["messages"][1]["id"]
    spoil(told["conversations"][0])
    transfer = bring(member, told)
    first, second = transfer.lines.all()
    assert (first.outcome, second.outcome) == ("failed", "imported")
    assert why in first.why
    assert set(Conversation.objects.filter(owner=member, column_of=None).values_list("kind", flat=True)) == {
        "comparison"
    }


def test_an_archive_with_damaged_entries_tells_each_and_takes_the_rest(rich, member, exported, bring):
    data = exported(rich, "zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {entry.filename.rpartition(".")[2]: entry for entry in archive.filelist[:-1]}
    spoiled = bytearray(data)
    for entry in (names["txt"], names["json"]):
        start = entry.header_offset + 30 + len(entry.filename) + 20  # of the ZIP64 field
        spoiled[start : start + 8] = b"\xff" * 8
    transfer = bring(member, bytes(spoiled), "spoiled.zip")
    lines = [(line.outcome, "damaged" in line.why) for line in transfer.lines.all()]
    assert (transfer.status, lines) == ("done", [("imported", True), ("failed", True)])


def test_an_export_that_is_cut_off_within_a_file_is_told_so(rich, member, exported, bring):
    data = exported(rich, "json")
    transfer = bring(member, data[: data.index(b'"data":[') + 60])
    assert (transfer.status, transfer.error) == ("failed", "The file is damaged, or it was cut off.")
