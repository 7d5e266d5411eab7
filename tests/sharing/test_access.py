"""Every visitor at every kind of link in every state: over the page, a file of it, and the way on from it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Instance
from apps.conversations import edit as conversations
from apps.conversations.models import Conversation
from apps.sharing import edit
from apps.sharing.models import RevisionFile, ShareLink
from tests.conftest import make_person
from tests.sharing.conftest import ANYONE, MEMBERS, NAMED

SECRET = "a password of the link"
SIGN_IN, PASSWORD, GONE, OPEN = "sign in", "password", 410, 200
VISITORS = ("owner", "member", "named", "grouped", "administrator", "nobody")
# Whom a link that is live meets how, before its password.
LIVE = {
    ANYONE: dict.fromkeys(VISITORS, OPEN),
    MEMBERS: {**dict.fromkeys(VISITORS, OPEN), "nobody": SIGN_IN},
    NAMED: {"owner": OPEN, "member": GONE, "named": OPEN, "grouped": OPEN, "administrator": GONE, "nobody": SIGN_IN},
}


def expire(link):
    ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def disable_owner(link):
    type(link.owner).objects.filter(pk=link.owner_id).update(is_active=False)


ENDINGS = {
    "expired": expire,
    "revoked": lambda link: edit.revoke(link=link, by=link.owner),
    "deleted": lambda link: edit.delete(link=link),
    "parent in the bin": lambda link: Conversation.objects.update(deleted_at=timezone.now()),
    "parent erased": lambda link: conversations.erase(conversation=link.conversation),
    "owner disabled": disable_owner,
}


@pytest.fixture
def visitors(user, member, administrator, client_of):
    named, grouped = make_person("named@example.org"), make_person("grouped@example.org")
    people = {"owner": user, "member": member, "named": named, "grouped": grouped, "administrator": administrator}
    return {name: client_of(people.get(name)) for name in VISITORS}


@pytest.fixture
def share(talk, visitors):
    """`share(audience, password="")`: a link for them, its three addresses, and itself."""

    def make(audience, password=""):
        group = Group.objects.create(name="Readers")
        people = type(talk.owner).objects
        people.get(email="grouped@example.org").groups.add(group)
        named = {"users": [people.get(email="named@example.org")], "groups": [group]} if audience == NAMED else {}
        link = talk.share(audience=audience, password=password, **named)
        file = RevisionFile.objects.get(revision__link=link)
        paths = [
            reverse("share", args=[link.token]),
            reverse("share_file", args=[link.token, file.pk, "made.png"]),
            reverse("share_continue", args=[link.token]),
        ]
        return link, paths

    return make


def met(response):
    if response.status_code == 302:
        return SIGN_IN if response["Location"].startswith("/accounts/login/") else response["Location"]
    if b'name="password"' in getattr(response, "content", b""):
        assert b"Retry budgets" not in response.content
        return PASSWORD
    return response.status_code


@pytest.mark.parametrize("audience", LIVE)
def test_a_live_link_opens_to_its_audience_and_is_gone_for_everybody_else(audience, share, visitors):
    _link, (page, file, on) = share(audience)
    for name, expected in LIVE[audience].items():
        browser = visitors[name]
        assert met(browser.get(page)) == expected, name
        assert met(browser.get(file)) == (OPEN if expected == OPEN else GONE), name
        assert met(browser.get(on)) == (SIGN_IN if name == "nobody" else expected), name
        assert browser.get(f"{page}live/").status_code == (204 if expected == OPEN else 410), name


@pytest.mark.parametrize("audience", LIVE)
def test_a_password_is_asked_of_everybody_who_could_read_but_the_owner(audience, share, visitors):
    _link, (page, file, on) = share(audience, SECRET)
    assert visitors["named"].post(page, {"password": "a wrong password"}).status_code == 403
    for name, expected in LIVE[audience].items():
        browser, is_reader = visitors[name], expected == OPEN and name != "owner"
        assert met(browser.get(page)) == (PASSWORD if is_reader else expected), name
        assert met(browser.get(file)) == (OPEN if name == "owner" else GONE), name
        forked = browser.get(on)
        assert met(forked) == (SIGN_IN if name == "nobody" else page if is_reader else expected), name
        if is_reader:
            assert browser.post(page, {"password": SECRET}).status_code == 302
            assert met(browser.get(page)) == met(browser.get(file)) == OPEN


@pytest.mark.parametrize("audience", LIVE)
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_link_that_is_over_is_gone_for_everybody_in_the_very_same_bytes(audience, ending, share, visitors):
    link, (page, file, on) = share(audience)
    for browser in visitors.values():
        browser.get(page)  # whoever had it open before keeps nothing
    ENDINGS[ending](link)
    for name, browser in visitors.items():
        unknown = browser.get("/s/there-never-was-one/")
        assert unknown.status_code == 410
        for path in (page, file, on, f"{page}live/"):
            reply = browser.get(path)
            assert (reply.status_code, reply.content) == (410, unknown.content), (name, path)
            assert dict(reply.headers) == dict(unknown.headers), (name, path)
        assert browser.post(on).status_code == browser.post(page, {"password": "x"}).status_code == 410


def test_a_link_lives_again_when_its_conversation_comes_out_of_the_bin(share, visitors, talk):
    _link, (page, *_others) = share(ANYONE)
    Conversation.objects.update(deleted_at=timezone.now())
    assert met(visitors["nobody"].get(page)) == GONE
    Conversation.objects.update(deleted_at=None)
    assert met(visitors["nobody"].get(page)) == OPEN


def test_who_leaves_the_group_loses_what_they_had_open(share, visitors):
    link, (page, file, on) = share(NAMED)
    paths = (page, file, on, f"{page}live/")
    assert GONE not in [visitors["grouped"].get(path).status_code for path in paths]
    link.groups.get().user_set.clear()
    assert {visitors["grouped"].get(path).status_code for path in paths} == {GONE}
    link.groups.all().delete()
    assert visitors["named"].get(page).status_code == OPEN


def test_an_open_page_of_anyone_asks_by_one_statement(share, visitors, django_assert_num_queries):
    _link, (page, *_others) = share(ANYONE)
    visitors["nobody"].get(f"{page}live/")
    with django_assert_num_queries(1):
        assert visitors["nobody"].get(f"{page}live/").status_code == 204


def test_a_new_password_shuts_out_those_who_knew_the_old_one(share, visitors):
    link, (page, *_others) = share(ANYONE, SECRET)
    visitors["nobody"].post(page, {"password": SECRET})
    edit.change(link=link, readers=edit.Readers(ANYONE, password="another password"))
    assert met(visitors["nobody"].get(page)) == PASSWORD


def test_passwords_are_not_guessed_for_long(share, visitors):
    _link, (page, *_others) = share(ANYONE, SECRET)
    told = [visitors["nobody"].post(page, {"password": f"guess {number}"}).status_code for number in range(6)]
    assert told == [403] * 5 + [429]
    assert visitors["member"].post(page, {"password": SECRET}).status_code == 429


def test_who_knows_the_password_takes_nobody_elses_guesses(share, client_of):
    _link, (page, *_others) = share(ANYONE, SECRET)
    assert [client_of(None).post(page, {"password": SECRET}).status_code for _number in range(7)] == [302] * 7


def test_where_public_sharing_is_off_links_for_anyone_are_for_members(share, visitors):
    _link, (page, file, on) = share(ANYONE)
    Instance.objects.update(public_sharing=False)
    for path in (page, file, on):
        assert met(visitors["nobody"].get(path)) == GONE
        assert met(visitors["member"].get(path)) == OPEN


def test_a_draft_is_shown_to_its_owner_alone(talk, visitors):
    draft = edit.draft(message=talk.answer, choice=edit.Choice(title="Retry budgets"))
    file = reverse("share_file", args=[draft.link.token, draft.files.get().pk, "made.png"])
    for name, browser in visitors.items():
        assert met(browser.get(reverse("share", args=[draft.link.token]))) == GONE, name
        assert met(browser.get(file)) == (OPEN if name == "owner" else GONE), name
