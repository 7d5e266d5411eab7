"""Uploading as a person does it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.media.models import Asset
from tests.media import files


@pytest.fixture
def upload(client_of, member):
    """`upload(data, name, person=member, **fields)`: the response to one file sent up."""

    def send(data: bytes, name="a.png", person=None, **fields):
        return client_of(person or member).post("/assets/", {"file": SimpleUploadedFile(name, data), **fields})

    return send


@pytest.fixture
def asset(upload):
    """One of the member's files, a picture unless other content is given."""

    def make(data: bytes = b"", name="a.png", **more) -> Asset:
        response = upload(data or files.picture(), name, **more)
        assert response.status_code == 200, response.content
        return Asset.objects.order_by("seen_at").last()

    return make
