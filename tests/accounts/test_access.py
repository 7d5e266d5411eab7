"""Who may open what: each address of accounts as administrator, member and anonymous visitor."""

import pytest
from django.urls import URLResolver, get_resolver

from apps.accounts import urls

ADMINISTRATORS = [
    ("GET", "/settings/people/"),
    ("POST", "/settings/people/signup/"),
    ("POST", "/settings/people/{user}/appoint/"),
    ("POST", "/settings/people/{user}/demote/"),
    ("POST", "/settings/people/{user}/disable/"),
    ("POST", "/settings/people/{user}/enable/"),
    ("POST", "/settings/people/{user}/groups/"),
    ("POST", "/settings/people/invitations/"),
    ("POST", "/settings/people/invitations/1/revoke/"),
    ("POST", "/settings/people/groups/"),
    ("POST", "/settings/people/groups/1/rename/"),
    ("POST", "/settings/people/groups/1/delete/"),
]
SIGNED_IN = [
    ("GET", "/settings/account/"),
    ("POST", "/settings/account/"),
    ("POST", "/settings/account/email/"),
    ("POST", "/settings/account/sign-out-everywhere/"),
]
EVERYBODY = ["/setup/", "/invite/x/", "/theme/", "/language/", "/accounts/email/"]


def ask(browser, method, path):
    return browser.generic(method, path)


@pytest.mark.parametrize(("method", "path"), ADMINISTRATORS)
def test_administration_is_refused_to_members_and_asks_visitors_to_sign_in(client_of, user, member, method, path):
    path = path.format(user=user.pk)
    assert ask(client_of(member), method, path).status_code == 403
    reply = ask(client_of(None), method, path)
    assert reply.headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize(("method", "path"), ADMINISTRATORS)
def test_administration_is_open_to_administrators(client_of, administrator, user, method, path):
    assert ask(client_of(administrator), method, path.format(user=user.pk)).status_code in (200, 302, 400, 404)


@pytest.mark.parametrize(("method", "path"), ADMINISTRATORS)
def test_a_demoted_administrator_is_refused_from_the_next_request_on(client_of, administrator, user, method, path):
    browser = client_of(administrator)
    type(administrator).objects.filter(pk=administrator.pk).update(is_superuser=False)
    assert ask(browser, method, path.format(user=user.pk)).status_code == 403


@pytest.mark.parametrize(("method", "path"), SIGNED_IN)
def test_an_account_is_its_owners_and_asks_visitors_to_sign_in(client_of, user, method, path):
    assert ask(client_of(user), method, path).status_code in (200, 302, 400)
    assert ask(client_of(None), method, path).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("method", "path"), [case for case in ADMINISTRATORS + SIGNED_IN if case[0] == "POST"])
def test_nothing_changes_without_the_csrf_token(administrator, user, method, path):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(administrator)
    assert ask(browser, method, path.format(user=user.pk)).status_code == 403


@pytest.mark.parametrize("path", [path for method, path in ADMINISTRATORS if method == "POST"])
def test_nothing_changes_by_get(client_of, administrator, user, path):
    assert client_of(administrator).get(path.format(user=user.pk)).status_code == 405


def test_every_address_of_ours_is_in_these_lists():
    ours = [pattern for pattern in urls.urlpatterns if not isinstance(pattern, URLResolver)]
    listed = {path.format(user=1) for _, path in ADMINISTRATORS + SIGNED_IN} | set(EVERYBODY)
    resolver = get_resolver()
    covered = {resolver.resolve(path).route for path in listed}
    assert {str(pattern.pattern) for pattern in ours} == covered
