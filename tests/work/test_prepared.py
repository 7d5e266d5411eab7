"""Statements written once give what the queryset gives, in every thread and for every value."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection
from django.db.models import BigAutoField, CharField, F, JSONField, UUIDField
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.conversations.models import Conversation, Message, Part
from apps.work.ids import new_id
from apps.work.prepared import Delete, Select, SelectIn, Slot, Update, insert

pytestmark = pytest.mark.django_db

ID, OWNER = Slot("id", UUIDField()), Slot("owner", BigAutoField())


@pytest.fixture
def owner():
    return User.objects.create(email="owner@example.org")


@pytest.fixture
def talks(owner):
    return [Conversation.objects.create(owner=owner, title=f"talk {n}", parameters={"n": n}) for n in range(7)]


def test_a_select_gives_the_rows_of_its_queryset_with_what_they_join(talks, owner):
    mine = Select(lambda: Conversation.objects.filter(owner=OWNER, id=ID).select_related("owner"))
    for talk in talks:
        (found,) = mine(owner=owner.pk, id=talk.pk)
        assert (found, found.title, found.parameters) == (talk, talk.title, talk.parameters)
        with CaptureQueriesContext(connection) as captured:
            assert found.owner == owner
        assert not captured
    assert mine.first(owner=owner.pk + 1, id=talks[0].pk) is None


def test_a_select_reads_what_is_there_now(talks, owner):
    titles = Select(lambda: Conversation.objects.filter(owner=OWNER).order_by("pk").values_list("title", flat=True))
    assert titles(owner=owner.pk) == [talk.title for talk in talks]
    Conversation.objects.filter(pk=talks[0].pk).update(title="another")
    assert titles(owner=owner.pk)[0] == "another"


@pytest.mark.parametrize("count", [0, 1, 2, 5, 7])
def test_a_select_for_any_of_several_values_gives_each_row_once(talks, count):
    of = SelectIn(UUIDField(), lambda ids: Conversation.objects.filter(id__in=ids).order_by("pk"))
    assert of(talk.pk for talk in talks[:count]) == talks[:count]


def test_more_values_than_one_statement_holds_are_asked_for_in_several(talks):
    of = SelectIn(UUIDField(), lambda ids: Conversation.objects.filter(id__in=ids))
    of.MOST = 4
    assert set(of([talk.pk for talk in talks])) == set(talks)


def test_a_foreign_key_may_be_any_of_several_values(talks):
    messages = [Message.objects.create(conversation=talk, role="user") for talk in talks]
    of = SelectIn(UUIDField(), lambda ids: Message.objects.filter(conversation__in=ids).order_by("pk"))
    assert of(talk.pk for talk in talks[2:4]) == messages[2:4]


def test_an_update_writes_values_expressions_and_nothing(talks):
    fields = {"version": F("version") + 1, "title": Slot("title", CharField()), "model": Slot("model", UUIDField())}
    update = Update(lambda: (Conversation.objects.filter(id=ID), fields))
    assert update(id=talks[0].pk, title="new", model=None) == 1
    assert update(id=talks[0].pk, title="newer", model=None) == 1
    assert update(id=new_id(), title="nobody", model=None) == 0
    talks[0].refresh_from_db()
    assert (talks[0].version, talks[0].title, talks[0].model) == (2, "newer", None)


def test_an_update_of_json_keeps_its_value(talks):
    update = Update(lambda: (Conversation.objects.filter(id=ID), {"parameters": Slot("parameters", JSONField())}))
    update(id=talks[0].pk, parameters={"a": [1, None, "é"]})
    talks[0].refresh_from_db()
    assert talks[0].parameters == {"a": [1, None, "é"]}


def test_a_delete_takes_only_what_it_names(talks):
    first, second = (Message.objects.create(conversation=talks[0], role="user") for _ in range(2))
    for message in (first, second):
        Part.objects.create(message=message, index=0, kind="text")
    assert Delete(lambda: Part.objects.filter(message=Slot("message", UUIDField())))(message=first.pk) == 1
    assert [part.message for part in Part.objects.all()] == [second]


def test_rows_are_inserted_with_their_defaults(talks):
    rows = [Message(conversation=talks[0], role="user") for _ in range(3)]
    insert(*rows)
    insert(Part(message=rows[0], index=0, kind="text", text="a", data={"x": 1}))
    found = list(Message.objects.filter(conversation=talks[0]).order_by("pk"))
    assert found == rows
    assert all(message.created_at for message in found)
    assert rows[0].parts.get().data == {"x": 1}
    rows[0].role = "assistant"
    rows[0].save()
    assert Message.objects.filter(conversation=talks[0], role="assistant").count() == 1


def test_a_row_that_breaks_a_rule_of_the_database_is_refused(talks):
    message = Message.objects.create(conversation=talks[0], role="user")
    insert(Part(message=message, index=0, kind="text"))
    with pytest.raises(IntegrityError):
        insert(Part(message=message, index=0, kind="text"))


@pytest.mark.django_db(transaction=True)
def test_threads_that_ask_at_once_get_each_their_own_rows(owner):
    talks = [Conversation.objects.create(owner=owner, title=f"talk {n}") for n in range(20)]
    mine = Select(lambda: Conversation.objects.filter(id=ID))

    def ask(place: int) -> bool:
        try:
            return all(mine.first(id=talks[(place + n) % 20].pk) == talks[(place + n) % 20] for n in range(50))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))
