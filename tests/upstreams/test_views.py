"""The administrator's pages: who may see them, what they do, and that no key ever leaves."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.upstreams.models import Model, Upstream
from tests.upstreams.scripted import always, models

KEY = "sk-test-0123456789abcdef"
HTMX = {"HTTP_HX_REQUEST": "true"}
AS_SHOWN = {"gemini_version": "v1beta", "gemini_key": "x-goog-api-key", "position": 0}


@pytest.fixture
def upstream(db) -> Upstream:
    upstream = Upstream(name="Gateway", base_url="http://127.0.0.1:9")
    upstream.set_key(KEY)
    upstream.save()
    Model.objects.create(upstream=upstream, name="<b>m</b>", capabilities=["chat"])
    return upstream


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


def pages(upstream: Upstream) -> list[tuple[str, str]]:
    model = upstream.models.get().id
    return [
        ("get", reverse("upstreams")),
        ("post", reverse("upstream_connect")),
        ("get", reverse("upstream", args=[upstream.id])),
        ("post", reverse("upstream", args=[upstream.id])),
        ("post", reverse("upstream_check", args=[upstream.id])),
        ("post", reverse("upstream_delete", args=[upstream.id])),
        ("get", reverse("model_edit", args=[model])),
        ("post", reverse("model_edit", args=[model])),
        ("post", reverse("model_switch", args=[model])),
    ]


def test_members_are_refused_everywhere(client_of, user, upstream):
    for method, page in pages(upstream):
        assert getattr(client_of(user), method)(page).status_code == 403, page
    assert Upstream.objects.filter(id=upstream.id).exists()


def test_visitors_are_sent_to_sign_in(client_of, upstream, user):
    for method, page in pages(upstream):
        reply = getattr(client_of(None), method)(page)
        assert (reply.status_code, "login" in reply.url) == (302, True), page


def test_the_pages_escape_what_the_upstream_says_and_never_hold_the_key(admin, upstream):
    upstream.check_error = "<script>alert(1)</script>"
    upstream.save()
    for _method, page in [entry for entry in pages(upstream) if entry[0] == "get"]:
        text = admin.get(page).content.decode()
        assert KEY not in text
        assert "<script>alert" not in text
        assert "<b>m</b>" not in text


def test_connecting_tests_on_the_spot_and_shows_the_new_upstream(admin, scripted):
    server = scripted(always(models("a", "b")))
    form = {"name": "New", "url": f"{server.url}/v1", "key": KEY}
    reply = admin.post(reverse("upstream_connect"), form, **HTMX)
    text = reply.content.decode()
    assert reply.status_code == 200
    assert 'hx-target="#upstreams"' in text
    assert "2 models are ready" in text
    assert KEY not in text
    assert Upstream.objects.get(name="New").endpoint().key == KEY


def test_connecting_without_script_goes_to_the_new_upstream(admin, scripted):
    server = scripted(always(models("a")))
    reply = admin.post(reverse("upstream_connect"), {"name": "New", "url": server.url, "key": KEY})
    assert reply.url == reverse("upstream", args=[Upstream.objects.get(name="New").id])


def test_a_failed_test_says_why_stores_nothing_and_can_be_saved_anyway(admin, scripted):
    server = scripted(always({"error": {"message": "no such key"}}, status=401))
    form = {"name": "New", "url": server.url, "key": KEY}
    for headers in (HTMX, {}):
        reply = admin.post(reverse("upstream_connect"), form, **headers)
        assert (reply.status_code, Upstream.objects.exists()) == (400, False)
        assert "no such key" in reply.content.decode()
        assert KEY not in reply.content.decode()
    admin.post(reverse("upstream_connect"), {**form, "anyway": "1"}, **HTMX)
    assert Upstream.objects.get().check_error


def test_an_empty_form_is_told_what_is_missing(admin):
    for headers in (HTMX, {}):
        reply = admin.post(reverse("upstream_connect"), {}, **headers)
        assert (reply.status_code, "required" in reply.content.decode()) == (400, True)


def test_a_bad_address_is_told_and_not_offered_to_be_saved(admin):
    text = admin.post(reverse("upstream_connect"), {"url": "ftp://x"}, **HTMX).content.decode()
    assert "https:// or http://" in text
    assert "anyway" not in text


def test_testing_again_reads_the_models(admin, upstream, scripted):
    Upstream.objects.update(base_url=scripted(always(models("new"))).url)
    text = admin.post(reverse("upstream_check", args=[upstream.id]), **HTMX).content.decode()
    assert 'hx-target="#models"' in text
    assert upstream.models.get(name="new").listed
    assert not upstream.models.get(name="<b>m</b>").listed


def test_saving_a_name_keeps_the_key_and_asks_nobody(admin, upstream):
    form = AS_SHOWN | {"name": "Renamed", "base_url": upstream.base_url, "key": "", "position": 3, "enabled": "on"}
    assert admin.post(reverse("upstream", args=[upstream.id]), form).status_code == 302
    upstream.refresh_from_db()
    assert (upstream.name, upstream.position, upstream.endpoint().key) == ("Renamed", 3, KEY)
    assert upstream.checked_at is None


def test_a_new_address_or_key_is_tested(admin, upstream, scripted):
    server = scripted(always(models("a")))
    form = AS_SHOWN | {"name": "Gateway", "base_url": f"{server.url}/v1/chat/completions", "key": "sk-new"}
    assert "1 model is ready" in admin.post(reverse("upstream", args=[upstream.id]), form).content.decode()
    upstream.refresh_from_db()
    assert (upstream.base_url, upstream.endpoint().key, upstream.enabled) == (server.url, "sk-new", False)


@pytest.mark.parametrize(
    "wrong", [{"base_url": "ftp://x"}, {"name": ""}, {"key": "sk-…"}, {"position": "-1"}, {"gemini_key": "cookie"}]
)
def test_a_wrong_value_is_refused_and_changes_nothing(admin, upstream, wrong):
    form = AS_SHOWN | {"name": "Other", "base_url": upstream.base_url, "key": "", **wrong}
    assert admin.post(reverse("upstream", args=[upstream.id]), form).status_code == 400
    assert Upstream.objects.get().name == "Gateway"


def test_the_built_in_ones_can_be_renamed_but_not_pointed_elsewhere_or_deleted(admin, upstream):
    Upstream.objects.update(kind="local")
    form = {"name": "Ours", "base_url": "http://evil.example", "key": "sk-evil", "position": 0, "enabled": "on"}
    admin.post(reverse("upstream", args=[upstream.id]), form)
    assert admin.post(reverse("upstream_delete", args=[upstream.id])).status_code == 404
    upstream.refresh_from_db()
    assert (upstream.name, upstream.base_url, upstream.endpoint().key) == ("Ours", "http://127.0.0.1:9", KEY)


def test_deleting_removes_the_upstream_and_its_models(admin, upstream):
    assert admin.post(reverse("upstream_delete", args=[upstream.id])).url == reverse("upstreams")
    assert not Upstream.objects.exists()
    assert not Model.objects.exists()


def test_a_model_is_switched_off_and_on(admin, upstream):
    model = upstream.models.get()
    address = reverse("model_switch", args=[model.id])
    assert f'id="model-{model.id}"' in admin.post(address, {}, **HTMX).content.decode()
    assert not Model.objects.get().enabled
    assert admin.post(address, {"enabled": "1"}).status_code == 302
    assert Model.objects.get().enabled


def test_a_model_is_renamed_ordered_and_reserved_for_a_group(admin, upstream):
    group = Group.objects.create(name="Designers")
    address = reverse("model_edit", args=[upstream.models.get().id])
    assert "Designers" in admin.get(address, **HTMX).content.decode()
    form = {"label": "Best one", "position": 2, "enabled": "on", "groups": [group.id]}
    row = admin.post(address, form, **HTMX).content.decode()
    assert "Best one" in row
    assert "Designers" in row
    model = Model.objects.get()
    assert (model.label, model.position, list(model.groups.all())) == ("Best one", 2, [group])


def test_the_models_can_be_searched(admin, upstream):
    Model.objects.create(upstream=upstream, name="needle")
    text = admin.get(reverse("upstream", args=[upstream.id]), {"q": "need"}).content.decode()
    assert "needle" in text
    assert "&lt;b&gt;m" not in text


def test_what_is_not_there_is_not_found(admin, user):
    nothing = "0193b3a0-0000-7000-8000-000000000000"
    for name in ("upstream", "model_edit"):
        assert admin.get(reverse(name, args=[nothing])).status_code == 404
