from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from apps.accounts.invitations import InvitationOver, claim, find, invite
from apps.accounts.models import Instance, Invitation, User
from apps.accounts.signup_mode import signup_mode

NEW = {"name": "Bob", "email": "bob@example.org", "password1": "correct-horse-battery"}


@pytest.fixture(autouse=True)
def instance(administrator):
    return Instance.objects.get(pk=1)


def set_mode(mode: str) -> None:
    Instance.objects.filter(pk=1).update(signup=mode)


@pytest.mark.parametrize("mode", ["closed", "invitation"])
def test_without_a_link_nobody_signs_up_unless_it_is_open(visitor, mode):
    set_mode(mode)
    assert "Ask your administrator" in visitor().get("/accounts/signup/").content.decode()
    visitor().post("/accounts/signup/", NEW)
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_open_sign_up_makes_a_member_who_is_signed_in(visitor):
    set_mode("open")
    browser = visitor()
    assert "Sign up" in browser.get("/accounts/login/").content.decode()
    assert browser.post("/accounts/signup/", NEW).headers["Location"] == "/"
    bob = User.objects.get(email=NEW["email"])
    assert (bob.name, bob.is_administrator) == ("Bob", False)
    assert browser.get("/settings/account/").status_code == 200


def test_the_environment_overrides_the_stored_mode(visitor, settings):
    set_mode("open")
    settings.SIGNUP = "closed"
    assert signup_mode() == "closed"
    visitor().post("/accounts/signup/", NEW)
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_password_rules_are_named_and_kept(visitor):
    set_mode("open")
    browser = visitor()
    assert "at least 12 characters" in browser.get("/accounts/signup/").content.decode()
    assert "too short" in browser.post("/accounts/signup/", {**NEW, "password1": "short"}).content.decode()
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_link_brings_one_person_in_with_groups_and_role(visitor, administrator):
    group = Group.objects.create(name="Research")
    link = invite(invited_by=administrator, groups=[group], is_administrator=True)
    browser = visitor()
    assert browser.get(f"/invite/{link.token}/").headers["Location"] == "/accounts/signup/"
    assert browser.post("/accounts/signup/", NEW).headers["Location"] == "/"
    bob = User.objects.get(email=NEW["email"])
    assert bob.is_administrator and list(bob.groups.all()) == [group]
    link.refresh_from_db()
    assert link.accepted_by == bob and link.accepted_at


def test_opening_a_link_does_not_use_it_up(visitor, administrator):
    link = invite(invited_by=administrator)
    visitor().get(f"/invite/{link.token}/")
    assert visitor().get(f"/invite/{link.token}/").status_code == 302


def test_a_used_link_is_gone_with_a_sentence(visitor, administrator):
    link = invite(invited_by=administrator)
    browser = visitor()
    browser.get(f"/invite/{link.token}/")
    browser.post("/accounts/signup/", NEW)
    reply = visitor().get(f"/invite/{link.token}/")
    assert reply.status_code == 410
    assert "has been used, taken back, or has expired" in reply.content.decode()


def test_of_two_who_follow_one_link_the_second_makes_no_account(visitor, administrator):
    link = invite(invited_by=administrator)
    first, second = visitor(), visitor()
    for browser in (first, second):
        browser.get(f"/invite/{link.token}/")
    first.post("/accounts/signup/", NEW)
    second.post("/accounts/signup/", {**NEW, "email": "eve@example.org"})
    assert not User.objects.filter(email="eve@example.org").exists()


def test_a_link_is_claimed_by_one_even_when_two_hold_it(administrator, user, member):
    link = invite(invited_by=administrator, is_administrator=True)
    claim(invitation=link, user=user)
    with pytest.raises(InvitationOver):
        claim(invitation=link, user=member)
    member.refresh_from_db()
    assert not member.is_administrator


def test_a_link_that_is_used_up_between_form_and_account_undoes_the_account(visitor, administrator, rf):
    """The adapter checks last, inside the transaction: a check before it cannot see a faster neighbour."""
    from allauth.core import context
    from allauth.core.exceptions import ImmediateHttpResponse

    from apps.accounts.adapter import AccountAdapter

    class Form:
        cleaned_data = {**NEW}

    request = rf.post("/accounts/signup/")
    request.session = visitor().session
    with context.request_context(request), pytest.raises(ImmediateHttpResponse) as refused:
        request.user = administrator
        AccountAdapter().save_user(request, User(), Form())
    assert refused.value.response.status_code == 410
    assert not User.objects.filter(email=NEW["email"]).exists()


@pytest.mark.parametrize("fall", ["expires", "is revoked", "loses its inviter", "meets closed sign-up"])
def test_a_link_that_is_over_lets_nobody_in(visitor, administrator, fall):
    link = invite(invited_by=administrator)
    browser = visitor()
    browser.get(f"/invite/{link.token}/")
    if fall == "expires":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif fall == "is revoked":
        Invitation.objects.all().delete()
    elif fall == "loses its inviter":
        User.objects.filter(pk=administrator.pk).update(is_superuser=False)
    else:
        set_mode("closed")
    assert visitor().get(f"/invite/{link.token}/").status_code == 410
    browser.post("/accounts/signup/", NEW)
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_link_for_one_address_fills_it_in_and_takes_no_other(visitor, administrator):
    link = invite(invited_by=administrator, email="Ana@example.org")
    browser = visitor()
    page = browser.get(f"/invite/{link.token}/", follow=True)
    assert 'value="ana@example.org"' in page.content.decode()
    assert "This invitation is for ana@example.org." in browser.post("/accounts/signup/", NEW).content.decode()
    assert browser.post("/accounts/signup/", {**NEW, "email": "ana@example.org"}).status_code == 302
    assert User.objects.filter(email="ana@example.org").exists()


def test_an_unknown_link_is_gone_too(visitor, administrator):
    assert visitor().get("/invite/never-made/").status_code == 410


def test_who_is_signed_in_keeps_the_link_for_somebody_else(client_of, user, administrator):
    link = invite(invited_by=administrator)
    reply = client_of(user).get(f"/invite/{link.token}/")
    assert reply.status_code == 409
    assert "You are signed in as user" in reply.content.decode()
    assert find(link.token) == link


def test_an_address_that_has_an_account_makes_no_second_one(visitor, user):
    set_mode("open")
    visitor().post("/accounts/signup/", {**NEW, "email": user.email.upper()})
    assert User.objects.filter(email__iexact=user.email).count() == 1


def test_where_addresses_are_confirmed_sign_up_does_not_tell_who_has_an_account(visitor, user, settings):
    set_mode("open")
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    known = visitor().post("/accounts/signup/", {**NEW, "email": user.email})
    unknown = visitor().post("/accounts/signup/", NEW)
    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
