"""Export → import into an empty instance → export: equal, to the byte."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage

from apps.accounts.models import User
from apps.conversations.models import Conversation, Message
from apps.conversations.search import search
from apps.media import hold
from apps.media.models import Asset, Job, Laid
from apps.runs.compare.begin import missing
from apps.runs.models import Comparison, Run
from apps.runs.turns import spent_on
from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call
from tests.conftest import make_person

from .conftest import AT, a_job

pytestmark = pytest.mark.django_db


def emptied() -> User:
    """Somebody new, on an instance in which nothing else is left."""
    for asset in Asset.objects.all():
        default_storage.delete(asset.path)
    Conversation.objects.all().delete()
    Job.objects.all().delete()
    Asset.objects.all().delete()
    User.objects.all().delete()
    Upstream.objects.all().delete()
    Call.objects.all().delete()
    return make_person("newcomer@example.org")


@pytest.mark.parametrize("format", ["json", "zip"])
def test_an_export_imported_into_an_empty_instance_gives_the_same_export(
    everything, exported, bring, client_of, format
):
    before = exported(everything, format)
    newcomer = emptied()
    transfer = bring(newcomer, before, f"whatever.{format}")
    lines = [(line.title, line.outcome, line.why) for line in transfer.lines.all()]
    assert lines == [(title, "imported", "") for title in ("A talk", "Which?", "A sea", "A sea", "A sea", "alone.txt")]
    assert exported(newcomer, format) == before
    assert [hit.archived for hit in search(newcomer, "another")] == [False]
    assert not Call.objects.exists()
    for line in transfer.lines.all():
        assert client_of(newcomer).get(line.url).status_code == 200
    assert set(bring(newcomer, before).lines.values_list("outcome", flat=True)) == {"skipped"}
    Asset.objects.update(seen_at=AT)
    Laid.objects.update(laid_at=AT)
    hold.sweep()
    assert exported(newcomer, format) == before


def test_a_job_that_ran_at_its_export_has_an_unknown_outcome_and_is_not_begun_again(everything, exported, bring):
    a_job(everything, Model.objects.get(), status="running", remote_id="task-2", finished_at=None)
    data = exported(everything, "json")
    newcomer = emptied()
    bring(newcomer, data)
    assert not Job.objects.filter(status__in=Job.OPEN).exists() and not Call.objects.exists()
    job = Job.objects.for_user(newcomer).get(status="unknown")
    assert "under way" in job.error["title"] and job.remote_id == ""
    assert set(bring(newcomer, data).lines.values_list("outcome", flat=True)) == {"skipped"}
    shared = bring(make_person("other@example.org"), data)
    assert set(shared.lines.values_list("outcome", flat=True)) == {"imported"}
    assert set(bring(shared.owner, data).lines.values_list("outcome", flat=True)) == {"skipped"}
    assert Job.objects.for_user(shared.owner).count() == Job.objects.for_user(newcomer).count() == 4


def test_an_export_of_before_there_were_jobs_in_it_is_imported_still(everything, exported, bring):
    told = json.loads(exported(everything, "json"))
    for name in ("order", "jobs", "library"):
        del told[name]
    assert list(bring(emptied(), told).lines.values_list("outcome", flat=True)) == ["imported"] * 2


SPOILED_JOBS = [
    (lambda job: job.update(dialect="telepathy"), "“telepathy” is not known"),
    (lambda job: job.update(family="rerank"), "not known"),
    (lambda job: job.update(result={"lengths": [[5000, 1]]}), "more than was asked for"),
    (lambda job: job.update(result={"words": [{"word": "a"}]}), "result.words[0] lacks the field “start”."),
    (lambda job: job.update(cost="1e9"), "a number below 1000000"),
    (lambda job: job.update(values={"prompt": "x"}), "values lacks the field “model”."),
    (lambda job: job["outputs"].append({"position": 9, "made": {"kind": "spell"}}), "outputs[1].made.kind: “spell”"),
    (lambda job: job["outputs"].append(job["outputs"][0]), "The database did not take it."),
]


def test_a_job_that_pages_could_not_show_is_refused_with_a_reason_and_leaves_nothing(everything, exported, bring):
    told = json.loads(exported(everything, "json"))
    told["jobs"] = spoiled_each(told["jobs"][0], [spoil for spoil, _why in SPOILED_JOBS])
    newcomer = emptied()
    failed = bring(newcomer, told).lines.filter(title="A sea", outcome="failed")
    for line, (_spoil, why) in zip(failed, SPOILED_JOBS, strict=True):
        assert why in line.why
    assert not Job.objects.exists()


def spoiled_each(record, spoils) -> list:
    copies = [json.loads(json.dumps(record)) for _spoil in spoils]
    for copy, spoil in zip(copies, spoils, strict=True):
        spoil(copy)
    return copies


def test_an_export_has_all_of_it_and_no_secret(everything, exported):
    data = exported(everything, "json")
    secrets = (b"sk-never-in-an-export", b"secret-of-a-tool", b"hidden-in-the-address")
    for secret in (*secrets, b"secret-of-an-address", b"its-address"):
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
    named = {asset["id"]: asset["name"] for asset in told["assets"]}
    held = {"a.png", "note.txt", "given.png", "A sea.png", "vectors-3x4.f32"}
    assert set(named.values()) == {*held, "alone.txt"}
    assert [named[id] for id in told["library"]] == ["alone.txt"]
    assert told["order"]["folders"] == [["Work"], ["Work", "Clients"], ["Empty"]]
    assert [tag["name"] for tag in told["order"]["tags"]] == ["Blue", "red", "unused"]
    drawn, failed, embedded = told["jobs"]
    assert (drawn["cost"], drawn["model"], drawn["upstream"]) == ("0.04000000", "a-model", "Gateway")
    assert [named[each["asset"]] for each in (*drawn["inputs"], *drawn["outputs"])] == ["given.png", "A sea.png"]
    assert (failed["status"], failed["error"]["upstream_says"]) == ("failed", "Not that.")
    assert embedded["result"]["lengths"] == [[3, 4]]


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


SPOILED_TALKS = [
    (lambda talk: talk.update(format="telepathy"), "not known"),
    (lambda talk: talk["messages"][1].update(parent=talk["messages"][2]["id"]), "hang"),
    (lambda talk: talk["messages"].append(talk["messages"][0]), "twice"),
    (lambda talk: talk["messages"][0]["parts"].append({"kind": "spell"}), "cannot be read"),
    (lambda talk: talk["messages"][0].update(role="system"), "messages[0].role: “system” is none of the words"),
    (lambda talk: talk.update(kind="comparison"), "whole"),
    (lambda talk: talk.pop("created_at"), "The record lacks the field “created_at”."),
    (lambda talk: talk["messages"][1].update(runs=[{"id": "x"}]), "messages[1].runs[0].id: an id was expected"),
    (lambda talk: talk.update(title=5), "title: text was expected, and there is a whole number."),
    (lambda talk: talk.update(title="x" * 201), "title: the text is longer than 200 characters."),
    (lambda talk: talk.update(pinned_at="today"), "pinned_at: a time with its zone was expected"),
    (lambda talk: talk.update(folder=["a", "b", "c"]), "folder: the list has more than 2 entries."),
    (lambda talk: talk["messages"][1]["runs"][0]["calls"][0].update(cost="NaN"), "calls[0]: a number below"),
    (lambda talk: talk["messages"][1]["runs"][0]["calls"][0].update(cost="1e9999"), "number below"),
]


def test_a_record_that_is_not_whole_is_refused_with_a_reason_and_leaves_nothing(rich, member, exported, bring):
    told = json.loads(exported(rich, "json"))
    talk, comparison = told["conversations"]
    talk["messages"][2]["parent"] = talk["messages"][1]["id"]
    told["conversations"] = [*spoiled_each(talk, [spoil for spoil, _why in SPOILED_TALKS]), comparison]
    *failed, last = bring(member, told).lines.all()
    for line, (_spoil, why) in zip(failed, SPOILED_TALKS, strict=True):
        assert line.outcome == "failed" and why in line.why
    assert last.outcome == "imported"
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
    assert (transfer.status, lines) == ("done", [("imported", False), ("failed", True), ("failed", True)])
    assert transfer.lines.last().title == "note.txt"


def test_an_export_that_is_cut_off_within_a_file_is_told_so(rich, member, exported, bring):
    data = exported(rich, "json")
    transfer = bring(member, data[: data.index(b'"data":[') + 60])
    assert (transfer.status, transfer.error) == ("failed", "The file is damaged, or it was cut off.")
