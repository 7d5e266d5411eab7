"""How this process writes and reads in the background: one writer at a time, in threads that keep their connection."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import connection, connections, transaction

_one_writer = threading.Lock()
_here = threading.local()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that writes. SQLite has one writer and polls for its turn, sleeping up to 100 ms between looks;
    within a process the next one is woken instead. Within another `writing` it is a part of that one."""
    if getattr(_here, "writes", False):
        yield
        return
    with _one_writer if connection.vendor == "sqlite" else nullcontext(), transaction.atomic():
        _here.writes = True
        try:
            yield
        finally:
            _here.writes = False


class DatabaseThreads:
    """Threads for database work that no request waits for."""

    def __init__(self, count: int, name: str):
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, work: Callable, *args: Any, **kwargs: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: _fresh(work, *args, **kwargs))

    async def end(self) -> None:
        """Gives the connections back; only for one thread, which is then gone."""
        await self.run(connections.close_all)
        self._threads.shutdown()


def _fresh(work: Callable, *args: Any, **kwargs: Any) -> Any:
    """Connecting costs more than most queries: only a connection that failed is given up."""
    if connection.connection is not None and connection.errors_occurred:
        connection.close()
    return work(*args, **kwargs)
