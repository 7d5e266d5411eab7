"""Fixtures for every test: people, clients signed in as them, and upstreams. The servers are in tests/servers.py."""

import gc
import shutil
import signal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from tests.databases import copy_database, drop_database, postgresql_url

pytest_plugins = ["tests.servers"]

# `server` is not among them: its tests are about pages, and those that break things take a `playground_server`.
DATABASE_FIXTURES = {"db", "transactional_db", "playground_server"}
# No test of these folders needs a database: where only those that do are wanted, they are not even read.
WITHOUT_DATABASE = [Path(__file__).parent / name for name in ("sandbox", "wire")]


def pytest_sessionstart():
    """Thousands of tests are objects without end, which the collector would look through again and again.

    A job in the background is born deaf to SIGINT, and so would every server be that it starts.
    """
    gc.disable()
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


def pytest_ignore_collect(collection_path, config):
    return (config.option.markexpr == "database" and collection_path in WITHOUT_DATABASE) or None


def pytest_collection_modifyitems(items):
    """Marks what needs a database or Redis by the fixtures it asks for, so that nobody has to remember to."""
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames):
            assert not set(item.path.parents) & set(WITHOUT_DATABASE), f"{item.nodeid} is not run on PostgreSQL"
            item.add_marker(pytest.mark.database)
        if "redis_server" in item.fixturenames:
            item.add_marker(pytest.mark.redis)


@pytest.fixture(scope="session")
def django_db_keepdb():
    """Tests find a database that is there: a copy of one that was migrated once for all workers."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, fresh_seed):
    name = connection.creation._get_test_db_name()
    if not postgresql_url():
        shutil.copyfile(fresh_seed.data / "playground.sqlite3", name)
        yield
    else:
        copied = copy_database(fresh_seed.database, name)
        yield
        drop_database(copied)


@pytest.fixture(autouse=True)
def english():
    """A request in Chinese leaves its thread in Chinese; the next test begins in English."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def no_pauses():
    """An upstream that failed in one test is not paused in the next."""
    from apps.upstreams.breaker import breaker

    breaker.forget()


def make_person(email: str, **fields):
    from apps.accounts.models import Instance, User

    Instance.objects.get_or_create(pk=1)
    return User.objects.create_user(email, "correct-horse-battery-staple", name=email.partition("@")[0], **fields)


@pytest.fixture
def user(db):
    """A member, on an instance whose first-run set-up is over."""
    return make_person("user@example.org")


@pytest.fixture
def member(db):
    """Another member than `user`."""
    return make_person("member@example.org")


@pytest.fixture
def administrator(db):
    """An administrator."""
    return make_person("administrator@example.org", is_superuser=True)


@pytest.fixture
def client_of():
    """`client_of(user)`: Django's test client signed in as that person; `client_of(None)`: nobody."""

    def make(user) -> Client:
        client = Client()
        if user:
            client.force_login(user, backend="playground.sign_in.Backend")
        return client

    return make


@pytest.fixture
def sandbox_upstream(db, sandbox):
    """The Upstream row of the running `sandbox`, with a Model row for everything it offers."""
    import httpx

    from apps.upstreams.models import Model, Upstream

    upstream = Upstream(name="Sandbox", base_url=sandbox.url)
    upstream.set_key(sandbox.key)
    upstream.save()
    headers = {"Authorization": f"Bearer {sandbox.key}"}
    listed = httpx.get(f"{sandbox.url}/v1/models", headers=headers, trust_env=False, verify=False).json()["data"]
    Model.objects.bulk_create(Model(upstream=upstream, name=entry["id"], capabilities=["chat"]) for entry in listed)
    return upstream
