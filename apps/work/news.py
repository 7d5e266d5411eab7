"""News for pages, over the channel layer. Nothing relies on the layer to deliver: a page that missed it re-reads."""

import asyncio
import logging
import uuid

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)


def user_group(user_id: int) -> str:
    return f"user.{user_id}"


def run_group(run_id: uuid.UUID) -> str:
    return f"run.{run_id}"


_serving: asyncio.AbstractEventLoop | None = None


def send_on(loop: asyncio.AbstractEventLoop | None) -> None:
    """The loop that serves pages sends the news from now on, so that who tells does not wait for the layer."""
    global _serving
    _serving = loop


def tell(group: str, **news) -> None:
    """From a thread, after the commit: `about` run or conversation, its `id`, and for the latter `thread` and `by`."""
    if _serving is not None and _serving.is_running():
        asyncio.run_coroutine_threadsafe(_send(group, news), _serving)
    else:
        async_to_sync(_send)(group, news)


async def _send(group: str, news: dict) -> None:
    try:
        await get_channel_layer().group_send(group, {"type": "news", **news})
    except OSError:
        logger.exception("The channel layer cannot be reached; pages in other processes will look by themselves.")
