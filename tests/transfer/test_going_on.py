"""Transfers survive the process that works on them, stay within bounds, and belong to one person."""

import io
import json
import random
import socket
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.conversations.models import Conversation
from apps.media.models import Asset
from apps.transfer import begin, work
from apps.transfer.importing import Import
from apps.transfer.models import Line, Transfer
from apps.transfer.reading.archive import Archive
from apps.transfer.refusals import NotRead
from tests.hostile.corpus import TEXTS

from . import samples
from .conftest import upload, worked, zipped

pytestmark = pytest.mark.django_db


def many(count: int) -> bytes:
    return samples.encoded(
        [samples.chatgpt(conversation_id=str(number), title=f"No. {number}") for number in range(count)]
    )


def test_an_import_goes_on_where_the_process_that_did_it_was_killed(user):
    transfer = begin.bring(owner=user, file=upload(many(6), "conversations.json"))
    claimed = work.claim()
    with default_storage.open(claimed.file) as file, pytest.raises(KeyboardInterrupt):
        Import(claimed, file, interrupted_after(3)).run()
    assert Conversation.objects.filter(owner=user).count() == 3
    Transfer.objects.filter(pk=transfer.pk).update(worker=f"{socket.gethostname()}/4194999/1")  # no process of ours
    worked(transfer)
    assert transfer.status == "done"
    assert list(transfer.lines.values_list("number", "outcome")) == [(n, "imported") for n in range(1, 7)]
    assert Conversation.objects.filter(owner=user).count() == 6
    assert not default_storage.exists(work.path_of(transfer))


def interrupted_after(count: int):
    def beat(**fields) -> None:
        if fields.get("done") == count:
            raise KeyboardInterrupt

    return beat


def test_a_process_that_ends_lets_go_and_one_that_is_alive_keeps_what_it_has(user, member):
    first = begin.bring(owner=user, file=upload(many(3), "a.json"))
    claimed = work.claim()
    assert work.claim() is None
    other = begin.export(owner=member, format="json")
    assert work.claim() == other
    work.carry_out(claimed, is_ending=lambda: True)
    first.refresh_from_db()
    assert (first.status, first.worker) == ("waiting", "")
    assert worked(first).status == "done"
    assert Line.objects.filter(transfer=first).count() == 3


def test_what_its_owner_stops_ends_and_keeps_what_is_whole(user, client_of):
    transfer = begin.bring(owner=user, file=upload(many(3), "a.json"))
    claimed = work.claim()
    client_of(user).post(f"/settings/transfers/{transfer.pk}/stop/")
    work.carry_out(claimed)
    transfer.refresh_from_db()
    assert (transfer.status, transfer.error) == ("failed", "Stopped.")
    waiting = begin.bring(owner=user, file=upload(many(1), "b.json"))
    assert client_of(user).post(f"/settings/transfers/{waiting.pk}/forget/").status_code == 302
    assert not default_storage.exists(waiting.file)
    assert not Transfer.objects.filter(pk=waiting.pk).exists()


def test_an_export_is_downloaded_by_its_owner_for_a_day(rich, client_of, exported):
    client = client_of(rich)
    response = client.post("/settings/export/", {"format": "zip"})
    transfer = worked(Transfer.objects.get(owner=rich))
    assert response.headers["Location"] == f"/settings/transfers/{transfer.pk}/"
    assert (transfer.total, transfer.done) == (2, 2)
    got = client.get(f"/settings/transfers/{transfer.pk}/file/")
    assert "attachment" in got.headers["Content-Disposition"]
    assert b"".join(got.streaming_content) == exported(rich, "zip")
    Transfer.objects.update(finished_at=timezone.now() - timedelta(days=2))
    work.sweep()
    assert client.get(f"/settings/transfers/{transfer.pk}/file/").status_code == 404
    assert not default_storage.exists(transfer.file)


def test_chosen_conversations_are_exported_and_those_of_others_are_not(rich, member, client_of):
    ids = [str(talk.pk) for talk in Conversation.objects.filter(owner=rich, column_of=None)]
    assert client_of(member).post("/settings/export/selected/", {"ids": ids}).status_code == 422
    assert client_of(rich).post("/settings/export/selected/", {"ids": ["x"]}).status_code == 422
    client_of(rich).post("/settings/export/selected/", {"ids": ids[:1], "format": "json"})
    transfer = worked(Transfer.objects.get(owner=rich))
    with default_storage.open(transfer.file) as file:
        assert [talk["id"] for talk in json.load(file)["conversations"]] == ids[:1]


@pytest.mark.parametrize("format", ["md", "html"])
def test_everything_for_reading_is_a_file_each_and_a_list_of_files_and_jobs(everything, exported, format):
    with zipfile.ZipFile(io.BytesIO(exported(everything, format))) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode() for name in names if "/" not in name}
    assert len(texts) == 3
    assert all(name.endswith(f".{format}") for name in texts)
    listed = texts.pop(f"Files and jobs.{format}")
    (blind,) = (text for text in texts.values() if "Answer A" in text and "Answer B" in text)
    (chat,) = (text for text in texts.values() if text != blind)
    assert "a-model" not in blind
    assert "a-model" in chat
    assert "Another answer." not in chat
    assert all(said in listed for said in ("alone.txt", "A sea.png", "$0.04", "No.", "a-model"))
    beside = [name for name in names if name.startswith("files/")]
    assert len(beside) == 6
    assert all(name in listed for name in beside)


def test_an_administrator_exports_somebody_who_is_about_to_go_and_it_is_written_down(rich, administrator, client_of):
    client, address = client_of(administrator), f"/settings/people/{rich.pk}/export/"
    assert client.post(address).status_code == 422
    rich.is_active = False
    rich.save()
    client.post(address)
    transfer = worked(Transfer.objects.get(owner=administrator))
    assert (transfer.subject, transfer.done) == (rich, 2)
    assert AuditEntry.objects.filter(action="person.export", actor=administrator).count() == 1
    assert client_of(rich).get(f"/settings/transfers/{transfer.pk}/file/").status_code != 200


def test_an_archive_that_would_burst_is_not_opened(settings):
    with pytest.raises(NotRead, match="tightly"):
        Archive(io.BytesIO(zipped({"conversations.json": b"[" + b" " * 100_000_000})))
    settings.IMPORT_UNPACKED_MB = 1
    with pytest.raises(NotRead, match="unpack"):
        Archive(io.BytesIO(zipped({"a.json": random.Random(1).randbytes(1_100_000)})))


def test_files_beyond_the_quota_are_left_out_and_told(user, bring, settings):
    settings.UPLOAD_QUOTA_MB = 1
    Asset.objects.create(owner=user, kind="text", media_type="text/plain", name="a", size=1024 * 1024, sha256="0" * 64)
    entries = {**samples.CHATGPT_ZIP, "conversations.json": samples.encoded([samples.chatgpt()])}
    (line,) = bring(user, zipped(entries)).lines.all()
    assert line.outcome == "imported"
    assert "1 MB" in line.why


def test_hostile_texts_of_an_import_are_as_harmless_as_any_other(user, bring, client_of):
    texts = list(TEXTS.values())
    talks = [samples.chatgpt(conversation_id=str(at), title=texts[at][:150]) for at in range(0, len(texts), 12)]
    for at, talk in enumerate(talks):
        talk["mapping"]["a2"]["message"]["content"]["parts"] = texts[12 * at : 12 * at + 12]
    transfer = bring(user, talks)
    assert set(transfer.lines.values_list("outcome", flat=True)) == {"imported"}
    client = client_of(user)
    report = client.get(f"/settings/transfers/{transfer.pk}/").content.decode()
    assert "<script>owned" not in report
    for format in ("html", "md", "json", "zip"):
        for talk in Conversation.objects.filter(owner=user)[:: 5 if format != "html" else 1]:
            response = client.get(f"/c/{talk.pk}/export/{format}/")
            page = b"".join(response.streaming_content)
            assert response.headers["Content-Disposition"].startswith("attachment")
            if format == "html":
                assert b"<script" not in page
                assert b'src="http' not in page


def test_a_long_file_is_never_held_as_a_whole(user, tmp_path):
    """As objects it would take twice its size; what is held at once is a small part of it."""
    peak_of(user, tmp_path / "warm.json", 5)
    path = tmp_path / "long.json"
    assert peak_of(user, path, 120) < path.stat().st_size / 4


def peak_of(user, path, count: int) -> int:
    """The most bytes that Python's objects had while a file of so many conversations came in."""
    with path.open("wb") as out:
        generate(out, count, 20_000)
    transfer = Transfer.objects.create(owner=user, kind="import")
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            Import(transfer, file, lambda **fields: None).run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert transfer.lines.filter(outcome="imported").count() == count


def generate(out, count: int, length: int) -> None:
    """A ChatGPT export of so many conversations, two long answers each."""
    out.write(b"[")
    for number in range(count):
        talk = samples.chatgpt(conversation_id=f"{length}-{count}-{number}", title=f"No. {number}")
        for id in ("a1b", "a2"):
            talk["mapping"][id]["message"]["content"]["parts"] = [f"word {number} " * (length // 8)]
        out.write((b"," if number else b"") + samples.encoded(talk))
    out.write(b"]")
