import pytest
from django.core import mail

WRONG = "not-the-password-of-anybody"


def sign_in(browser, email, password, **more):
    return browser.post("/accounts/login/", {"login": email, "password": password, **more})


def test_a_member_signs_in_by_email_in_any_case(visitor, user, password):
    browser = visitor()
    assert sign_in(browser, "User@Example.ORG", password).headers["Location"] == "/"
    assert browser.get("/settings/account/").status_code == 200


def test_a_wrong_password_and_an_unknown_email_get_the_same_sentence(visitor, user):
    known = sign_in(visitor(), user.email, WRONG)
    unknown = sign_in(visitor(), "nobody@example.org", WRONG)
    assert known.status_code == unknown.status_code == 200
    for reply in (known, unknown):
        assert "That email and password do not match." in reply.content.decode()


def test_a_tick_keeps_the_session_and_no_tick_ends_it_with_the_browser(visitor, user, password):
    kept, fleeting = visitor(), visitor()
    sign_in(kept, user.email, password, remember="on")
    sign_in(fleeting, user.email, password)
    assert kept.cookies["sessionid"]["max-age"]
    assert not fleeting.cookies["sessionid"]["max-age"]


def test_after_five_failures_even_the_right_password_waits_from_anywhere(visitor, user, password):
    for _ in range(5):
        sign_in(visitor(), user.email, WRONG)
    reply = sign_in(visitor(), user.email, password)
    assert "Too many failed attempts. Wait five minutes" in reply.content.decode()
    assert "_auth_user_id" not in reply.client.session


def test_one_address_may_not_try_many_accounts(visitor, user, password):
    browser = visitor()
    for number in range(10):
        sign_in(browser, f"guess{number}@example.org", WRONG)
    assert "Too many failed attempts" in sign_in(browser, user.email, password).content.decode()
    assert sign_in(visitor(), user.email, password).status_code == 302


def test_attempts_without_end_get_429_and_a_page_of_ours(visitor, user):
    browser = visitor()
    replies = [browser.post("/accounts/login/", {"login": "", "password": ""}) for _ in range(31)]
    assert replies[-1].status_code == 429
    assert "Wait a minute" in replies[-1].content.decode()


def test_a_forged_forwarding_header_does_not_escape_the_throttle(visitor, user, password):
    browser = visitor()
    for number in range(10):
        forged = {"X-Forwarded-For": f"10.0.0.{number}"}
        browser.post("/accounts/login/", {"login": f"guess{number}@example.org", "password": WRONG}, headers=forged)
    forged = {"X-Forwarded-For": "10.9.9.9"}
    reply = browser.post("/accounts/login/", {"login": user.email, "password": password}, headers=forged)
    assert "Too many failed attempts" in reply.content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "http://localhost:9999/",
        "https://testserver.evil.example/",
        "https://testserver@evil.example/",
    ],
)
def test_next_never_leads_to_another_host(visitor, user, password, target):
    reply = sign_in(visitor(), user.email, password, next=target)
    assert reply.headers["Location"] == "/"


def test_next_leads_on_within_this_host(visitor, user, password):
    reply = sign_in(visitor(), user.email, password, next="/settings/account/")
    assert reply.headers["Location"] == "/settings/account/"


def test_a_disabled_person_cannot_sign_in_and_is_told_so(visitor, user, password):
    user.is_active = False
    user.save()
    browser = visitor()
    reply = browser.post("/accounts/login/", {"login": user.email, "password": password}, follow=True)
    assert "has been disabled" in reply.content.decode()
    assert "_auth_user_id" not in browser.session


def test_signing_out_needs_a_post_and_leads_to_sign_in(client_of, user):
    browser = client_of(user)
    assert browser.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in browser.session
    assert browser.post("/accounts/logout/").headers["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in browser.session


def test_a_forgotten_password_is_reset_by_the_mailed_link(visitor, user):
    browser, new = visitor(), "a-new-and-longer-password"
    assert browser.post("/accounts/password/reset/", {"email": user.email}).status_code == 302
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    form = browser.get(link, follow=True)
    assert "at least 12 characters" in form.content.decode()
    path = form.redirect_chain[-1][0]
    assert "too short" in browser.post(path, {"password1": "short", "password2": "short"}).content.decode()
    assert browser.post(path, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(visitor(), user.email, new).headers["Location"] == "/"


def test_asking_for_a_reset_does_not_tell_who_has_an_account(visitor, user):
    known = visitor().post("/accounts/password/reset/", {"email": user.email}, follow=True)
    unknown = visitor().post("/accounts/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert known.status_code == unknown.status_code == 200


PUBLIC = [
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/inactive/",
    "/accounts/signup/",
]
PRIVATE = [
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/3rdparty/",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_pages_before_sign_in_wear_our_frame(visitor, user, path):
    page = visitor().get(path).content.decode()
    assert 'class="plain"' in page
    assert "<script>" not in page and "style=" not in page


@pytest.mark.parametrize("path", PRIVATE)
def test_pages_after_sign_in_wear_our_frame(client_of, user, path):
    page = client_of(user).get(path).content.decode()
    assert 'id="main"' in page
    assert "<script>" not in page and "style=" not in page


def test_with_redis_the_throttle_holds_in_every_process(visitor, user, password, redis_server, settings):
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_server}
    settings.CACHES = {"default": {**redis, "KEY_PREFIX": "one"}}
    for _ in range(5):
        sign_in(visitor(), user.email, WRONG)
    # Another configuration of the same server is another client of it, as another process is.
    settings.CACHES = {"default": {**redis, "KEY_PREFIX": "one", "OPTIONS": {}}}
    assert "Too many failed attempts" in sign_in(visitor(), user.email, password).content.decode()
    settings.CACHES = {"default": {**redis, "KEY_PREFIX": "two"}}
    assert sign_in(visitor(), user.email, password).status_code == 302
