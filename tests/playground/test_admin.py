"""Django's admin: by the product's own rules, in its frame, and all of it in the audit log."""

import csv
import io
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import invitations
from apps.accounts.models import AuditEntry, Instance, Invitation, User
from apps.upstreams.models import Model, Upstream
from apps.usage.models import Call
from playground.admin import AT_ONCE

KEY = "sk-very-secret-key"


@pytest.fixture
def browser(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def model(db):
    upstream = Upstream(name="Gateway", base_url="http://127.0.0.1:9")
    upstream.set_key(KEY)
    upstream.save()
    return Model.objects.create(upstream=upstream, name="a-model", label="=1+1", capabilities=["chat"])


def act(browser, model, action: str, *chosen):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return browser.post(address, {"action": action, "_selected_action": [one.pk for one in chosen]}, follow=True)


def changed(browser, thing, **data):
    return browser.post(reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk]), data)


def acts() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "target"))


def test_people_are_disabled_through_the_products_own_functions_and_their_sessions_end(browser, client_of, user):
    theirs = client_of(user)
    act(browser, User, "disable", user)
    assert theirs.get("/settings/account/").status_code == 302
    act(browser, User, "enable", user)
    assert theirs.get("/settings/account/").status_code == 302
    group = Group.objects.create(name="Lab")
    changed(browser, user, is_active="", is_superuser="on", groups=[group.pk])
    user.refresh_from_db()
    assert (user.is_active, user.is_superuser, list(user.groups.all())) == (False, True, [group])
    told = ["person.disable", "person.enable", "person.appoint", "person.disable", "person.groups"]
    assert sorted(acts()) == sorted((action, user.email) for action in told)


def test_signing_somebody_out_ends_their_sessions(browser, client_of, user):
    theirs = client_of(user)
    act(browser, User, "sign_out", user)
    assert theirs.get("/settings/account/").status_code == 302
    assert acts() == [("person.sign_out", user.email)]


def test_the_last_administrator_stays_here_too(browser, administrator):
    assert "is the last administrator" in act(browser, User, "disable", administrator).content.decode()
    changed(browser, administrator, is_active="", is_superuser="")
    administrator.refresh_from_db()
    assert administrator.is_administrator and acts() == []


def test_groups_models_and_the_instance_are_changed_and_written_down(browser, model):
    browser.post(reverse("admin:auth_group_add"), {"name": "Lab"})
    changed(browser, Group.objects.get(), name="Research")
    act(browser, Model, "switch_off", model)
    changed(browser, model, label="Mine", position=0, own_formats=[], groups=[Group.objects.get().pk])
    changed(browser, Instance.objects.get(pk=1), signup="closed")
    model.refresh_from_db()
    assert not model.enabled and model.label == "Mine" and model.groups.count() == 1
    assert not Instance.objects.get(pk=1).public_sharing
    assert acts() == [
        ("group.make", "Lab"),
        ("group.rename", "Lab"),
        ("model.off", "a-model"),
        ("admin.change", "Mine"),
        ("admin.change", "Playground"),
    ]


def test_an_invitation_is_taken_back_and_its_link_is_nowhere(browser, administrator):
    link = invitations.invite(invited_by=administrator, email="ana@example.org")
    for address in (reverse("admin:accounts_invitation_changelist"), f"/admin/accounts/invitation/{link.pk}/change/"):
        page = browser.get(address).content.decode()
        assert "ana@example.org" in page and link.token not in page
    act(browser, Invitation, "revoke", link)
    assert not Invitation.objects.exists()


def test_no_page_shows_a_key(browser, model):
    for thing in (model, model.upstream):
        name = thing._meta.label_lower.replace(".", "_")
        for address in (reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_change", args=[thing.pk])):
            assert KEY not in browser.get(address).content.decode()


def test_what_has_its_own_rules_is_neither_made_changed_nor_deleted_by_hand(browser, administrator):
    AuditEntry(actor=administrator, actor_name="a", action="person.enable", target="b").save()
    entry = AuditEntry.objects.get()
    assert browser.post(f"/admin/accounts/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert browser.post(f"/admin/accounts/auditentry/{entry.pk}/change/", {"target": "c"}).status_code == 403
    for label in ("accounts.auditentry", "oversight.opening", "usage.call", "usage.price", "sharing.sharelink"):
        assert browser.get(f"/admin/{label.replace('.', '/')}/add/").status_code == 403
    assert browser.post(f"/admin/accounts/user/{administrator.pk}/delete/", {"post": "yes"}).status_code == 403


def test_contents_second_factors_and_providers_tokens_are_not_in_the_admin_at_all():
    registered = {model._meta.app_label for model in admin.site._registry}
    assert not registered & {"conversations", "runs", "media", "prompts", "account", "socialaccount", "mfa", "sessions"}


def test_a_selection_is_exported_as_the_list_shows_it_and_no_cell_is_a_formula(browser, model):
    reply = act(browser, Model, "export_csv", model)
    rows = list(csv.reader(io.StringIO(reply.getvalue().decode())))
    assert rows[0][:3] == ["Name", "Label", "Upstream"]
    assert rows[1][:3] == ["a-model", "'=1+1", "Gateway"]
    assert acts() == [("admin.export", "model")]


def test_a_selection_of_any_size_is_exported_whole_and_by_queries_that_end(browser):
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(AT_ONCE + 2))
    chosen = {"action": "export_csv", "select_across": 1, "_selected_action": [Group.objects.first().pk]}
    reply = browser.post("/admin/auth/group/", chosen)
    with CaptureQueriesContext(connection) as queries:
        rows = list(csv.reader(io.StringIO(reply.getvalue().decode())))
    assert len({row[0] for row in rows[1:]}) == AT_ONCE + 2 and len(queries) > 1


def test_calls_are_listed_without_a_look_at_all_of_them_and_without_what_an_upstream_quoted(browser, user):
    known = {"user": user, "upstream_name": "U", "format": "openai_chat", "outcome": "failed", "cause": "400"}
    chat = Call.objects.create(model_name="talker", kind="chat", error="Not allowed: my secret plan", **known)
    Call.objects.create(model_name="painter", kind="images", **known)
    with CaptureQueriesContext(connection) as queries:
        page = browser.get("/admin/usage/call/?kind=chat").content.decode()
    assert "talker" in page and "painter" not in page
    assert not any("DISTINCT" in query["sql"] and "usage_call" in query["sql"] for query in queries)
    shown = browser.get(f"/admin/usage/call/{chat.pk}/change/").content.decode()
    assert "talker" in shown and "secret plan" not in page + shown


def test_every_page_keeps_the_policy_and_brings_no_script_of_its_own_within(browser, model, user):
    pages = ["/admin/", "/admin/accounts/", f"/admin/accounts/user/{user.pk}/change/", "/admin/usage/call/"]
    pages += [f"/admin/upstreams/model/{model.pk}/{page}/" for page in ("change", "history")]
    for path in [*pages, "/admin/upstreams/model/?enabled__exact=1&q=a"]:
        reply = browser.get(path)
        page = reply.content.decode()
        assert reply.status_code == 200 and "script-src 'self'" in reply.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style\b|\s(?:style|on[a-z]+)=[\"']", page), path
        assert "admin/css/" not in page and 'class="rail"' in page


def test_the_first_page_has_the_usage_and_what_was_done_and_leads_to_the_review(browser, user):
    act(browser, User, "disable", user)
    page = browser.get("/admin/").content.decode()
    assert "/usage/?scope=team" in page and "Spend" in page
    assert f"Disabled {user.email}" in page


def test_leaving_and_passwords_are_our_own_pages(browser):
    assert browser.get("/admin/password_change/").headers["Location"] == reverse("account_change_password")
    assert browser.post("/admin/logout/").headers["Location"] == reverse("account_logout")
