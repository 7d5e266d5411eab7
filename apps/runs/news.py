"""News for pages, over the channel layer. Nothing relies on the layer to deliver: a page that missed it re-reads."""

import logging
import uuid

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)


def user_group(user_id: int) -> str:
    return f"user.{user_id}"


def run_group(run_id: uuid.UUID) -> str:
    return f"run.{run_id}"


def tell(group: str, **news) -> None:
    """From a thread, after the commit: `about` run or conversation, its `id`, and for the latter `thread` and `by`."""
    try:
        async_to_sync(get_channel_layer().group_send)(group, {"type": "news", **news})
    except OSError:
        logger.exception("The channel layer cannot be reached; pages in other processes will look by themselves.")
