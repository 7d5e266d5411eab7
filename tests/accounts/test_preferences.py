import pytest


def test_a_member_keeps_theme_and_language_in_the_account(client_of, user):
    browser = client_of(user)
    assert browser.post("/theme/", {"theme": "dark"}).status_code == 302
    browser.post("/language/", {"language": "zh-hans"})
    user.refresh_from_db()
    assert (user.theme, user.language) == ("dark", "zh-hans")


def test_a_visitor_keeps_theme_and_language_in_cookies(visitor, user):
    browser = visitor()
    browser.post("/theme/", {"theme": "light"})
    browser.post("/language/", {"language": "zh-hans"})
    page = browser.get("/accounts/login/").content.decode()
    assert 'data-theme="light"' in page and 'lang="zh-hans"' in page


def test_a_visitor_may_choose_before_set_up_too(visitor, db):
    browser = visitor()
    assert browser.post("/language/", {"language": "zh-hans", "next": "/setup/"}).headers["Location"] == "/setup/"
    assert 'lang="zh-hans"' in browser.get("/setup/").content.decode()


@pytest.mark.parametrize("theme", ["purple", '"><script>', "dark "])
def test_an_unknown_theme_is_refused_and_a_forged_cookie_ignored(visitor, client_of, user, theme):
    assert client_of(user).post("/theme/", {"theme": theme}).status_code == 400
    user.refresh_from_db()
    assert user.theme == ""
    browser = visitor()
    browser.cookies["theme"] = "purple"
    assert "data-theme" not in browser.get("/accounts/login/").content.decode()


def test_an_unknown_language_is_refused(client_of, user):
    assert client_of(user).post("/language/", {"language": "tlh"}).status_code == 400
    user.refresh_from_db()
    assert user.language == ""


@pytest.mark.parametrize("path", ["/theme/", "/language/"])
def test_choices_change_by_post_only(visitor, user, path):
    assert visitor().get(path).status_code == 405


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/settings/account/", "/settings/account/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("http://testserver:81/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_it_leads_back_within_this_host_only(visitor, user, back, leads):
    assert visitor().post("/theme/", {"theme": "dark", "next": back}).headers["Location"] == leads
    assert visitor().post("/theme/", {"theme": "dark"}, headers={"Referer": back}).headers["Location"] == leads


def test_htmx_is_told_to_load_the_page_anew(visitor, user):
    reply = visitor().post("/theme/", {"theme": "dark"}, headers={"HX-Request": "true"})
    assert (reply.status_code, reply.headers["HX-Refresh"]) == (204, "true")
