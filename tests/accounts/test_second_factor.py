import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06}"


@pytest.fixture
def browser(visitor, user, password):
    """Signed in through the form, and has just given the password again, as changes of sign-in want."""
    browser = visitor()
    browser.post("/accounts/login/", {"login": user.email, "password": password})
    browser.post("/accounts/reauthenticate/", {"password": password})
    return browser


def test_a_member_turns_it_on_with_an_app_and_gets_recovery_codes(browser, user):
    page = browser.get("/accounts/2fa/totp/activate/")
    text = page.content.decode()
    assert 'src="data:image/svg+xml' in text and "<script>" not in text and "style=" not in text
    secret = page.context["form"].secret
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    stored = Authenticator.objects.get(user=user, type="totp")
    assert secret not in str(stored.data)
    codes = browser.get("/accounts/2fa/recovery-codes/").content.decode()
    assert RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes")).get_unused_codes()[0] in codes
    assert "<script>" not in codes and "style=" not in codes


def test_with_it_the_password_alone_does_not_sign_in(visitor, user, password):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    browser = visitor()
    reply = browser.post("/accounts/login/", {"login": user.email, "password": password, "next": "/settings/account/"})
    assert reply.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert browser.get("/settings/account/").status_code == 302
    page = browser.get(reply.headers["Location"]).content.decode()
    assert 'class="plain"' in page and "<script>" not in page
    assert "Incorrect code" in browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert browser.get("/settings/account/").status_code == 200


def test_a_recovery_code_signs_in_once(visitor, user, password):
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    outcomes = []
    for browser in (visitor(), visitor()):
        browser.post("/accounts/login/", {"login": user.email, "password": password})
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        outcomes.append(browser.get("/settings/account/").status_code)
    assert outcomes == [200, 302]


def test_turning_it_off_asks_for_the_password_again(client_of, user, password):
    TOTP.activate(user, generate_totp_secret())
    browser = client_of(user)
    asked = browser.post("/accounts/2fa/totp/deactivate/")
    assert "/reauthenticate/" in asked.headers["Location"]
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    page = browser.get(asked.headers["Location"]).content.decode()
    assert 'class="plain"' in page
    browser.post(asked.headers["Location"], {"password": password})
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=user, type="totp").exists()


def test_the_overview_wears_our_frame(browser, user):
    assert "Authenticator App" in browser.get("/accounts/2fa/").content.decode()
