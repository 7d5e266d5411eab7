"""A hub on an event loop of its own thread, as in a serving process."""

import asyncio
import threading
import uuid

import pytest

from apps.runs.hub import attached


@pytest.fixture
def serving(transactional_db):
    """The hub, attached and running, so that views can hand it their runs."""
    ready, stop = threading.Event(), asyncio.Event()
    held = {}

    async def serve():
        async with attached() as hub:
            held.update(hub=hub, loop=asyncio.get_running_loop())
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(60)
    yield held["hub"]
    held["loop"].call_soon_threadsafe(stop.set)
    thread.join(60)


@pytest.fixture
def turn():
    """A new turn id, as the browser makes one."""
    return lambda: str(uuid.uuid4())
