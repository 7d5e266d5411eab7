import threading

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from apps.accounts.models import Instance, User

ANA = {"name": "Ana Petrov", "email": "Ana@Example.org", "password": "correct-horse-battery"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/settings/people/", "/setup/gateway/", "/nowhere/"])
def test_before_set_up_every_page_leads_to_it(visitor, path):
    assert visitor().get(path).headers["Location"] == "/setup/"


@pytest.mark.django_db
def test_health_is_told_before_set_up(visitor):
    assert visitor().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_set_up_makes_an_administrator_who_is_signed_in_and_goes_on_to_the_gateway(visitor):
    browser = visitor()
    reply = browser.post("/setup/", ANA)
    assert reply.headers["Location"] == "/setup/gateway/"
    ana = User.objects.get()
    assert (ana.email, ana.name, ana.is_administrator) == ("ana@example.org", "Ana Petrov", True)
    assert Instance.objects.filter(pk=1).exists()
    assert browser.get("/settings/people/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ana", "valid email"),
        ("password", "short", "at least 12 characters"),
        ("password", "password1234", "too common"),
        ("password", "ana@example.org", "too similar"),
    ],
)
def test_set_up_refuses_with_a_sentence_at_the_field_and_keeps_what_was_typed(visitor, field, value, sentence):
    reply = visitor().post("/setup/", {**ANA, field: value})
    page = reply.content.decode()
    assert reply.status_code == 400
    assert sentence in " ".join(reply.context["form"].errors[field])
    assert sentence in page
    assert "Ana Petrov" in page
    assert ANA["password"] not in page
    assert not User.objects.exists()
    assert not Instance.objects.exists()


@pytest.mark.django_db
def test_the_password_rules_are_named_before_anything_is_typed(visitor):
    assert "at least 12 characters" in visitor().get("/setup/").content.decode()


def test_after_set_up_the_page_is_gone_and_makes_nobody(visitor, administrator):
    assert visitor().get("/setup/").headers["Location"] == "/"
    assert visitor().post("/setup/", ANA).headers["Location"] == "/"
    assert User.objects.get() == administrator


def test_once_set_up_a_page_asks_the_database_nothing_about_it(visitor, administrator, django_assert_num_queries):
    browser = visitor()
    browser.get("/healthz")
    browser.get("/nowhere/")
    with django_assert_num_queries(0):
        browser.get("/nowhere/")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_administrator_and_the_other_gets_a_sentence():
    start, replies = threading.Barrier(2), []

    def set_up(email: str) -> None:
        browser = Client()
        browser.get("/setup/")
        start.wait()
        replies.append(browser.post("/setup/", {**ANA, "email": email}))
        connection.close()

    threads = [threading.Thread(target=set_up, args=(f"{name}@example.org",)) for name in ("ana", "bob")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert User.objects.filter(is_superuser=True).count() == User.objects.count() == 1
    # The slower one either lost inside the transaction, or came after it and is shown the way out.
    slower = next(reply for reply in replies if reply.headers.get("Location") != "/setup/gateway/")
    if slower.status_code == 409:
        assert "just set up" in slower.content.decode()
    else:
        assert slower.headers["Location"] == "/"


@pytest.mark.django_db
def test_who_loses_inside_the_transaction_leaves_nothing_behind():
    from apps.accounts.setup import AlreadySetUp, set_up

    set_up(name="Ana", email="ana@example.org", password=ANA["password"])
    with pytest.raises(AlreadySetUp, match="just set up"):
        set_up(name="Bob", email="bob@example.org", password=ANA["password"])
    assert [user.email for user in User.objects.all()] == ["ana@example.org"]


@pytest.mark.django_db
def test_headless_set_up_counts(visitor, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "ops@example.org")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", ANA["password"])
    call_command("createsuperuser", "--noinput", verbosity=0)
    assert visitor().get("/setup/").headers["Location"] == "/"
    assert Instance.objects.filter(pk=1).exists()
    signed_in = visitor().post("/accounts/login/", {"login": "ops@example.org", "password": ANA["password"]})
    assert signed_in.headers["Location"] == "/"
