"""The log of administrative acts: everything an administrator does is in it, and nothing takes it out."""

import pytest
from django.contrib.auth.models import Group

from apps.accounts.audit import record
from apps.accounts.models import AppendOnly, AuditEntry, Invitation
from apps.upstreams.models import Model, Upstream


def acts() -> list[tuple[str, str, str]]:
    """Who did what to what, oldest first."""
    return list(AuditEntry.objects.order_by("id").values_list("actor_name", "action", "target"))


def test_what_is_done_to_people_groups_invitations_and_sign_up_is_written_down(client_of, administrator, user):
    browser, place = client_of(administrator), "/settings/people/"
    browser.post(f"{place}groups/", {"name": "Lab"})
    group = Group.objects.get()
    browser.post(f"{place}groups/{group.pk}/rename/", {"name": "Research"})
    browser.post(f"{place}{user.pk}/groups/", {"groups": [group.pk]})
    for verb in ("appoint", "demote", "disable", "enable"):
        browser.post(f"{place}{user.pk}/{verb}/")
    browser.post(f"{place}groups/{group.pk}/delete/")
    browser.post(f"{place}invitations/", {"email": "ana@example.org", "days": 3})
    browser.post(f"{place}invitations/{Invitation.objects.get().pk}/revoke/")
    browser.post(f"{place}signup/", {"signup": "closed"})
    who = str(administrator)
    assert acts() == [
        (who, "group.make", "Lab"),
        (who, "group.rename", "Lab"),
        (who, "person.groups", user.email),
        *((who, f"person.{verb}", user.email) for verb in ("appoint", "demote", "disable", "enable")),
        (who, "group.delete", "Research"),
        (who, "invitation.make", "ana@example.org"),
        (who, "invitation.revoke", "ana@example.org"),
        (who, "signup.change", "closed"),
    ]


def test_what_is_done_to_upstreams_and_models_is_written_down_without_keys(client_of, administrator):
    upstream = Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")
    model = Model.objects.create(upstream=upstream, name="a-model")
    browser = client_of(administrator)
    browser.post(f"/settings/models/{model.pk}/switch/")
    browser.post(f"/settings/models/{model.pk}/", {"label": "A model", "position": 0})
    changed = {"name": "House", "base_url": upstream.base_url, "position": 0, "key": "sk-very-secret"}
    browser.post(f"/settings/upstreams/{upstream.pk}/", {**changed, "gemini_version": "v1", "gemini_key": "bearer"})
    browser.post(f"/settings/upstreams/{upstream.pk}/delete/")
    assert [(action, target) for _who, action, target in acts()] == [
        ("model.off", "a-model"),
        ("model.change", "a-model"),
        ("upstream.change", "House"),
        ("upstream.delete", "House"),
    ]
    assert "sk-very-secret" not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_a_refused_act_is_not_written_down(client_of, administrator):
    client_of(administrator).post(f"/settings/people/{administrator.pk}/disable/")
    assert acts() == []


def test_an_entry_is_never_changed_or_deleted(administrator):
    record(administrator, "test.act", "something")
    entry = AuditEntry.objects.get()
    entry.target = "something else"
    for act in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(AppendOnly):
            act()
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update(target="something else")
    with pytest.raises(AppendOnly):
        AuditEntry.objects.bulk_update([entry], ["target"])
    assert acts() == [(str(administrator), "test.act", "something")]


def test_the_entry_and_its_name_stay_when_who_acted_goes(administrator):
    record(administrator, "test.act")
    name = str(administrator)
    administrator.delete()
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name) == (None, name)
