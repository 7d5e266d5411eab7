"""Prompts: versions, sharing, copies, and what can be had back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts import groups
from apps.prompts import library
from apps.prompts.models import Prompt


def save(prompt, by, **more):
    current = Prompt.objects.get(pk=prompt.pk).current
    words = {"title": prompt.title, "description": "", "text": current.text, "kind": current.kind}
    library.save(prompt=prompt, by=by, **{**words, "base": current.number, **more})
    prompt.refresh_from_db()


def test_each_save_of_other_words_is_a_version_and_of_the_same_words_is_none(prompt, user):
    save(prompt, user, text="Other words")
    save(prompt, user, title="Renamed")
    assert (prompt.title, prompt.current.text) == ("Renamed", "Other words")
    assert [version.number for version in prompt.versions.all()] == [2, 1]


def test_an_old_version_that_is_restored_becomes_the_newest(prompt, user):
    first = prompt.current.text
    save(prompt, user, text="Other words")
    library.restore_version(prompt=prompt, version=prompt.versions.get(number=1), by=user)
    prompt.refresh_from_db()
    assert (prompt.current.number, prompt.current.text) == (3, first)


def test_who_saves_on_top_of_what_another_saved_meanwhile_is_told(prompt, user, member):
    save(prompt, member, text="Theirs")
    with pytest.raises(library.ChangedMeanwhile, match="version 2"):
        save(prompt, user, text="Mine", base=1)
    assert prompt.current.text == "Theirs"


def test_a_group_reads_what_is_shared_with_it_and_changes_it_only_where_that_is_said(prompt, member, group):
    assert not Prompt.objects.for_user(member).exists()
    library.share(kept=prompt, groups=[group], members_edit=False)
    assert Prompt.objects.for_user(member).get() == prompt
    assert not Prompt.objects.changeable_by(member).exists()
    library.share(kept=prompt, groups=[group], members_edit=True)
    assert Prompt.objects.changeable_by(member).get() == prompt
    group.user_set.remove(member)
    assert not Prompt.objects.for_user(member).exists()


def test_nobody_shares_with_a_group_that_is_not_theirs(prompt, user, group):
    group.user_set.remove(user)
    library.share(kept=prompt, groups=[group], members_edit=True)
    assert not prompt.groups.exists()


def test_a_group_that_something_is_shared_with_can_be_deleted(prompt, group):
    library.share(kept=prompt, groups=[group], members_edit=False)
    groups.delete_group(group=group)
    assert not prompt.groups.exists()


def test_a_copy_is_ones_own_and_shared_with_nobody(prompt, member, group):
    library.share(kept=prompt, groups=[group], members_edit=True)
    copy = library.copy(kept=prompt, owner=member)
    assert (copy.owner, copy.title, copy.current.text) == (member, "Translate (copy)", prompt.current.text)
    assert not copy.groups.exists()
    assert not copy.members_edit


def test_what_is_deleted_comes_back_for_thirty_days_and_is_gone_then(prompt, user):
    library.delete(kept=prompt)
    assert not Prompt.objects.for_user(user).exists()
    library.restore(kept=prompt)
    assert Prompt.objects.for_user(user).get() == prompt
    Prompt.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    library.delete(kept=library.make(owner=user, title="Another", text="x"))
    assert not Prompt.objects.filter(pk=prompt.pk).exists()


def test_search_wants_all_words_in_title_description_or_text(prompt, user):
    mine = Prompt.objects.for_user(user)
    assert library.search(mine, "transl LANGUAGE").get() == prompt
    assert not library.search(mine, "translate cooking").exists()


def test_a_text_that_no_database_holds_is_kept_without_what_it_cannot(user):
    made = library.make(owner=user, title="\0T", text="a\0b\ud800")
    made.refresh_from_db()
    assert (made.title, made.current.text) == ("T", "ab\N{REPLACEMENT CHARACTER}")
