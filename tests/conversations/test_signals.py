import pytest
from django.db import transaction

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.conversations.signals import changed


@pytest.fixture
def news():
    heard = []

    def listen(sender, **fields):
        fields.pop("signal")
        heard.append((sender, fields, Conversation.objects.filter(pk=fields["conversation_id"]).first()))

    changed.connect(listen)
    yield heard
    changed.disconnect(listen)


@pytest.mark.django_db(transaction=True)
def test_a_change_is_told_once_it_stands_and_not_before(user, talk, news):
    with transaction.atomic():
        edit.rename(conversation=talk, title="New", by="tab-1")
        assert news == []
    ((sender, fields, seen),) = news
    assert sender is Conversation
    assert fields == {"conversation_id": talk.pk, "owner_id": user.pk, "by": "tab-1", "thread": False}
    assert seen.title == "New"


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_is_not_told(talk, news):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        edit.pin(conversation=talk)
        raise ZeroDivisionError
    assert news == []


@pytest.mark.django_db(transaction=True)
def test_a_new_message_and_a_deletion_change_the_thread(talk, say, news):
    say(talk, "Hi")
    edit.delete(conversation=talk)
    assert [fields["thread"] for _sender, fields, _seen in news] == [True, True]
    assert news[-1][2] is None


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_harms_nobody(talk, news):
    def fail(**fields):
        raise ZeroDivisionError

    changed.connect(fail)
    try:
        edit.pin(conversation=talk)
    finally:
        changed.disconnect(fail)
    assert len(news) == 1 and talk.pinned_at
