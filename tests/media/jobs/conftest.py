"""An upstream that makes films and pictures as a test says, and a workshop on a loop of its own."""

import asyncio
import threading

import pytest

from tests.upstreams.conftest import scripted  # noqa: F401 - a fixture

from .studio import Studio


@pytest.fixture
def studio(scripted):  # noqa: F811
    """The upstream; see `Studio` for what it does by itself and what a test may change."""
    return Studio(scripted)


@pytest.fixture
def model(studio, transactional_db):
    """`model(name="film-1", **fields)`: a model of the studio's upstream, which everybody may use."""
    from apps.upstreams.models import Model, Upstream

    upstream = Upstream(name="Studio", base_url=studio.url)
    upstream.set_key(studio.key)
    upstream.save()

    def make(name="film-1", capability="video", **fields) -> Model:
        return Model.objects.create(upstream=upstream, name=name, capabilities=[capability], **fields)

    return make


@pytest.fixture
def quick(settings):
    """Looks and tries follow each other at once."""
    settings.JOB_PACE = 0.005
    return settings


@pytest.fixture
def workshop(transactional_db, quick):
    """The workshop, attached and running on a thread of its own, as in a serving process."""
    from apps.media.jobs.workshop import attached

    ready, stop, held = threading.Event(), asyncio.Event(), {}

    async def serve():
        async with attached(4) as workshop:
            held.update(workshop=workshop, loop=asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    yield held["workshop"]
    held["loop"].call_soon_threadsafe(stop.set)
    thread.join(20)
