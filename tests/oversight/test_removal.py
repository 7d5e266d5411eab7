"""Deleting an account: shut out first, typed out, everything of theirs goes, the ledger keeps its counts."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.accounts import audit
from apps.accounts.models import AuditEntry, User
from apps.conversations.models import Conversation, Message
from apps.media.models import Asset
from apps.runs.models import Run
from apps.transfer.models import Transfer
from apps.transfer.work import claim
from apps.usage import meter
from apps.usage.models import Call, CallRecord
from apps.wire.messages import GenerationRequest, Usage


def address(person) -> str:
    return f"/settings/people/{person.pk}/delete/"


def spend(person, model, text: str) -> None:
    """A call of the person's, and what went over its wire."""
    call = meter.open_call(user=person, model=model, format="openai_chat", run_id=uuid.uuid4())
    measured = meter.Measured(error=f"400: {text}")
    tape = measured.take.begin("", GenerationRequest(model=model.name))
    tape.send("POST", "http://127.0.0.1:9/v1/chat/completions", {}, text.encode())
    tape.answer(200, {})
    meter.settle(call, outcome="completed", measured=measured, usage=Usage(input_tokens=7), estimated=True)


@pytest.mark.django_db(transaction=True)
def test_somebody_is_shut_out_then_typed_out_and_then_all_of_theirs_is_gone(browser, talk_of, user, member, model):
    (talk, picture), (others, kept) = talk_of(user, "going"), talk_of(member, "staying")
    for person in (user, member):
        spend(person, model, "what was said")
    browser.post(address(user), {"email": user.email})
    user.refresh_from_db()
    assert not user.is_active and Conversation.objects.filter(pk=talk.pk).exists()
    assert browser.post(address(user), {"email": "somebody@else.example"}).status_code == 400
    assert User.objects.filter(pk=user.pk).exists()
    reply = browser.post(address(user), {"email": user.email.upper()}, follow=True)
    assert "is deleted" in reply.content.decode()
    assert not User.objects.filter(pk=user.pk).exists()
    assert list(Conversation.objects.all()) == [others] and list(Asset.objects.all()) == [kept]
    assert (
        Message.objects.count() == 2 and default_storage.exists(kept.path) and not default_storage.exists(picture.path)
    )
    assert Call.objects.filter(user=None, input_tokens=7).count() == 1 and Call.objects.count() == 2
    assert set(Call.objects.values_list("user", "error")) == {(None, ""), (member.pk, "400: what was said")}
    assert [record.call.user for record in CallRecord.objects.select_related("call__user")] == [member]
    told = list(AuditEntry.objects.order_by("id").values_list("action", "target"))
    assert told == [("person.disable", user.email), ("person.delete", user.email)]


@pytest.mark.django_db(transaction=True)
def test_files_of_their_exports_go_too(browser, user):
    path = default_storage.save("transfers/a.zip", ContentFile(b"all of it"))
    Transfer.objects.create(owner=user, kind="export", status="done", file=path)
    for _step in range(2):
        browser.post(address(user), {"email": user.email})
    assert not Transfer.objects.exists() and not default_storage.exists(path)


@pytest.mark.django_db(transaction=True)
def test_what_runs_for_them_ends(browser, talk_of, user, model):
    talk = talk_of(user, "going")[0]
    about = {"turn_id": uuid.uuid4(), "model_name": "a-model", "upstream_name": "Gateway", "format": "openai_chat"}
    Run.objects.create(conversation=talk, message=talk.head, user=user, model=model, status="running", **about)
    for _step in range(2):
        browser.post(address(user), {"email": user.email})
    assert not Run.objects.exists() and not User.objects.filter(pk=user.pk).exists()


def test_nobody_deletes_themselves_there_nor_the_last_administrator(browser, client_of, administrator, password):
    assert browser.get(address(administrator)).status_code == 404
    reply = browser.post("/settings/account/delete/", {"email": administrator.email, "password": password})
    assert reply.status_code == 400 and "last administrator" in reply.content.decode()
    assert User.objects.filter(pk=administrator.pk, is_active=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_person_deletes_their_own_account_with_their_password(client_of, talk_of, user, administrator, password):
    talk_of(user, "going")
    theirs = client_of(user)
    place = "/settings/account/delete/"
    assert "1 conversation" in theirs.get(place).content.decode()
    assert theirs.post(place, {"email": user.email, "password": "wrong"}).status_code == 400
    assert User.objects.filter(pk=user.pk, is_active=True).exists()
    reply = theirs.post(place, {"email": user.email, "password": password})
    assert reply.headers["Location"] == "/accounts/login/"
    assert not User.objects.filter(pk=user.pk).exists() and not Conversation.objects.exists()
    assert theirs.get("/settings/account/").status_code == 302


def test_an_export_by_an_administrator_is_told_to_whom_it_was_of(client_of, administrator, user, member):
    audit.record(administrator, "person.export", user.email, person=user.pk)
    for address_ in ("/settings/account/", "/settings/account/openings/"):
        assert "exported everything of yours" in client_of(user).get(address_).content.decode()
        assert "exported everything of yours" not in client_of(member).get(address_).content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_export_that_waits_for_somebody_who_is_gone_exports_nobody_else(browser, user, administrator, talk_of):
    talk_of(administrator, "the administrator's own")
    browser.post(address(user), {"email": user.email})
    browser.post(f"/settings/people/{user.pk}/export/")
    waiting = Transfer.objects.get(owner=administrator)
    browser.post(address(user), {"email": user.email})
    assert not User.objects.filter(pk=user.pk).exists()
    assert claim() is None
    waiting.refresh_from_db()
    assert (waiting.status, waiting.subject, waiting.file) == ("failed", None, "")
