"""Waiting on an event loop for a fact, never for a time. Without a loop there is `tests.processes.wait_until`."""

import asyncio


async def until_async(fact, timeout=60.0):
    """Gives what the coroutine function `fact` gives as soon as it is true."""
    async with asyncio.timeout(timeout):
        while not (found := await fact()):
            await asyncio.sleep(0.02)
    return found
