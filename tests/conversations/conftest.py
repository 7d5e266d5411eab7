"""Conversations made by the product's own functions."""

import pytest

from apps.conversations import edit
from apps.wire.messages import Text


@pytest.fixture
def make(user):
    """`make("first words", owner=…)`: a conversation without messages."""
    return lambda text="", owner=user, **more: edit.create(owner=owner, first_text=text, **more)


@pytest.fixture
def talk(make):
    return make("A talk")


@pytest.fixture
def say():
    """`say(conversation, "text", below=message)`: a message; its role is the other one than that of its parent."""

    def add(conversation, text="", below=None):
        role = "assistant" if below and below.role == "user" else "user"
        return edit.add_message(conversation=conversation, parent=below, role=role, parts=[Text(text)] if text else [])

    return add
