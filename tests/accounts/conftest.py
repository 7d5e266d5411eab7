"""Visitors at addresses of their own, and throttles that know nothing of the tests before."""

import itertools
import secrets

import pytest
from django.test import Client

_addresses = itertools.count(1)


@pytest.fixture(autouse=True)
def counters(settings):
    """Throttles count in the cache: a new one for each test, and never the Redis that other workers use."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": secrets.token_hex(8)}}


@pytest.fixture
def visitor():
    """`visitor()`: a fresh browser, signed in as nobody, at an address nobody else has."""

    def make() -> Client:
        return Client(REMOTE_ADDR=f"fd00:0:{next(_addresses):x}::1")

    return make


@pytest.fixture
def password() -> str:
    """What every person of the fixtures signs in with."""
    return "correct-horse-battery-staple"
