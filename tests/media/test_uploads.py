"""Files sent up: kept once, counted, laid ready, taken away again; and what is refused."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from apps.conversations import edit
from apps.media import hold, queries, store
from apps.media.models import Asset, Laid
from tests.hostile.corpus import NAMES
from tests.media import files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("name", "data", "kind", "media_type"), files.TAKEN, ids=[name for name, *_ in files.TAKEN])
def test_a_file_is_kept_and_answered_with_its_chip(upload, member, name, data, kind, media_type):
    response = upload(data, name)
    kept = Asset.objects.get()
    assert (kept.owner, kept.kind, kept.media_type, kept.origin) == (member, kind, media_type, "upload")
    assert f'value="{kept.id}"' in response.content.decode()
    assert len(store.bytes_of(kept)) == kept.size


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (files.SVG, "a.svg", 422),
        (files.PAGE, "a.png", 422),
        (files.picture() + files.archive(), "a.png", 422),
        (files.bomb(), "a.png", 413),
        (b"", "a.txt", 422),
    ],
)
def test_what_is_not_taken_is_answered_with_a_sentence_and_leaves_nothing(upload, data, name, status):
    response = upload(data, name)
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/plain") and len(response.content) > 10
    assert not Asset.objects.exists()


def test_a_request_holds_one_file(client_of, member, upload):
    assert client_of(member).post("/assets/", {"text": "none"}).status_code == 400
    assert upload(files.picture(), conversation="nonsense").status_code == 400


def test_the_same_content_is_kept_once_for_each_person(upload, member, user):
    upload(files.picture(), "a.png")
    upload(files.picture(), "b.png")
    upload(files.picture(), "c.png", person=user)
    assert [asset.owner for asset in Asset.objects.order_by("owner")] == sorted([member, user], key=lambda p: p.pk)


@pytest.mark.parametrize("name", [name.replace("\0", "") for name in NAMES], ids=range(len(NAMES)))
def test_a_hostile_name_becomes_a_name_and_nothing_else(upload, name):
    html = upload(files.picture(), name).content.decode()
    kept = Asset.objects.get()
    assert kept.name.endswith(".png") and 5 <= len(kept.name) <= 150 and "/" not in kept.name
    assert kept.name.isprintable() and "\u202e" not in kept.name
    assert "<script" not in html and "<img src=x" not in html
    assert kept.path == f"assets/{kept.id.hex[-2:]}/{kept.id.hex}"


def test_a_text_never_has_the_name_of_something_that_is_run(upload):
    upload(b"echo hi", "run.bat")
    assert Asset.objects.get().name == "run.bat.txt"


def test_the_quota_counts_all_files_of_a_person_and_no_others(upload, member, user, settings):
    settings.UPLOAD_QUOTA_MB = 1
    upload(b"x" * 900_000, "a.txt", person=user)
    assert upload(b"y" * 900_000, "a.txt").status_code == 200
    assert queries.used_bytes(member) == 900_000 and queries.quota_bytes() == 1024 * 1024
    refused = upload(b"z" * 200_000, "b.txt")
    assert refused.status_code == 413 and "1 MB" in refused.content.decode()
    settings.UPLOAD_QUOTA_MB = 0
    assert upload(b"z" * 200_000, "b.txt").status_code == 200


def test_a_file_is_laid_ready_where_it_was_attached(upload, member):
    talk = edit.create(owner=member)
    upload(files.picture(), "new.png", conversation="")
    upload(files.pdf(), "talk.pdf", conversation=str(talk.id))
    upload(files.wav(), "nowhere.wav")
    assert [asset.name for asset in queries.laid_for(member, "")] == ["new.png"]
    assert [asset.name for asset in queries.laid_for(member, str(talk.id))] == ["talk.pdf"]


def test_no_more_files_lie_ready_than_a_message_carries(upload, settings):
    settings.ATTACHMENTS_MAX = 2
    for number in range(3):
        last = upload(f"text {number}".encode(), "a.txt", conversation="")
    assert last.status_code == 422 and Laid.objects.count() == 2


def test_a_file_that_is_taken_away_is_deleted_with_its_content(asset, client_of, member):
    kept = asset(conversation="")
    paths = kept.path, kept.thumbnail_path
    assert all(default_storage.exists(path) for path in paths)
    assert client_of(member).post(f"/assets/{kept.id}/discard/", {"conversation": ""}).status_code == 204
    assert not Asset.objects.exists() and not any(default_storage.exists(path) for path in paths)


def test_a_file_that_something_else_holds_stays(asset, client_of, member):
    talk = edit.create(owner=member)
    kept = asset(conversation="")
    asset(conversation=str(talk.id))
    client_of(member).post(f"/assets/{kept.id}/discard/", {"conversation": ""})
    assert queries.laid_for(member, "") == [] and queries.laid_for(member, str(talk.id)) == [kept]


def test_the_content_goes_with_the_row_only_once_that_is_certain(asset):
    kept = asset()
    with pytest.raises(RuntimeError), transaction.atomic():
        Asset.objects.get(pk=kept.pk).delete()
        raise RuntimeError
    assert Asset.objects.filter(pk=kept.pk).exists() and default_storage.exists(kept.path)


def test_the_content_goes_when_a_longer_transaction_stands(asset):
    kept = asset()
    with transaction.atomic():
        Asset.objects.get(pk=kept.pk).delete()
        assert default_storage.exists(kept.path)
    assert not default_storage.exists(kept.path) and not default_storage.exists(kept.thumbnail_path)


def test_what_was_never_sent_is_swept_away_after_a_day(asset):
    kept = asset()
    assert hold.sweep() == 0
    Asset.objects.update(seen_at=timezone.now() - timedelta(days=1, minutes=1))
    assert hold.sweep() == 1
    assert not default_storage.exists(kept.path)


def test_what_lies_in_a_draft_stays_for_a_month(asset):
    asset(conversation="")
    Asset.objects.update(seen_at=timezone.now() - timedelta(days=20))
    assert hold.sweep() == 0
    Laid.objects.update(laid_at=timezone.now() - timedelta(days=31))
    assert hold.sweep() == 1


def test_what_is_uploaded_again_counts_as_new(asset, upload):
    asset()
    Asset.objects.update(seen_at=timezone.now() - timedelta(days=2))
    upload(files.picture())
    assert hold.sweep() == 0


def test_a_person_who_goes_leaves_no_files_behind(asset, member):
    kept = asset()
    member.delete()
    assert not default_storage.exists(kept.path)


def test_a_file_can_be_had_for_its_owner_alone(asset, member, user):
    kept = asset()
    assert queries.load_for(member, str(kept.id)) == kept
    assert store.data_of(kept).startswith("iVBOR")
    for person, id in ((user, kept.id), (member, "nonsense"), (member, "")):
        with pytest.raises(Asset.DoesNotExist):
            queries.load_for(person, id)
