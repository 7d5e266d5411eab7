import datetime
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.conversations import edit, queries
from apps.conversations.models import Conversation, Message
from apps.runs.models import Run


def aged(conversation, **age):
    Conversation.objects.filter(pk=conversation.pk).update(updated_at=timezone.now() - datetime.timedelta(**age))
    return conversation


def titles(history):
    return [item.title for _label, items in history.groups for item in items]


def chain(conversation, length):
    """A branch of that many messages, and one more version of each tenth of them."""
    roles = ("user", "assistant")
    messages = [Message(conversation=conversation, role=roles[index % 2]) for index in range(length)]
    for index in range(1, length):
        messages[index].parent = messages[index - 1]
    versions = [Message(conversation=conversation, role=m.role, parent=m.parent) for m in messages[10::10]]
    Message.objects.bulk_create([*messages, *versions])
    Conversation.objects.filter(pk=conversation.pk).update(head=messages[-1])
    conversation.refresh_from_db()
    return messages


def test_only_the_owner_gets_a_conversation(user, member, administrator, talk):
    assert queries.get(user, talk.pk) == talk
    for stranger in (member, administrator):
        with pytest.raises(Conversation.DoesNotExist):
            queries.get(stranger, talk.pk)


def test_the_list_holds_ones_own_conversations_only(member, administrator, talk, make):
    make("theirs", owner=member)
    assert titles(queries.history(member)) == ["theirs"]
    assert queries.history(administrator).groups == []


def test_the_list_is_grouped_by_time_with_the_pinned_ones_first(user, make):
    edit.pin(conversation=aged(make("pinned"), days=400))
    for title, age in (("now", 0), ("yesterday", 1), ("week", 7), ("month", 30), ("older", 31), ("oldest", 365)):
        aged(make(title), days=age)
    today = timezone.localdate()
    months = [(today - datetime.timedelta(days=age)).strftime("%B %Y") for age in (31, 365)]
    labels = ["Pinned", "Today", "Yesterday", "Previous 7 days", "Previous 30 days", *months]
    history = queries.history(user)
    assert [label for label, _items in history.groups] == labels
    assert titles(history) == ["pinned", "now", "yesterday", "week", "month", "older", "oldest"]


def test_days_begin_where_the_reader_is(user, talk):
    moment = datetime.datetime(2026, 3, 1, 20, 0, tzinfo=datetime.UTC)
    with timezone.override(ZoneInfo("Asia/Shanghai")):
        assert queries._when(timezone.localdate(moment), datetime.date(2026, 3, 2)) == "Today"
    assert queries._when(timezone.localdate(moment), datetime.date(2026, 3, 2)) == "Yesterday"


def test_pages_of_the_list_follow_each_other_without_gap_or_repeat(user, make):
    made = [aged(make(f"talk {number}"), minutes=number // 3 * 5) for number in range(25)]
    for number in (3, 9, 20):
        edit.pin(conversation=made[number])
    seen, before = [], None
    while True:
        page = queries.history(user, limit=4, before=before)
        seen += titles(page)
        before = page.next
        if before is None:
            break
        aged(make("newcomer"), minutes=-1)
    assert sorted(seen) == sorted(talk.title for talk in made)
    assert seen[:3] == ["talk 20", "talk 9", "talk 3"]


@pytest.mark.parametrize("place", ["x", "u_1_2", "q_20260101T000000.0_0", "u_20260101T000000.000000_\0", "é_é_é"])
def test_a_place_in_the_list_that_was_never_given_out_is_refused(user, place):
    with pytest.raises(ValueError):
        queries.history(user, before=place)


def test_archived_conversations_have_a_list_of_their_own(user, make):
    make("kept")
    edit.archive(conversation=make("put away"))
    assert titles(queries.history(user)) == ["kept"]
    assert titles(queries.history(user, archived=True)) == ["put away"]


def test_the_list_tells_which_conversations_are_being_answered(user, make, say):
    quiet, busy, done = make("quiet"), make("busy"), make("done")
    for talk, status in ((busy, "running"), (busy, "completed"), (done, "completed")):
        Run.objects.create(
            user=user,
            conversation=talk,
            message=say(talk),
            turn_id=uuid.uuid4(),
            status=status,
            model_name="m",
            upstream_name="u",
            format="openai_chat",
        )
    say(quiet)
    running = {item.title: item.running for _label, items in queries.history(user).groups for item in items}
    assert running == {"quiet": False, "busy": True, "done": False}


def test_a_conversation_without_a_title_is_a_new_chat(user, make):
    make("")
    assert titles(queries.history(user)) == ["New chat"]


def test_the_list_costs_the_same_however_long_it_is(user, make, django_assert_num_queries):
    for number in range(40):
        edit.pin(conversation=make(str(number)), pinned=number % 2 == 0)
    with django_assert_num_queries(4):
        assert len(titles(queries.history(user))) == 40


def test_an_empty_conversation_has_an_empty_branch(talk):
    assert queries.branch(talk) == []


def test_a_branch_tells_each_message_s_place_among_its_versions(talk, say):
    prompt = say(talk, "question")
    answers = [say(talk, str(number), below=prompt) for number in range(3)]
    edit.show_version(conversation=talk, message=answers[1])
    first, second = queries.branch(talk)
    assert (first.id, first.position, first.total, first.previous_id, first.next_id) == (prompt.pk, 1, 1, None, None)
    assert (second.id, second.role, second.parent_id) == (answers[1].pk, "assistant", prompt.pk)
    assert (second.position, second.total) == (2, 3)
    assert (second.previous_id, second.next_id) == (answers[0].pk, answers[2].pk)


def test_an_edited_first_prompt_is_a_version_of_the_first(talk, say):
    first, edited = say(talk, "question"), say(talk, "better question")
    (node,) = queries.branch(talk)
    assert (node.id, node.position, node.total, node.previous_id) == (edited.pk, 2, 2, first.pk)


def test_a_thousand_messages_are_read_in_two_queries(talk, django_assert_num_queries):
    messages = chain(talk, 1000)
    edit.store_parts(message=messages[500], parts=[])
    with django_assert_num_queries(2):
        nodes = queries.branch(talk)
        queries.parts_of([node.id for node in nodes])
    assert [node.id for node in nodes] == [message.pk for message in messages]
    assert [node.position for node in nodes if node.total == 2] == [1] * 99


def test_ten_thousand_messages_are_read_too(talk):
    messages = chain(talk, 10_000)
    nodes = queries.branch(talk)
    assert (nodes[0].id, nodes[-1].id, len(nodes)) == (messages[0].pk, messages[-1].pk, 10_000)
    assert queries.parts_of([node.id for node in nodes]) == {}


def test_a_path_ends_in_the_message_asked_for(talk, say):
    first = say(talk, "one")
    second = say(talk, "two", below=first)
    say(talk, "three", below=second)
    assert [node.id for node in queries.path_to(talk, second.pk)] == [first.pk, second.pk]


def test_messages_of_another_conversation_are_on_no_path(make, say):
    foreign = say(make("theirs"), "hidden")
    assert queries.path_to(make("mine"), foreign.pk) == []


def test_only_ones_own_messages_are_found_through_the_user(user, member, administrator, talk, say):
    message = say(talk, "mine")
    assert list(Message.objects.for_user(user)) == [message]
    assert not Message.objects.for_user(member).exists()
    assert not Message.objects.for_user(administrator).exists()
