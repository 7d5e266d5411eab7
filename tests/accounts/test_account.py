import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from apps.accounts.models import User


@pytest.fixture
def browser(client_of, user):
    return client_of(user)


def save(browser, **data):
    return browser.post("/settings/account/", {"name": "", "theme": "", "language": "", **data})


def test_name_theme_and_language_are_kept(browser, user):
    assert save(browser, name="Ana", theme="dark", language="zh-hans").status_code == 302
    user.refresh_from_db()
    assert (user.name, user.theme, user.language) == ("Ana", "dark", "zh-hans")
    page = browser.get("/settings/account/").content.decode()
    assert 'data-theme="dark"' in page and 'lang="zh-hans"' in page


def test_who_follows_the_browser_again_is_not_kept_in_the_language_of_an_earlier_choice(browser, user):
    browser.post("/language/", {"language": "zh-hans"})
    save(browser)
    assert 'lang="en"' in browser.get("/settings/account/").content.decode()
    save(browser, language="zh-hans")
    browser.post("/accounts/logout/")
    assert 'lang="zh-hans"' in browser.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("wrong", [{"theme": "purple"}, {"language": "tlh"}, {"name": "x" * 121}])
def test_a_wrong_choice_is_refused_and_nothing_is_stored(browser, user, wrong):
    assert save(browser, **{"name": "Ana", **wrong}).status_code == 400
    user.refresh_from_db()
    assert (user.name, user.theme, user.language) == ("user", "", "")


def test_nobody_promotes_themselves_through_the_form(browser, user):
    save(browser, is_superuser="on", is_active="", email="boss@example.org", groups="1")
    user.refresh_from_db()
    assert (user.is_superuser, user.is_active, user.email) == (False, True, "user@example.org")


def test_the_account_language_wins_over_the_browser(browser, user):
    User.objects.filter(pk=user.pk).update(language="zh-hans")
    page = browser.get("/settings/account/", headers={"Accept-Language": "en"}).content.decode()
    assert 'lang="zh-hans"' in page


def change_email(browser, email, password):
    return browser.post("/settings/account/email/", {"email": email, "password": password})


def test_the_email_is_changed_with_the_password(browser, user, visitor, password):
    assert change_email(browser, "New@example.org", password).status_code == 302
    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert [address.email for address in EmailAddress.objects.filter(user=user)] == ["new@example.org"]
    signed_in = visitor().post("/accounts/login/", {"login": "new@example.org", "password": password})
    assert signed_in.status_code == 302


def test_without_the_password_the_email_stays(browser, user):
    reply = change_email(browser, "new@example.org", "guess")
    assert reply.status_code == 400
    assert "not your current password" in reply.content.decode()
    user.refresh_from_db()
    assert user.email == "user@example.org"


def test_the_password_cannot_be_guessed_there_without_end(browser, user, password):
    replies = [change_email(browser, "new@example.org", f"guess{number}") for number in range(11)]
    assert replies[-1].status_code == 429


def test_the_email_of_somebody_else_is_refused(browser, user, member, password):
    assert "Somebody else uses" in change_email(browser, member.email.upper(), password).content.decode()
    user.refresh_from_db()
    assert user.email == "user@example.org"


def test_where_addresses_are_confirmed_the_new_one_waits_for_its_link(browser, user, password, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    change_email(browser, "new@example.org", password)
    user.refresh_from_db()
    assert user.email == "user@example.org"
    assert mail.outbox[-1].to == ["new@example.org"]
    assert "waits for you" in browser.get("/settings/account/").content.decode()
    link = next(word for word in mail.outbox[-1].body.split() if "/confirm-email/" in word)
    browser.post(link)
    user.refresh_from_db()
    assert user.email == "new@example.org"


def test_addresses_cannot_be_changed_past_the_password(browser, user):
    reply = browser.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert reply.headers["Location"] == "/settings/account/"
    assert not EmailAddress.objects.filter(email="new@example.org").exists()


def test_the_password_is_changed_and_its_rules_are_named(browser, user, visitor, password):
    path, new = "/accounts/password/change/", "a-new-and-longer-password"
    assert "at least 12 characters" in browser.get(path).content.decode()
    short = browser.post(path, {"oldpassword": password, "password1": "short", "password2": "short"})
    assert "too short" in short.content.decode()
    browser.post(path, {"oldpassword": password, "password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_signing_out_everywhere_ends_every_session_this_one_included(client_of, user, browser, member):
    other, stranger = client_of(user), client_of(member)
    assert browser.post("/settings/account/sign-out-everywhere/").headers["Location"] == "/accounts/login/"
    for ended in (browser, other):
        assert ended.get("/settings/account/").status_code == 302
    assert stranger.get("/settings/account/").status_code == 200
