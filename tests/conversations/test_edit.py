from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from apps.conversations import edit, queries
from apps.conversations.models import Conversation, Draft, Message, Part
from apps.upstreams.models import Model, Upstream
from apps.wire.messages import Reasoning, Text, ToolCall


def test_a_new_conversation_is_named_by_its_first_words_and_keeps_what_it_is_asked_with(user):
    upstream = Upstream.objects.create(name="Gateway", base_url="https://gateway.example")
    model = Model.objects.create(upstream=upstream, name="gpt")
    talk = edit.create(
        owner=user,
        model=model,
        format="openai_chat",
        system_prompt="Be short.",
        parameters={"temperature": 0.5},
        first_text="# Hello **world**\nmore",
    )
    stored = queries.get(user, talk.pk)
    assert stored.title == "Hello world"
    assert (stored.model, stored.system_prompt, stored.parameters) == (model, "Be short.", {"temperature": 0.5})


def test_a_message_becomes_the_head_and_the_conversation_a_newer_version(talk, say):
    before = talk.updated_at
    first = say(talk, "Hi")
    second = say(talk, "Hello", below=first)
    assert talk.head == second
    talk.refresh_from_db()
    assert (talk.head_id, talk.version) == (second.pk, 2)
    assert talk.updated_at > before


def test_versions_are_counted_in_the_database_so_that_two_pages_at_once_lose_none(talk):
    other_page = Conversation.objects.get(pk=talk.pk)
    edit.touch(conversation=talk)
    edit.touch(conversation=other_page)
    other_page.refresh_from_db()
    assert other_page.version == 2


def test_a_change_leaves_alone_what_another_page_changed_meanwhile(talk):
    other_page = Conversation.objects.get(pk=talk.pk)
    edit.pin(conversation=other_page)
    edit.rename(conversation=talk, title="Mine")
    talk.refresh_from_db()
    assert talk.pinned_at is not None


def test_a_parent_of_another_conversation_is_refused_and_nothing_is_stored(make, say):
    foreign = say(make("one"), "Hi")
    with pytest.raises(ValueError, match="another conversation"):
        say(make("two"), "Hi", below=foreign)
    assert Message.objects.count() == 1


def test_storing_parts_replaces_those_that_were_there(talk, say):
    message = say(talk, "old")
    edit.store_parts(message=message, parts=[Reasoning("hm"), Text("new")])
    assert queries.parts_of([message.pk]) == {message.pk: [Reasoning("hm"), Text("new")]}


def test_showing_a_version_goes_down_to_what_was_written_last_below_it(talk, say):
    prompt = say(talk, "question")
    answer = say(talk, "first answer", below=prompt)
    early = say(talk, "early follow-up", below=answer)
    late = say(talk, "late follow-up", below=answer)
    deepest = say(talk, "its answer", below=early)
    say(talk, "second answer", below=prompt)

    edit.show_version(conversation=talk, message=answer)
    assert talk.head_id == deepest.pk
    edit.show_version(conversation=talk, message=late)
    assert [node.id for node in queries.branch(talk)] == [prompt.pk, answer.pk, late.pk]


def test_a_message_of_another_conversation_is_not_shown(make, say):
    talk, foreign = make("one"), say(make("two"), "Hi")
    with pytest.raises(ValueError, match="another conversation"):
        edit.show_version(conversation=talk, message=foreign)


def test_a_title_of_a_person_is_one_line_and_stays_when_the_model_suggests_another(talk):
    edit.rename(conversation=talk, title="  My\n own  title ")
    assert not edit.retitle(conversation_id=talk.pk, title="The model's")
    talk.refresh_from_db()
    assert talk.title == "My own title"


def test_a_title_of_the_model_replaces_the_first_words(talk):
    assert edit.retitle(conversation_id=talk.pk, title="The model's")
    talk.refresh_from_db()
    assert (talk.title, talk.title_source) == ("The model's", "model")


def test_a_title_for_a_deleted_conversation_is_dropped(talk):
    edit.delete(conversation=talk)
    assert not edit.retitle(conversation_id=talk.pk, title="Too late")


@pytest.mark.parametrize(("title", "sentence"), [(" \n", "at least one"), ("\0", "at least one"), ("x" * 201, "200")])
def test_a_title_that_is_empty_or_too_long_is_refused_with_a_sentence(talk, title, sentence):
    with pytest.raises(ValidationError, match=sentence):
        edit.rename(conversation=talk, title=title)
    talk.refresh_from_db()
    assert talk.title == "A talk"


def test_archiving_takes_the_pin_off(talk):
    edit.pin(conversation=talk)
    edit.archive(conversation=talk)
    assert talk.archived_at and not talk.pinned_at
    edit.archive(conversation=talk, archived=False)
    assert talk.archived_at is None


def test_deleting_takes_everything_below_with_it_however_deep_the_talk(user, make):
    talk, other = make("deep"), make("other")
    ids = [Message(conversation=talk, role="user") for _ in range(1500)]
    for parent, child in pairwise(ids):
        child.parent = parent
    Message.objects.bulk_create(ids)
    Part.objects.bulk_create(Part(message=message, index=0, kind="text", text="x") for message in ids)
    edit.add_message(conversation=talk, parent=ids[-1], role="user")
    edit.save_draft(owner=user, conversation=talk, text="typed")

    edit.delete(conversation=talk)
    assert not (Message.objects.exists() or Part.objects.exists() or Draft.objects.exists())
    assert list(Conversation.objects.all()) == [other]


def test_text_that_no_database_takes_is_cleaned_wherever_it_comes_in(user, make, say):
    dirty = "a\0b\ud800c\ud83d\ude00"
    clean = "ab\ufffdc\U0001f600"
    talk = make(dirty, system_prompt=dirty, parameters={dirty: [dirty, float("nan")]})
    message = say(talk, dirty)
    edit.store_parts(message=message, parts=[Text(dirty), Reasoning(dirty), ToolCall(dirty, dirty, dirty)])
    edit.save_draft(owner=user, conversation=talk, text=dirty)

    talk.refresh_from_db()
    assert (talk.title, talk.system_prompt, talk.parameters) == (clean, clean, {clean: [clean, None]})
    parts = queries.parts_of([message.pk])[message.pk]
    assert parts == [Text(clean), Reasoning(clean), ToolCall(clean, clean, clean)]
    assert edit.draft_of(owner=user, conversation=talk) == clean
    edit.rename(conversation=talk, title=dirty)
    assert talk.title == clean
    edit.configure(conversation=talk, model=None, format="openai_chat", system_prompt=dirty, parameters={"stop": dirty})
    talk.refresh_from_db()
    assert (talk.system_prompt, talk.parameters) == (clean, {"stop": clean})
    edit.retitle(conversation_id=make().pk, title=dirty)
    assert Conversation.objects.filter(title=clean).count() == 2


def test_nesting_beyond_all_measure_is_dropped_and_the_answer_kept(talk, say):
    deep = {}
    for _ in range(3000):
        deep = {"in": deep}
    message = say(talk)
    edit.store_parts(message=message, parts=[Reasoning("kept", opaque=deep)])
    assert queries.parts_of([message.pk])[message.pk][0].text == "kept"
