import pytest
from django.core.exceptions import ValidationError

from apps.conversations import edit
from apps.conversations.models import Draft


def test_each_conversation_and_the_new_chat_have_a_draft_of_their_own(user, talk):
    edit.save_draft(owner=user, conversation=None, text="new")
    edit.save_draft(owner=user, conversation=talk, text="old")
    assert edit.draft_of(owner=user, conversation=None) == "new"
    assert edit.draft_of(owner=user, conversation=talk) == "old"


def test_a_draft_is_replaced_not_piled_up(user):
    for text in ("H", "He", "Hey"):
        edit.save_draft(owner=user, conversation=None, text=text)
    assert [draft.text for draft in Draft.objects.all()] == ["Hey"]


def test_an_empty_draft_is_no_draft(user, talk):
    edit.save_draft(owner=user, conversation=talk, text="typed")
    edit.save_draft(owner=user, conversation=talk, text="")
    assert edit.draft_of(owner=user, conversation=talk) == ""
    assert not Draft.objects.exists()


def test_nobody_sees_the_new_chat_draft_of_another(user, member):
    edit.save_draft(owner=user, conversation=None, text="secret")
    assert edit.draft_of(owner=member, conversation=None) == ""


def test_a_draft_of_the_longest_message_is_kept_and_a_longer_one_refused_without_loss(user, settings):
    longest = "字" * settings.MESSAGE_MAX_CHARS
    edit.save_draft(owner=user, conversation=None, text=longest)
    with pytest.raises(ValidationError, match="too long"):
        edit.save_draft(owner=user, conversation=None, text=longest + "x")
    assert edit.draft_of(owner=user, conversation=None) == longest
