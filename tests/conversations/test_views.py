import uuid

import pytest
from django.urls import reverse

from apps.conversations import edit
from apps.conversations.models import Conversation, Draft

WRITES = ["conversation_rename", "conversation_pin", "conversation_archive", "conversation_delete"]
FORM = {"title": "Theirs now"}


@pytest.fixture
def mine(client_of, user):
    return client_of(user)


def page_of(conversation):
    """The header by which htmx says which page asks."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver/c/{conversation.pk}/?x=1"}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("who", ["member", "administrator"])
def test_nobody_changes_another_s_conversation_not_even_an_administrator(request, client_of, talk, name, who):
    stranger = request.getfixturevalue(who)
    before = Conversation.objects.values().get(pk=talk.pk)
    assert client_of(stranger).post(reverse(name, args=[talk.pk]), FORM).status_code == 404
    assert Conversation.objects.values().get(pk=talk.pk) == before


@pytest.mark.parametrize("name", WRITES)
def test_a_stranger_is_sent_to_the_sign_in_page_and_changes_nothing(client_of, talk, name):
    before = Conversation.objects.values().get(pk=talk.pk)
    response = client_of(None).post(reverse(name, args=[talk.pk]), FORM)
    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("account_login"))
    assert Conversation.objects.values().get(pk=talk.pk) == before


@pytest.mark.parametrize("name", ["history", "search", "draft"])
def test_lists_and_drafts_need_a_person(client_of, db, user, name):
    response = client_of(None).get(reverse(name))
    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", WRITES)
def test_a_conversation_that_is_not_there_is_not_found(mine, name):
    assert mine.post(reverse(name, args=[uuid.uuid4()]), FORM).status_code == 404


@pytest.mark.parametrize("name", WRITES)
def test_what_changes_something_is_asked_by_post_only(mine, talk, name):
    assert mine.get(reverse(name, args=[talk.pk])).status_code == 405


def test_renaming_answers_with_the_list_and_the_heading_of_the_page(mine, talk):
    url = reverse("conversation_rename", args=[talk.pk])
    response = mine.post(url, {"title": "<b>Mine</b>"}, headers=page_of(talk))
    html = response.content.decode()
    talk.refresh_from_db()
    assert (response.status_code, talk.title, talk.title_source) == (200, "<b>Mine</b>", "person")
    assert '<hx-partial hx-target="#recent"' in html
    assert '<hx-partial hx-target="#title" hx-swap="innerHTML">&lt;b&gt;Mine&lt;/b&gt;</hx-partial>' in html
    assert "<b>Mine" not in html


def test_a_change_of_another_conversation_leaves_the_heading_of_the_page_alone(mine, talk, make):
    url = reverse("conversation_rename", args=[talk.pk])
    html = mine.post(url, {"title": "Mine"}, headers=page_of(make("shown"))).content.decode()
    assert "#recent" in html and "#title" not in html


@pytest.mark.parametrize("form", [{}, {"title": " "}, {"title": "x" * 201}])
def test_a_title_that_cannot_be_is_refused_with_a_sentence(mine, talk, form):
    response = mine.post(reverse("conversation_rename", args=[talk.pk]), form)
    assert response.status_code == 422
    assert "A title" in response.content.decode()
    assert "#toasts" in response.content.decode()
    talk.refresh_from_db()
    assert talk.title == "A talk"


@pytest.mark.parametrize(("name", "field"), [("pin", "pinned"), ("archive", "archived")])
def test_pin_and_archive_go_to_and_fro_and_take_a_wish(mine, talk, name, field):
    def state(**form):
        response = mine.post(reverse(f"conversation_{name}", args=[talk.pk]), form, headers=page_of(talk))
        assert response.status_code == 200 and "#chat-menu" in response.content.decode()
        talk.refresh_from_db()
        return getattr(talk, f"{field}_at") is not None

    assert state() is True
    assert state() is False
    assert state(**{field: "1"}) is True
    assert state(**{field: "1"}) is True
    assert state(**{field: "0"}) is False


def test_a_wish_that_is_neither_yes_nor_no_is_refused_with_a_sentence(mine, talk):
    response = mine.post(reverse("conversation_pin", args=[talk.pk]), {"pinned": "maybe"})
    assert response.status_code == 422
    assert "must be 0 or 1" in response.content.decode()


def test_deleting_the_conversation_on_show_leads_home(mine, talk):
    response = mine.post(reverse("conversation_delete", args=[talk.pk]), headers=page_of(talk))
    assert response["HX-Redirect"] == reverse("home")
    assert "Undo" in mine.get(reverse("home")).content.decode()
    assert mine.get(reverse("conversation", args=[talk.pk])).status_code == 404


def test_deleting_another_conversation_answers_with_the_list(mine, talk, make):
    shown = make("Shown")
    response = mine.post(reverse("conversation_delete", args=[talk.pk]), headers=page_of(shown))
    html = response.content.decode()
    assert "HX-Redirect" not in response.headers
    assert "Shown" in html and "A talk" not in html and "Undo" in html


def test_deleting_from_a_page_without_a_conversation_answers_with_the_list(mine, talk):
    response = mine.post(reverse("conversation_delete", args=[talk.pk]), headers={"HX-Current-URL": "http://x/nowhere"})
    assert "#recent" in response.content.decode() and "#title" not in response.content.decode()


def test_the_list_marks_the_conversation_on_show(mine, talk):
    html = mine.get(reverse("history"), headers=page_of(talk)).content.decode()
    assert html.count('aria-current="page"') == 1


def test_the_conversation_of_another_is_not_on_show_whatever_the_page_says(client_of, member, talk):
    html = client_of(member).get(reverse("history"), headers=page_of(talk)).content.decode()
    assert "A talk" not in html


def test_more_of_the_list_is_the_next_page_alone(mine, make):
    for number in range(61):
        make(f"talk-{number}-")
    first = mine.get(reverse("history"))
    more = mine.get(reverse("history"), {"before": first.context["history"].next})
    assert "talk-0-" not in first.content.decode()
    assert "talk-0-" in more.content.decode() and "talk-1-" not in more.content.decode()
    assert reverse("history") + "?archived" not in more.content.decode()


def test_the_archive_is_a_list_of_its_own(mine, talk, make):
    edit.archive(conversation=make("Put away"))
    html = mine.get(reverse("history"), {"archived": "1"}).content.decode()
    assert "Put away" in html and "A talk" not in html


def test_a_made_up_place_in_the_list_is_refused_with_a_sentence(mine):
    response = mine.get(reverse("history"), {"before": "made up"})
    assert response.status_code == 422
    assert "Reload the page" in response.content.decode()


def test_what_is_found_is_shown_with_its_match_marked_and_escaped(mine, talk, say):
    say(talk, "<script>needle</script>")
    html = mine.get(reverse("search"), {"q": "needle"}).content.decode()
    assert "&lt;script&gt;<mark>needle</mark>&lt;/script&gt;" in html


def test_a_search_finds_only_ones_own(client_of, member, talk):
    assert "A talk" not in client_of(member).get(reverse("search"), {"q": "talk"}).content.decode()


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "\0"}, {"q": '"' * 10_000}])
def test_a_search_for_nothing_or_nonsense_is_answered(mine, query):
    assert mine.get(reverse("search"), query).status_code == 200


def test_a_draft_is_kept_for_its_conversation_and_for_the_new_chat(mine, user, talk):
    assert mine.post(reverse("draft"), {"text": "new"}).status_code == 204
    assert mine.post(reverse("draft"), {"text": "old", "conversation": str(talk.pk)}).status_code == 204
    assert edit.draft_of(owner=user, conversation=None) == "new"
    assert edit.draft_of(owner=user, conversation=talk) == "old"


@pytest.mark.parametrize("who", ["member", "administrator"])
def test_nobody_writes_a_draft_into_another_s_conversation(request, client_of, talk, who):
    stranger = client_of(request.getfixturevalue(who))
    assert stranger.post(reverse("draft"), {"text": "x", "conversation": str(talk.pk)}).status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("form", "status"),
    [({}, 422), ({"text": "x", "conversation": "1"}, 404), ({"text": "x", "conversation": "\0"}, 404)],
)
def test_a_malformed_draft_is_refused_and_the_old_one_kept(mine, user, form, status):
    edit.save_draft(owner=user, conversation=None, text="typed")
    assert mine.post(reverse("draft"), form).status_code == status
    assert edit.draft_of(owner=user, conversation=None) == "typed"


def test_a_draft_past_the_limit_is_refused_with_a_sentence(mine, user, settings):
    settings.MESSAGE_MAX_CHARS = 10
    response = mine.post(reverse("draft"), {"text": "x" * 11})
    assert response.status_code == 422
    assert "too long" in response.content.decode()
