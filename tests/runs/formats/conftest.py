"""Talks with the sandbox, which runs as a process of its own, and with upstreams that a test makes."""

import pytest

from .talking import Talk, upstream_at


@pytest.fixture
def talk_with(serving, client_of, member):
    """`talk_with(upstream, format)`: a new conversation of `member`."""
    client = client_of(member)
    return lambda upstream, format="": Talk(client, member, upstream, format)


@pytest.fixture
def new_talk(talk_with, sandbox):
    """`new_talk(format)`: a new conversation with the sandbox."""
    upstream = upstream_at(sandbox.url, sandbox.key)
    return lambda format="": talk_with(upstream, format)
