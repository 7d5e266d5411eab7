"""Folders, tags, what is done to many at once, and its undoing."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.conversations import bulk, edit, folders, queries, tags
from apps.conversations.models import Conversation, Folder, Tag
from apps.conversations.signals import changed


@pytest.fixture
def mine(client_of, user):
    return client_of(user)


@pytest.fixture
def folder(user):
    return folders.create(owner=user, name="Work")


def ids(*talks):
    return [talk.pk for talk in talks]


def titles(items):
    return [item.title for item in items]


def listed(user):
    return [item.title for _label, items in queries.history(user).groups for item in items]


def names_on(talk):
    return sorted(tag.name for tag in talk.tags.all())


def test_what_is_filed_stands_in_its_folder_and_not_below_it_unless_it_is_pinned(user, folder, make):
    filed, pinned, loose = make("filed"), make("pinned"), make("loose")
    bulk.move(user=user, ids=ids(filed, pinned), folder=folder)
    edit.pin(conversation=pinned)
    (item,) = queries.shelf(user)
    assert (item.folder, item.count, titles(item.items), item.is_whole) == (folder, 1, ["filed"], True)
    assert listed(user) == ["pinned", "loose"]
    assert loose.folder is None


def test_a_folder_holds_folders_and_those_hold_none(user, folder):
    inner = folders.create(owner=user, name="Inner", parent=folder)
    other = folders.create(owner=user, name="Other")
    with pytest.raises(ValidationError, match="holds no folders"):
        folders.create(owner=user, name="Deep", parent=inner)
    with pytest.raises(ValidationError, match="stays at the top"):
        folders.change(folder=folder, name="Work", parent=other)
    with pytest.raises(ValidationError):
        folders.change(folder=other, name="Other", parent=other)
    assert [[each.folder.name for each in item.folders] for item in queries.shelf(user)] == [["Inner"], []]


def test_a_deleted_folder_leaves_all_that_was_in_it_one_place_up(user, folder, make):
    inner = folders.create(owner=user, name="Inner", parent=folder)
    outside, inside, archived = make("outside"), make("inside"), make("archived")
    bulk.move(user=user, ids=ids(outside), folder=folder)
    bulk.move(user=user, ids=ids(inside, archived), folder=inner)
    edit.archive(conversation=archived)
    folders.delete(folder=inner)
    assert set(Conversation.objects.filter(folder=folder)) == {outside, inside, archived}
    again = folders.create(owner=user, name="Again", parent=folder)
    folders.delete(folder=folder)
    again.refresh_from_db()
    assert (again.parent, Conversation.objects.filter(folder=None).count()) == (None, 3)


def test_folders_keep_the_order_that_they_were_put_in(user, folder):
    second, third = (folders.create(owner=user, name=name) for name in ("Second", "Third"))
    folders.step(folder=third, down=False)
    folders.step(folder=folder, down=True)
    folders.step(folder=second, down=True)
    assert [item.folder.name for item in queries.shelf(user)] == ["Third", "Work", "Second"]


def test_a_closed_folder_is_remembered_and_brings_its_number_alone(user, mine, folder, make):
    bulk.move(user=user, ids=ids(make("filed")), folder=folder)
    html = mine.post(reverse("folder_open", args=[folder.pk]), {"open": "0"}).content.decode()
    assert 'aria-expanded="false"' in html and "filed" not in html
    (item,) = queries.shelf(user)
    assert (item.count, item.items) == (1, ())
    assert "filed" in mine.post(reverse("folder_open", args=[folder.pk]), {"open": "1"}).content.decode()


def test_a_great_folder_shows_its_newest_and_leads_to_all(user, mine, folder, make):
    bulk.move(user=user, ids=[make(f"talk {n}").pk for n in range(25)], folder=folder)
    (item,) = queries.shelf(user)
    assert (item.count, len(item.items), item.is_whole) == (25, 20, False)
    assert f"?folder={folder.pk}" in mine.get(reverse("history")).content.decode()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_name_that_cannot_be_is_refused_in_the_dialog(mine, name):
    response = mine.post(reverse("folder_new"), {"name": name}, headers={"HX-Source": "form#order-form"})
    assert (response.status_code, Folder.objects.count()) == (422, 0)
    assert "#order-error" in response.content.decode()


def test_a_chat_that_begins_in_a_folder_says_so_and_a_folder_that_is_gone_is_passed_over(mine, folder, member):
    html = mine.get(reverse("home"), {"into": folder.pk}).content.decode()
    assert f'name="into" value="{folder.pk}"' in html
    strange = folders.create(owner=member, name="Theirs")
    for id in (strange.pk, "nonsense"):
        assert 'name="into"' not in mine.get(reverse("home"), {"into": id}).content.decode()


def test_tags_are_told_apart_by_their_names_whatever_their_case(user):
    first = tags.get_or_create(owner=user, name="  Cost ")
    assert tags.get_or_create(owner=user, name="#cost") == first
    second = tags.get_or_create(owner=user, name="latency")
    assert (first.color, second.color) == (1, 2)
    with pytest.raises(ValidationError, match="merge"):
        tags.change(tag=second, name="COST", color=1)
    tags.change(tag=first, name="COST", color=6)
    with pytest.raises(ValidationError):
        tags.change(tag=first, name="COST", color=7)


def test_merged_tags_are_one_and_what_bore_both_bears_it_once(user, make):
    one, both = make("one"), make("both")
    first, second = (tags.get_or_create(owner=user, name=name) for name in ("first", "second"))
    tags.put(tag=first, ids=ids(one, both))
    tags.put(tag=second, ids=ids(both))
    tags.merge(tag=first, into=second)
    assert (names_on(one), names_on(both), Tag.objects.count()) == (["second"], ["second"], 1)


def test_the_list_shows_the_tags_of_each(user, mine, talk):
    bulk.retag(user=user, ids=ids(talk), add=[tags.get_or_create(owner=user, name="<i>b</i>")])
    html = mine.get(reverse("history")).content.decode()
    assert "&lt;i&gt;b&lt;/i&gt;" in html and "<i>b" not in html


def order(client, action, talks, **form):
    return client.post(reverse("order", args=[action]), {"ids": ",".join(str(talk.pk) for talk in talks), **form})


def test_one_form_sets_the_tags_of_many_and_leaves_those_alone_that_only_some_bear(user, mine, make):
    first, second = make("first"), make("second")
    all_, some, new = (tags.get_or_create(owner=user, name=name) for name in ("all", "some", "new"))
    tags.put(tag=all_, ids=ids(first, second))
    tags.put(tag=some, ids=ids(first))
    form = {"had": str(all_.pk), "tag": str(new.pk), "new": "fresh， more,NEW"}
    response = order(mine, "tag", [first, second], **form)
    assert "Tags of 2 conversations changed." in response.content.decode()
    assert names_on(first) == ["fresh", "more", "new", "some"]
    assert names_on(second) == ["fresh", "more", "new"]


@pytest.mark.parametrize("action", ["archive", "unarchive", "delete", "move", "tag"])
def test_what_is_done_to_many_touches_nobody_else_s(mine, member, make, action):
    theirs = make("theirs", owner=member)
    before = Conversation.objects.values().get(pk=theirs.pk)
    response = order(mine, action, [theirs], new="x")
    assert (response.status_code, Conversation.objects.values().get(pk=theirs.pk)) == (200, before)
    assert not theirs.tags.exists()


def test_another_s_folder_and_tags_are_not_found_or_passed_over(mine, member, talk):
    theirs = folders.create(owner=member, name="Theirs")
    tag = tags.get_or_create(owner=member, name="theirs")
    assert order(mine, "move", [talk], folder=str(theirs.pk)).status_code == 404
    order(mine, "tag", [talk], tag=str(tag.pk))
    assert not talk.tags.exists()
    assert mine.post(reverse("folder_new"), {"name": "x", "parent": theirs.pk}).status_code == 404
    other = tags.get_or_create(owner=talk.owner, name="mine")
    assert mine.post(reverse("tag_merge", args=[other.pk]), {"into": tag.pk}).status_code == 404


@pytest.mark.parametrize("given", ["", "nonsense", ",,"])
def test_nothing_selected_is_refused_with_a_sentence(mine, given):
    assert mine.post(reverse("order", args=["archive"]), {"ids": given}).status_code == 422


def test_an_unknown_command_is_not_found(mine, talk):
    assert order(mine, "explode", [talk]).status_code == 404


def undone(client, response):
    return client.post(reverse("order_undo"), {"undo": response.context["done"].undo})


def test_archiving_many_is_told_and_undone_with_their_pins(user, mine, make):
    talks = [make(str(number)) for number in range(3)]
    edit.pin(conversation=talks[0])
    pinned_at = talks[0].pinned_at
    edit.archive(conversation=talks[2])
    response = order(mine, "archive", talks)
    assert "2 conversations archived." in response.content.decode()
    assert listed(user) == []
    undone(mine, response)
    talks[0].refresh_from_db()
    assert (sorted(listed(user)), talks[0].pinned_at) == (["0", "1"], pinned_at)


def test_a_move_is_undone_and_a_folder_that_is_gone_by_then_is_no_place(user, mine, folder, make):
    filed, loose = make("filed"), make("loose")
    bulk.move(user=user, ids=ids(filed), folder=folder)
    response = order(mine, "move", [filed, loose], new="Elsewhere")
    assert set(Conversation.objects.filter(folder__name="Elsewhere")) == {filed, loose}
    folders.delete(folder=folder)
    assert undone(mine, response).status_code == 200
    assert Conversation.objects.filter(folder=None).count() == 2


def test_changed_tags_are_undone_for_those_alone_that_were_changed(user, mine, make):
    bears, bare = make("bears"), make("bare")
    tag = tags.get_or_create(owner=user, name="t")
    tags.put(tag=tag, ids=ids(bears))
    response = order(mine, "tag", [bears, bare], tag=str(tag.pk))
    assert "Tags of 1 conversation changed." in response.content.decode()
    undone(mine, response)
    assert (names_on(bears), names_on(bare)) == (["t"], [])


def test_undoing_late_or_twice_puts_back_only_what_is_still_as_the_command_left_it(user, mine, folder, make):
    one, two, three = (make(name) for name in ("one", "two", "three"))
    moved = order(mine, "move", [one, two, three], new="Elsewhere")
    bulk.move(user=user, ids=ids(two), folder=folder)
    bulk.move(user=user, ids=ids(three), folder=folder)
    assert "2 conversations are left as they are" in undone(mine, moved).content.decode()
    assert set(Conversation.objects.filter(folder=folder)) == {two, three}
    edit.archive(conversation=one)
    for again in (moved, order(mine, "archive", [two])):
        undone(mine, again)
    assert "Nothing was undone" in undone(mine, moved).content.decode()
    one.refresh_from_db()
    assert one.archived_at and set(Conversation.objects.filter(folder=folder)) == {two, three}


def test_undoing_a_first_deletion_or_archiving_leaves_a_second_one_alone(user, mine, make):
    talk, other = make("one"), make("other")
    for action in ("delete", "archive"):
        first = order(mine, action, [talk, other])
        assert "Undone." in undone(mine, first).content.decode()
        order(mine, action, [talk])
        assert "Nothing was undone" in undone(mine, first).content.decode()
        assert listed(user) == ["other"]


def test_undoing_changed_tags_counts_what_has_others_since(user, mine, make):
    one, two = make("one"), make("two")
    worn, fresh = (tags.get_or_create(owner=user, name=name) for name in ("worn", "fresh"))
    tags.put(tag=worn, ids=ids(one, two))
    response = order(mine, "tag", [one, two], had=str(worn.pk), tag=str(fresh.pk))
    tags.take(tag=fresh, ids=ids(two))
    tags.put(tag=worn, ids=ids(two))
    assert "1 conversation is left as it is" in undone(mine, response).content.decode()
    assert (names_on(one), names_on(two)) == (["worn"], ["worn"])


@pytest.mark.django_db(transaction=True)
def test_pages_that_change_the_same_at_once_wait_for_each_other_and_lose_nothing(user, client_of):
    """Every page moves, tags, archives and deletes the same ones in another order, and undoes what it did."""
    talks = [Conversation.objects.create(owner=user, title=str(number)) for number in range(30)]
    start = threading.Barrier(4)

    def work(number):
        page = client_of(user)
        start.wait()
        there = talks[:: -1 if number % 2 else 1]
        forms = [("move", {"new": "F"}), ("tag", {"new": "t"}), ("archive", {}), ("delete", {})]
        replies = [order(page, action, there, **form) for action, form in forms]
        statuses = {reply.status_code for reply in replies}
        statuses |= {undone(page, reply).status_code for reply in reversed(replies) if reply.context["done"].undo}
        connection.close()
        return statuses

    with ThreadPoolExecutor(4) as threads:
        statuses = set().union(*threads.map(work, range(4)))
    assert (statuses, Conversation.objects.count()) == ({200}, 30)
    assert Tag.objects.filter(name="t").count() == 1


def test_deleting_many_is_undone(user, mine, make):
    talks = [make(str(number)) for number in range(3)]
    response = order(mine, "delete", talks[:2])
    assert "2 conversations deleted." in response.content.decode() and listed(user) == ["2"]
    undone(mine, response)
    assert len(listed(user)) == 3


def test_nobody_undoes_what_another_did_nor_what_nobody_did(user, member, client_of, talk):
    done = bulk.delete(user=user, ids=ids(talk))
    for token in (done.undo, "", "made up", done.undo[:-2]):
        assert client_of(member).post(reverse("order_undo"), {"undo": token}).status_code == 422
    assert listed(user) == []


def test_a_thousand_are_changed_in_few_queries_and_told_as_one_change(
    user, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    Conversation.objects.bulk_create(Conversation(owner=user, title=str(n)) for n in range(1000))
    told = []

    def listen(sender, **fields):
        told.append(fields["conversation_id"])

    changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True), django_assert_max_num_queries(8):
        done = bulk.archive(user=user, ids=list(Conversation.objects.values_list("pk", flat=True)))
    changed.disconnect(listen)
    assert (done.sentence, told) == ("1000 conversations archived.", [None])


def test_the_archive_shows_what_lies_in_folders_too_and_the_pinned_come_last_pinned_first(user, folder, make):
    first, second, third = make("first"), make("second"), make("third")
    bulk.move(user=user, ids=ids(first), folder=folder)
    bulk.archive(user=user, ids=ids(first))
    assert [item.title for _l, items in queries.history(user, archived=True).groups for item in items] == ["first"]
    for talk, age in ((second, 1), (third, 2)):
        Conversation.objects.filter(pk=talk.pk).update(pinned_at=timezone.now() - datetime.timedelta(hours=age))
    assert listed(user) == ["second", "third"]
