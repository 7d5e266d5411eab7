"""Sign-in by OpenID Connect, against a small provider on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount

from apps.accounts.invitations import invite
from apps.accounts.models import Instance, User

ANA = {"sub": "7", "email": "ana@corp.example", "email_verified": True, "name": "Ana Petrov"}


class Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        base = f"http://{self.headers['Host']}"
        endpoints = {
            name: f"{base}/{name}" for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")
        }
        self._answer(ANA if self.path == "/userinfo_endpoint" else {"issuer": base, **endpoints})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer({"access_token": "token", "token_type": "Bearer"})

    def _answer(self, document):
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """A test's output is for its own words."""


@pytest.fixture
def provider(settings, administrator):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    app = {"provider_id": "corp", "name": "Corp", "client_id": "id", "secret": "s", "settings": {"server_url": url}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield url
    server.shutdown()
    server.server_close()


def come_in(browser):
    """Presses the button, and comes back from the provider with a code, as a browser does."""
    left = browser.post("/accounts/oidc/corp/login/?process=login")
    state = parse_qs(urlsplit(left.context["redirect_to"]).query)["state"][0]
    return browser.get("/accounts/oidc/corp/login/callback/", {"code": "code", "state": state})


def test_the_button_is_there_only_when_a_provider_is_configured(visitor, administrator, settings):
    assert "Continue with" not in visitor().get("/accounts/login/").content.decode()


def test_the_button_leads_to_the_provider_by_a_page_that_our_policy_lets_through(visitor, provider):
    browser = visitor()
    page = browser.get("/accounts/login/").content.decode()
    assert "Continue with Corp" in page and 'action="/accounts/oidc/corp/login/' in page
    left = browser.post("/accounts/oidc/corp/login/?process=login")
    assert left.status_code == 200
    assert f'content="0;url={provider}/authorization_endpoint?' in left.content.decode()


def test_leaving_for_a_provider_needs_a_post(visitor, provider):
    reply = visitor().get("/accounts/oidc/corp/login/?process=login")
    assert reply.status_code == 200
    assert provider not in reply.content.decode()


def test_closed_sign_up_holds_for_providers_too(visitor, provider):
    assert "Ask your administrator" in come_in(visitor()).content.decode()
    assert not User.objects.filter(email=ANA["email"]).exists()


def test_with_an_invitation_a_person_comes_in_and_uses_it_up(visitor, provider, administrator):
    link = invite(invited_by=administrator, is_administrator=True)
    browser = visitor()
    browser.get(f"/invite/{link.token}/")
    assert come_in(browser).headers["Location"] == "/"
    ana = User.objects.get(email=ANA["email"])
    assert (ana.name, ana.is_administrator, ana.has_usable_password()) == ("Ana Petrov", True, False)
    assert visitor().get(f"/invite/{link.token}/").status_code == 410


def test_an_invitation_for_another_address_makes_nobody(visitor, provider, administrator):
    link = invite(invited_by=administrator, email="bob@corp.example")
    browser = visitor()
    browser.get(f"/invite/{link.token}/")
    form = browser.get(come_in(browser).headers["Location"])
    assert 'class="plain"' in form.content.decode()
    refused = browser.post("/accounts/3rdparty/signup/", {"email": ANA["email"]})
    assert "This invitation is for bob@corp.example." in refused.content.decode()
    assert not User.objects.filter(email=ANA["email"]).exists()
    assert not SocialAccount.objects.exists()


def test_a_known_person_comes_in_again_and_a_disabled_one_does_not(visitor, provider):
    Instance.objects.update(signup="open")
    come_in(visitor())
    Instance.objects.update(signup="closed")
    browser = visitor()
    come_in(browser)
    assert browser.get("/settings/account/").status_code == 200
    User.objects.filter(email=ANA["email"]).update(is_active=False)
    browser = visitor()
    come_in(browser)
    assert browser.get("/settings/account/").status_code == 302


def test_a_providers_address_does_not_take_over_an_account(visitor, provider, member):
    Instance.objects.update(signup="open")
    User.objects.filter(pk=member.pk).update(email=ANA["email"])
    browser = visitor()
    come_in(browser)
    assert browser.get("/settings/account/").status_code == 302
    assert not SocialAccount.objects.filter(user=member).exists()


def test_who_has_no_password_sees_an_account_page_that_fits(visitor, provider):
    Instance.objects.update(signup="open")
    browser = visitor()
    come_in(browser)
    page = browser.get("/settings/account/").content.decode()
    assert "Set a password" in page and "Sign-in providers" in page and "Current password" not in page
