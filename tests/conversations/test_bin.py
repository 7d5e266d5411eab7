"""What was deleted: gone at once, back on demand, gone for good after 30 days."""

import datetime
import io
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.conversations import bin, edit, queries
from apps.conversations.models import Conversation, Message, Part
from apps.conversations.search import search
from apps.conversations.signals import binned
from apps.media import hold, store
from apps.media import queries as queries_of_media
from apps.runs.models import Comparison, Run
from apps.wire.messages import Text


@pytest.fixture
def mine(client_of, user):
    return client_of(user)


@pytest.fixture
def comparison(make):
    """A comparison of one column, with a message in it."""
    cover = make("needle compared", kind="comparison")
    Comparison.objects.create(conversation=cover)
    return cover, make("", kind="column", column_of=cover)


def aged(days):
    Conversation.objects.filter(deleted_at__isnull=False).update(
        deleted_at=timezone.now() - datetime.timedelta(days=days)
    )


def test_what_is_deleted_is_gone_from_list_search_and_pages_at_once(user, mine, talk, say):
    message = say(talk, "a needle")
    run = Run.objects.create(
        user=user, conversation=talk, message=message, turn_id=uuid.uuid4(), model_name="m", upstream_name="u",
        format="openai_chat", status="completed",
    )  # fmt: skip
    assert bin.put(owner=user, ids=[talk.pk]) == [talk.pk]
    assert queries.history(user).is_empty and search(user, "needle") == search(user, "talk") == []
    assert queries.mine(user, talk.pk) is None
    assert not Message.objects.for_user(user).exists() and not Run.objects.for_user(user).exists()
    for name, id in (("conversation", talk.pk), ("run", run.pk), ("message_text", message.pk), ("older", talk.pk)):
        assert mine.get(reverse(name, args=[id])).status_code == 404
    for name in ("conversation_rename", "conversation_pin", "conversation_delete"):
        assert mine.post(reverse(name, args=[talk.pk]), {"title": "x"}).status_code == 404
    assert mine.post(reverse("draft"), {"text": "x", "conversation": talk.pk}).status_code == 404


def test_it_comes_back_whole(user, talk, say):
    say(talk, "a needle")
    bin.put(owner=user, ids=[talk.pk])
    assert bin.restore(owner=user, ids=[talk.pk]) == [talk.pk]
    assert [hit.conversation_id for hit in search(user, "needle")] == [talk.pk]
    assert len(queries.branch(queries.mine(user, talk.pk))) == 1


def test_the_columns_of_a_comparison_go_and_come_with_it(user, mine, comparison):
    cover, column = comparison
    bin.put(owner=user, ids=[cover.pk])
    assert set(Conversation.objects.filter(deleted_at__isnull=False)) == {cover, column}
    assert list(bin.contents(user)) == [cover]
    assert mine.get(reverse("comparison", args=[cover.pk])).status_code == 404
    bin.restore(owner=user, ids=[cover.pk])
    assert not Conversation.objects.filter(deleted_at__isnull=False).exists()
    assert mine.get(reverse("comparison", args=[cover.pk])).status_code == 200


def test_a_column_alone_is_nothing_to_delete(user, comparison):
    assert bin.put(owner=user, ids=[comparison[1].pk]) == []


def test_who_works_in_it_is_told_to_stop(user, comparison, django_capture_on_commit_callbacks):
    told = []

    def listen(sender, *, conversation_ids, **fields):
        told.extend(conversation_ids)

    binned.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        bin.put(owner=user, ids=[comparison[0].pk])
    binned.disconnect(listen)
    assert set(told) == {talk.pk for talk in comparison}


def test_an_answer_that_is_being_written_is_stopped(user, talk, say, django_capture_on_commit_callbacks):
    run = Run.objects.create(
        user=user, conversation=talk, message=say(talk), turn_id=uuid.uuid4(), model_name="m", upstream_name="u",
        format="openai_chat", status="running",
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        bin.put(owner=user, ids=[talk.pk])
    run.refresh_from_db()
    assert run.stop_requested


def test_nobody_deletes_restores_or_erases_another_s(user, member, talk):
    assert bin.put(owner=member, ids=[talk.pk]) == []
    bin.put(owner=user, ids=[talk.pk])
    assert bin.restore(owner=member, ids=[talk.pk]) == []
    assert not bin.erase(owner=member, id=talk.pk)
    assert not bin.contents(member).exists() and bin.contents(user).exists()


def test_after_thirty_days_it_is_purged_with_all_below_it_and_not_before(user, comparison, talk, say):
    say(comparison[1], "deep")
    bin.put(owner=user, ids=[comparison[0].pk])
    aged(29)
    assert (bin.purge(), bin.contents(user).count()) == (0, 1)
    aged(31)
    assert not bin.contents(user).exists() and bin.restore(owner=user, ids=[comparison[0].pk]) == []
    assert bin.purge() == 1
    assert list(Conversation.objects.all()) == [talk] and not Part.objects.exists()


def test_the_bin_s_page_restores_and_erases_one_and_empties_itself(user, mine, make):
    first, second, third = (make(f"<b>talk {number}</b>") for number in range(3))
    bin.put(owner=user, ids=[first.pk, second.pk, third.pk])
    page = mine.get(reverse("bin")).content.decode()
    assert page.count('class="bin__row"') == 3 and "<b>talk" not in page and "30 days" in page
    mine.post(reverse("bin_restore", args=[first.pk]))
    mine.post(reverse("bin_erase", args=[second.pk]))
    assert set(Conversation.objects.all()) == {first, third}
    assert "1 conversation is gone for good." in mine.post(reverse("bin_empty")).content.decode()
    assert list(Conversation.objects.all()) == [first]
    assert mine.post(reverse("bin_erase", args=[first.pk])).status_code == 404


def test_a_great_bin_is_emptied_at_once_and_purged_by_and_by(user):
    now = timezone.now()
    Conversation.objects.bulk_create(Conversation(owner=user, deleted_at=now) for _ in range(60))
    assert bin.empty(owner=user) == 60
    assert (bin.contents(user).count(), Conversation.objects.count()) == (0, 10)
    assert bin.purge() == 10


def test_a_file_that_only_the_bin_holds_is_shown_nowhere_but_counts_and_comes_back(user, mine, talk, say):
    def kept(content):
        return store.keep_upload(owner=user, file=io.BytesIO(content), size=len(content), name="a.txt")

    alone, laid = kept(b"alone"), kept(b"laid ready too")
    hold.lay(asset=laid, place="")
    text = f"[a](/assets/{alone.pk}/a.txt) [b](/assets/{laid.pk}/a.txt)"
    edit.store_parts(message=say(talk), parts=[Text(text)])

    def statuses():
        return [mine.get(asset.url).status_code for asset in (alone, laid)]

    assert statuses() == [200, 200]
    used = queries_of_media.used_bytes(user)
    bin.put(owner=user, ids=[talk.pk])
    assert statuses() == [404, 200]
    assert str(alone.pk) not in mine.get(reverse("library")).content.decode()
    assert mine.get(reverse("library_item", args=[alone.pk])).status_code == 404
    assert queries_of_media.used_bytes(user) == used
    bin.restore(owner=user, ids=[talk.pk])
    assert statuses() == [200, 200]
