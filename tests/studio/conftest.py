"""Models that make things, and what people post. Nothing is sent: no workshop runs here."""

import io
import uuid

import pytest

from apps.media import store
from apps.media.jobs.models import Job
from apps.upstreams.models import Model, Upstream
from tests.media import files


@pytest.fixture
def upstream(db) -> Upstream:
    return Upstream.objects.create(name="Gateway", base_url="http://127.0.0.1:9")


@pytest.fixture
def offered(upstream):
    """`offered(name, family, dialect)`: a model that makes this."""

    def make(name: str, family: str = "images", dialect: str = "", **fields) -> Model:
        known = {"capabilities": [family], "own_dialect": dialect, **fields}
        return Model.objects.create(upstream=upstream, name=name, **known)

    return make


@pytest.fixture
def picture_of():
    """`picture_of(user)`: a picture that the person keeps, each another one."""
    sides = iter(range(8, 200))

    def make(user):
        data = files.picture(size=(next(sides), 8))
        return store.keep_upload(owner=user, file=io.BytesIO(data), size=len(data), name="a.png")

    return make


@pytest.fixture
def form():
    """`form(model, **fields)`: what the page posts."""

    def make(model: Model, **fields) -> dict:
        told = {"model": str(model.pk), "prompt": "A green bottle", "once": str(uuid.uuid4()), "studio": "images"}
        return {**told, **fields}

    return make


@pytest.fixture
def job_of():
    """`job_of(user, model, …)`: a job that is over."""

    def make(user, model: Model, **fields) -> Job:
        known = {"family": "images", "dialect": "openai_images", "status": Job.Status.SUCCEEDED, "prompt": "A bottle"}
        return Job.objects.create(owner=user, model=model, model_name=model.name, **{**known, **fields})

    return make
