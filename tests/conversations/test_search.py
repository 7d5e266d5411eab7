import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.conversations import edit, search_index
from apps.conversations.filters import Filters
from apps.conversations.models import Conversation, Part
from apps.conversations.search import LATELY, find, search
from apps.wire.messages import Reasoning, Text


@pytest.fixture
def told(make, say):
    """`told("title", "text", …)`: a conversation with these messages."""

    def tell(title, *texts, **more):
        talk, below = make(title, **more), None
        for text in texts:
            below = say(talk, text, below=below)
        return talk

    return tell


def found(user, text, **more):
    return [title_of(hit) for hit in search(user, text, **more)]


def title_of(hit):
    return "".join(text for text, _is_match in hit.title_parts)


def marked(parts):
    return [text for text, is_match in parts if is_match]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("streams", "Decoding"),
        ("STREAM", "Decoding"),
        ("server sent", "Decoding"),
        ("sent server", "Decoding"),
        ("SSE", "Decoding"),
        ("EE", "Decoding"),
        ("量子纠缠", "物理"),
        ("纠缠", "物理"),
        ("纠", "物理"),
        ("量子 原理", "物理"),
        ("ПРИВЕТ", "Russian"),
        ("пр", "Russian"),
        ("🙂", "Smile"),
        ("100%", "Percent"),
        ("snake_case", "Percent"),
        ('say "hi"', "Percent"),
        ("C:\\path", "Percent"),
        ("物", "物理"),
        ("decod", "Decoding"),
    ],
)
def test_words_are_found_anywhere_in_titles_and_in_what_either_side_wrote(user, told, query, title):
    told("Decoding", "How do I read a stream?", "Server-sent events come as streams; see SSE.")
    told("物理", "请解释", "量子纠缠的基本原理是这样的")
    told("Russian", "Привет, мир")
    told("Smile", "ok 🙂 fine")
    told("Percent", 'it is 100% snake_case, they say "hi" in C:\\path')
    told("Chaff", "100 snakeXcase", "量 子", "nothing else")
    assert found(user, query) == [title]


@pytest.mark.parametrize("query", ["", "   ", "\0", "absent", "streams absent", "不在"])
def test_what_is_nowhere_is_not_found(user, told, query):
    told("Decoding", "streams", "在不")
    assert found(user, query) == []


def test_only_ones_own_conversations_are_found(user, member, administrator, told):
    told("mine secret", "a secret of mine")
    assert found(user, "secret") == ["mine secret"]
    assert found(member, "secret") == found(administrator, "secret") == found(member, "se") == []


def test_all_words_must_stand_in_one_title_or_one_message(user, told):
    told("apples", "pears", "plums")
    assert found(user, "pears plums") == []


def test_titles_come_before_texts_and_newer_before_older(user, told):
    for title, text in (("old text", "needle"), ("needle old", ""), ("new text", "a needle"), ("needle new", "needle")):
        told(title, text)
    assert found(user, "needle") == ["needle new", "needle old", "new text", "old text"]
    assert found(user, "needle", limit=3) == ["needle new", "needle old", "new text"]


def test_a_conversation_is_one_hit_with_its_newest_message(user, told):
    told("talk", "needle one", "needle two", "hay")
    (hit,) = search(user, "needle")
    assert hit.snippet == [("needle", True), (" two", False)]


def test_a_title_is_marked_where_it_matches_and_needs_no_snippet(user, told):
    told("A Needle in the haystack", "needle")
    (hit,) = search(user, "hay needle")
    assert (marked(hit.title_parts), hit.snippet) == (["Needle", "hay"], [])


def test_archived_conversations_are_found_and_marked(user, told):
    edit.archive(conversation=told("put away", "needle"))
    told("kept", "needle")
    assert {title_of(hit): hit.archived for hit in search(user, "needle")} == {"put away": True, "kept": False}


def test_thoughts_are_not_searched(user, told, talk, say):
    edit.store_parts(message=say(talk), parts=[Reasoning("needle"), Text("hay")])
    assert found(user, "needle") == []


def test_a_snippet_is_one_line_around_the_match_with_every_match_marked(user, told):
    told("long", "before " * 100 + "the Needle\nand a <b>needle</b> here " + "after " * 100)
    (hit,) = search(user, "needle")
    line = "".join(text for text, _is_match in hit.snippet)
    assert marked(hit.snippet) == ["Needle", "needle"]
    assert "the Needle and a <b>needle</b> here" in line
    assert line.startswith("…") and line.endswith("…") and len(line) < 250


def test_two_letters_that_are_everywhere_are_found_page_by_page_in_order_and_rare_ones_in_the_oldest(user, told):
    for number in range(LATELY + 40):
        told(f"talk {number}", "靐靐 at the end" if number == 3 else "量子", "不在龘靐")
    page, pages = find(user, Filters(q="龘靐"), limit=70), []
    while page.next:
        pages += page.hits
        page = find(user, Filters(q="龘靐"), after=page.next, limit=70)
    assert [title_of(hit) for hit in [*pages, *page.hits]] == [f"talk {n}" for n in reversed(range(LATELY + 40))]
    assert found(user, "靐靐") == found(user, "ND 靐靐") == ["talk 3"]


def test_what_is_replaced_or_deleted_is_found_no_more(user, told, talk, say):
    message = say(talk, "needle")
    edit.store_parts(message=message, parts=[Text("thimble")])
    assert (found(user, "needle"), found(user, "thimble")) == ([], ["A talk"])
    Part.objects.update(text="bodkin")
    assert (found(user, "thimble"), found(user, "bodkin")) == ([], ["A talk"])
    Part.objects.update(kind="refusal")
    assert found(user, "bodkin") == []
    edit.delete(conversation=talk)
    told("next", "of the same row ids")
    assert found(user, "bodkin") == []


HOSTILE = [
    '"',
    '""" OR "',
    "needle*",
    "NEAR(a b, 3)",
    "text : needle",
    "-needle",
    "^needle",
    "a AND OR NOT b",
    "%_\\",
    "%%%",
    "___",
    "'; DROP TABLE conversations_part; --",
    "{a} + (b)",
    "\0needle\0x",
    "\ud800abc",
    "[[[",
    "(?i)(",
    "x" * 10_000,
    "x " * 5_000,
    "ﷺ" * 200,
]


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_find_nothing_and_break_nothing(user, told, query):
    told("a talk", "hay", "more hay")
    assert search(user, query) == []


@given(st.text() | st.text("\"'%_*^()-+:AND \\\0\ud800字"))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_raises(user, query):
    search(user, query)


def test_searching_costs_the_same_however_much_is_found(user, told, django_assert_max_num_queries):
    for number in range(20):
        told(f"talk {number}", "needle")
    with django_assert_max_num_queries(5):
        assert len(search(user, "needle")) == 20


def test_the_index_is_used(user, told):
    """Asked of the database itself: a plan that reads every text would be right too, only slow."""
    told("talk", "a needle in the hay")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM conversations_search WHERE conversations_search MATCH '\"eedl\"'")
            assert cursor.fetchone() == (1,)
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            plan = Part.objects.filter(kind="text", text__icontains="needle").explain()
            assert "conversations_part_trgm" in plan


@pytest.mark.django_db(transaction=True)
def test_search_goes_on_after_the_table_of_parts_was_rebuilt(make, say, user):
    """SQLite drops the triggers with the old table; the next migrate brings them back."""
    talk = make("talk")
    message = say(talk, "a needle")
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(Part)
    call_command("migrate", verbosity=0)
    say(talk, "a thimble", below=message)
    assert found(user, "needle") == found(user, "thimble") == ["talk"]


@pytest.mark.django_db(transaction=True)
def test_texts_from_before_the_index_are_found_with_it_and_without(make, say, user):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in search_index.TRIGGERS:
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(f"DROP TABLE {search_index.FTS}")
        else:
            cursor.execute("DROP EXTENSION pg_trgm CASCADE")
    say(make("talk"), "a needle")
    try:
        assert found(user, "needle") == ["talk"]
    finally:
        call_command("migrate", verbosity=0)
    assert found(user, "needle") == ["talk"]
    assert Conversation.objects.count() == 1
