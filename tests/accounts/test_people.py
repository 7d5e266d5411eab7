import threading
from contextlib import suppress

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from apps.accounts import roles
from apps.accounts.invitations import find
from apps.accounts.models import Instance, Invitation, User
from tests.conftest import make_person


@pytest.fixture
def admin_browser(client_of, administrator):
    return client_of(administrator)


def told(reply) -> str:
    return " ".join(str(message) for message in reply.context["messages"])


def post(browser, path, data=None):
    return browser.post(f"/settings/people/{path}", data or {}, follow=True)


def test_the_page_lists_everybody_with_role_and_groups(admin_browser, user, member):
    group = Group.objects.create(name="Research")
    member.groups.add(group)
    User.objects.filter(pk=user.pk).update(is_active=False)
    page = admin_browser.get("/settings/people/").content.decode()
    for word in ("user@example.org", "member@example.org", "Research", "Disabled", "Administrator"):
        assert word in page


def test_the_list_can_be_searched_and_turned_over(admin_browser, user, member):
    User.objects.bulk_create(User(email=f"many{number:03}@example.org") for number in range(60))
    first = admin_browser.get("/settings/people/").content.decode()
    assert "?q=&amp;page=2" in first and "many059" not in first
    found = admin_browser.get("/settings/people/?q=MEMBER@").content.decode()
    assert "member@example.org" in found and "user@example.org" not in found


def test_names_are_text_and_never_markup(admin_browser, user):
    User.objects.filter(pk=user.pk).update(name="<script>alert(1)</script>")
    assert "<script>alert" not in admin_browser.get("/settings/people/").content.decode()
    assert "<script>alert" not in post(admin_browser, f"{user.pk}/appoint/").content.decode()


def test_a_member_is_made_administrator_and_member_again(admin_browser, user):
    assert "user is an administrator now." in told(post(admin_browser, f"{user.pk}/appoint/"))
    user.refresh_from_db()
    assert user.is_administrator
    post(admin_browser, f"{user.pk}/demote/")
    user.refresh_from_db()
    assert not user.is_administrator


@pytest.mark.parametrize("verb", ["demote", "disable"])
def test_the_last_active_administrator_stays(admin_browser, administrator, user, verb):
    User.objects.filter(pk=user.pk).update(is_superuser=True, is_active=False)
    assert "is the last administrator" in told(post(admin_browser, f"{administrator.pk}/{verb}/"))
    administrator.refresh_from_db()
    assert administrator.is_administrator


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_demote_each_other_at_once_leave_one():
    people = [make_person(f"{name}@example.org", is_superuser=True) for name in ("ana", "bob")]
    start = threading.Barrier(2)

    def demote(person):
        start.wait()
        with suppress(roles.LastAdministrator):
            roles.demote(person=person)
        connection.close()

    threads = [threading.Thread(target=demote, args=(person,)) for person in people]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert User.objects.filter(is_superuser=True).count() == 1


def test_who_demotes_themselves_is_led_off_the_page(admin_browser, administrator, user):
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    reply = post(admin_browser, f"{administrator.pk}/demote/")
    assert reply.redirect_chain[-1][0] == "/settings/account/"
    assert admin_browser.get("/settings/people/").status_code == 403


def test_disabling_ends_sessions_at_once_and_enabling_does_not_revive_them(admin_browser, client_of, user):
    theirs = client_of(user)
    assert theirs.get("/settings/account/").status_code == 200
    post(admin_browser, f"{user.pk}/disable/")
    assert theirs.get("/settings/account/").status_code == 302
    post(admin_browser, f"{user.pk}/enable/")
    user.refresh_from_db()
    assert user.is_active
    assert theirs.get("/settings/account/").status_code == 302


def test_a_disabled_session_dies_even_while_nobody_has_visited_since(client_of, user):
    browser = client_of(user)
    roles.disable(person=user)
    roles.enable(person=user)
    assert browser.get("/settings/account/").status_code == 302


def test_an_invitation_is_shown_once_and_then_works(admin_browser, visitor):
    group = Group.objects.create(name="Research")
    data = {"email": "Ana@example.org", "days": 3, "groups": [group.pk], "is_administrator": "on"}
    page = post(admin_browser, "invitations/", data).content.decode()
    link = Invitation.objects.get()
    assert f"http://testserver/invite/{link.token}/" in page
    assert link.token not in admin_browser.get("/settings/people/").content.decode()
    assert (link.email, link.is_administrator, list(link.groups.all())) == ("ana@example.org", True, [group])
    assert find(link.token) == link


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"email": "user@example.org", "days": 7}, "already has an account"),
        ({"email": "not an address", "days": 7}, "valid email"),
        ({"days": 0}, "greater than or equal to 1"),
        ({"days": 91}, "less than or equal to 90"),
        ({"days": 7, "groups": [999]}, "999"),
    ],
)
def test_a_malformed_invitation_is_refused_with_a_sentence(admin_browser, user, data, sentence):
    reply = admin_browser.post("/settings/people/invitations/", data)
    Group.objects.create(name="so that the choice of groups is shown")
    assert reply.status_code == 400
    assert sentence in str(reply.context["invite"].errors)
    assert not Invitation.objects.exists()


def test_a_revoked_invitation_is_gone(admin_browser, administrator, visitor):
    post(admin_browser, "invitations/", {"days": 7})
    link = Invitation.objects.get()
    post(admin_browser, f"invitations/{link.pk}/revoke/")
    assert visitor().get(f"/invite/{link.token}/").status_code == 410
    assert admin_browser.post(f"/settings/people/invitations/{link.pk}/revoke/").status_code == 404


def test_groups_are_made_filled_and_deleted(admin_browser, user):
    post(admin_browser, "groups/", {"name": "Research"})
    group = Group.objects.get()
    post(admin_browser, f"{user.pk}/groups/", {"groups": [group.pk, "nonsense", "999"]})
    assert list(user.groups.all()) == [group]
    assert "1 person" in admin_browser.get("/settings/people/").content.decode()
    post(admin_browser, f"{user.pk}/groups/")
    assert not user.groups.exists()
    post(admin_browser, f"groups/{group.pk}/delete/")
    assert not Group.objects.exists()


def test_two_groups_of_one_name_are_refused(admin_browser):
    Group.objects.create(name="Research")
    reply = admin_browser.post("/settings/people/groups/", {"name": "Research"})
    assert reply.status_code == 400
    assert "already exists" in reply.content.decode()


def test_a_group_that_models_are_reserved_for_stays_so_that_they_do_not_open_to_everyone(admin_browser):
    from apps.upstreams.models import Model, Upstream

    group = Group.objects.create(name="Research")
    upstream = Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")
    Model.objects.create(upstream=upstream, name="dear").groups.add(group)
    assert "only for this group" in told(post(admin_browser, f"groups/{group.pk}/delete/"))
    assert Group.objects.filter(pk=group.pk).exists()


def test_the_sign_up_mode_is_changed_and_nonsense_is_not(admin_browser):
    post(admin_browser, "signup/", {"signup": "closed"})
    assert Instance.objects.get(pk=1).signup == "closed"
    assert "not changed" in told(post(admin_browser, "signup/", {"signup": "whatever"}))
    assert Instance.objects.get(pk=1).signup == "closed"


def test_a_mode_from_the_environment_cannot_be_changed_here(admin_browser, settings):
    settings.SIGNUP = "closed"
    assert "PLAYGROUND_SIGNUP" in admin_browser.get("/settings/people/").content.decode()
    assert "not changed" in told(post(admin_browser, "signup/", {"signup": "open"}))
    assert Instance.objects.get(pk=1).signup == "invitation"
