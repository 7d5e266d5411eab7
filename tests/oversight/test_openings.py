"""Breaking the glass: nothing is seen before, only what was asked for, only as long, and its owner knows."""

import uuid
from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from apps.accounts import roles
from apps.accounts.models import AuditEntry, User
from apps.conversations import edit
from apps.oversight.models import Opening, Reading
from apps.oversight.openings import open_for

REASON = "A ticket about a wrong answer"


@pytest.fixture
def talk(talk_of, user):
    return talk_of(user, "secret-plan")[0]


def ask(browser, owner, **data):
    return browser.post(f"/settings/people/{owner.pk}/open/", {"reason": REASON, "minutes": 15, **data})


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def opened(administrator, owner, conversation=None) -> Opening:
    return open_for(administrator=administrator, owner=owner, reason=REASON, minutes=15, conversation=conversation)


def place(opening, talk=None) -> str:
    return f"/settings/openings/{opening.pk}/" + (f"c/{talk.pk}/" if talk else "")


def test_without_it_no_page_of_an_administrator_shows_what_was_said(browser, administrator, talk):
    for address in (
        "/history/",
        "/search/?q=secret",
        "/settings/people/",
        "/settings/audit/",
        "/admin/",
        f"/c/{talk.pk}/",
    ):
        assert "secret-plan" not in browser.get(address).content.decode()
    contents = {"conversations", "runs", "media"}
    assert not {model._meta.label for model in admin.site._registry if model._meta.app_label in contents}


@pytest.mark.parametrize("data", [{"reason": ""}, {"reason": "short"}, {"minutes": 600}, {"conversation": "/c/none/"}])
def test_without_a_reason_a_time_and_a_conversation_of_theirs_nothing_opens(browser, talk, data):
    assert ask(browser, talk.owner, **data).status_code == 400
    assert not Opening.objects.exists() and acts() == []


def test_one_conversation_is_opened_by_its_address_and_no_other(browser, talk, talk_of, user):
    other = talk_of(user, "unrelated")[0]
    reply = ask(browser, user, conversation=f"https://playground.example/c/{talk.pk}/?x=1")
    opening = Opening.objects.get()
    assert reply.headers["Location"] == place(opening, talk)
    shown = browser.get(place(opening, talk)).content.decode()
    assert "secret-plan answered" in shown and REASON in shown
    assert browser.get(place(opening, other)).status_code == 404
    assert "unrelated" not in browser.get(place(opening)).content.decode()


def test_all_of_a_person_is_opened_but_nothing_of_anybody_else(browser, talk, talk_of, user, member):
    theirs = talk_of(member, "of-another")[0]
    ask(browser, user)
    opening = Opening.objects.get()
    listed = browser.get(place(opening)).content.decode()
    assert str(talk.pk) in listed and str(theirs.pk) not in listed
    assert browser.get(place(opening, theirs)).status_code == 404


def test_files_are_read_by_addresses_of_the_opening_which_is_told_and_kept_by_no_browser(
    browser, administrator, talk_of, user, member
):
    talk, picture = talk_of(user, "secret-plan")
    _other, foreign = talk_of(member, "of-another")
    opening = opened(administrator, user, talk)
    assert browser.get(f"{place(opening, talk)}files/{picture.pk}/a.png").status_code == 200
    assert acts() == ["glass.one", "glass.read"]
    small = f"{place(opening, talk)}files/{picture.pk}/small/"
    assert small in browser.get(place(opening, talk)).content.decode()
    for address in (small, f"{place(opening, talk)}files/{picture.pk}/a.png"):
        reply = browser.get(address)
        assert reply.status_code == 200 and "no-store" in reply.headers["Cache-Control"]
    assert browser.get(f"{place(opening, talk)}files/{foreign.pk}/a.png").status_code == 404
    assert browser.get(picture.url).status_code == 404


def test_it_is_read_only(browser, administrator, talk, user):
    shown = browser.get(place(opened(administrator, user, talk), talk)).content.decode()
    body = shown.partition("<main")[2].partition("</main>")[0]
    assert "hx-post" not in body and "data-edit" not in body and "/messages/" not in body
    assert body.count("<form") == 1  # which ends it


@pytest.mark.parametrize("ending", ["time", "hand", "demotion", "disabling", "revival", "deletion"])
def test_it_ends_with_its_time_by_hand_and_with_the_role(client_of, browser, administrator, member, talk, user, ending):
    roles.appoint(person=member)
    opening = opened(administrator, user)
    assert browser.get(place(opening, talk)).status_code == 200
    if ending == "time":
        Opening.objects.update(until=timezone.now() - timedelta(seconds=1))
    elif ending == "hand":
        browser.post(f"{place(opening)}end/")
    elif ending == "demotion":
        roles.demote(person=administrator)
    elif ending == "deletion":
        edit.delete(conversation=talk)
    else:
        roles.disable(person=administrator)
        if ending == "revival":
            roles.enable(person=administrator)
            browser = client_of(User.objects.get(pk=administrator.pk))
    assert browser.get(place(opening, talk)).status_code in (302, 403, 404)
    assert client_of(member).get(place(opening)).status_code == 404


def test_only_who_broke_it_reads_through_it_and_never_their_own(client_of, browser, administrator, member, talk, user):
    roles.appoint(person=member)
    opening = opened(administrator, user)
    assert client_of(User.objects.get(pk=member.pk)).get(place(opening)).status_code == 404
    assert browser.get(f"/settings/people/{administrator.pk}/open/").status_code == 404
    assert browser.get(place(opening) + f"c/{uuid.uuid4()}/").status_code == 404


def test_it_stands_in_the_audit_log_without_any_contents(browser, talk, user):
    ask(browser, user)
    opening = Opening.objects.get()
    for _time in range(2):
        browser.get(place(opening, talk))
    browser.post(f"{place(opening)}end/")
    assert acts() == ["glass.all", "glass.read", "glass.end"]
    kept = str(list(AuditEntry.objects.values_list("target", "details")))
    assert REASON in kept and "secret-plan" not in kept


def test_its_owner_sees_who_when_why_until_and_what_was_read(client_of, browser, administrator, talk, user):
    theirs = client_of(user)
    opening = opened(administrator, user)
    for address in ("/settings/account/", f"/c/{talk.pk}/"):
        shown = theirs.get(address).content.decode()
        assert f"{administrator}, an administrator, may read this now" in shown and REASON in shown
    browser.get(place(opening, talk))
    listed = theirs.get("/settings/account/openings/").content.decode()
    assert REASON in listed and f"/c/{talk.pk}/" in listed


def test_the_notice_stays_until_its_owner_knows_and_comes_back_when_more_is_read(
    client_of, browser, administrator, talk, user
):
    theirs = client_of(user)
    opening = opened(administrator, user)
    theirs.post(f"/settings/account/openings/{opening.pk}/noted/")
    assert REASON not in theirs.get(f"/c/{talk.pk}/").content.decode()
    browser.get(place(opening, talk))
    Opening.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert "could read this" in theirs.get(f"/c/{talk.pk}/").content.decode()
    assert REASON in theirs.get("/settings/account/openings/").content.decode()


def test_nobody_notes_what_is_told_to_another(client_of, administrator, user, member):
    opening = opened(administrator, user)
    client_of(member).post(f"/settings/account/openings/{opening.pk}/noted/")
    opening.refresh_from_db()
    assert (
        opening.noted_at is None and REASON not in client_of(member).get("/settings/account/openings/").content.decode()
    )


def test_a_conversation_that_is_gone_leaves_an_opening_of_it_that_shows_nothing(
    browser, administrator, talk, talk_of, user
):
    opening = opened(administrator, user, talk)
    other = talk_of(user, "unrelated")[0]
    type(talk)._base_manager.filter(pk=talk.pk).delete()
    assert browser.get(place(opening, other)).status_code == 404
    assert Opening.objects.get().conversation is None and not Reading.objects.exists()


def test_hostile_text_stays_text_wherever_it_is_read(client_of, browser, talk_of, user):
    hostile = "<script>owned()</script><img src=x onerror=owned()>"
    User.objects.filter(pk=user.pk).update(name=hostile)
    talk = talk_of(User.objects.get(pk=user.pk), hostile)[0]
    ask(browser, user, reason=f"{hostile} is what I look for")
    opening = Opening.objects.get()
    for address in (place(opening), place(opening, talk), "/settings/audit/", "/admin/oversight/opening/", "/admin/"):
        shown = browser.get(address).content.decode()
        assert "<script>owned" not in shown and "<img src=x" not in shown, address
    for address in ("/settings/account/", "/settings/account/openings/", f"/c/{talk.pk}/"):
        shown = client_of(User.objects.get(pk=user.pk)).get(address).content.decode()
        assert "<script>owned" not in shown and "<img src=x" not in shown, address
