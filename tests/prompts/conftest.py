"""Prompts and presets of one person, and a group that she and another member are in."""

import pytest
from django.contrib.auth.models import Group

from apps.prompts import library
from apps.upstreams.models import Model, Upstream


@pytest.fixture
def prompt(user):
    return library.make(owner=user, title="Translate", text="Put this into {{language=English}}:\n{{text:long}}")


@pytest.fixture
def group(user, member):
    group = Group.objects.create(name="Writers")
    group.user_set.add(user, member)
    return group


@pytest.fixture
def model(db):
    upstream = Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")
    return Model.objects.create(upstream=upstream, name="a-model", capabilities=["chat"])
