"""Files of a finished task: fetched at once, as links expire; tried again on a schedule, without a new submit.

Our key goes to the upstream alone. An address of another host gets nothing of ours, and must be public; only the
upstream's own host and port may be private, since an administrator connected it there, and a store that the settings
name.
"""

from contextlib import suppress
from typing import BinaryIO
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _

from apps.upstreams import fetch
from apps.upstreams.client import Endpoint, UpstreamError
from apps.upstreams.fetch import FetchRefused
from apps.upstreams.tape import Tape
from apps.usage import making
from apps.wire.media.shapes import Made

from ..sniff import MB

NEEDS_KEY = (401, 403)
# What an upstream answers while a file is not yet, or no longer, to be had.
REFUSED = (400, 413, 501)


class NotFetched(Exception):
    """The text says why; `again` is true where it may be had later."""

    def __init__(self, sentence: str, again: bool):
        super().__init__(sentence)
        self.again = again


async def fetched(endpoint: Endpoint, made: Made, into: BinaryIO, tape: Tape) -> None:
    """Writes the file into `into`. Raises NotFetched."""
    try:
        if made.path:
            await _by_key(endpoint, made.path, into, _limit(made), tape)
        else:
            await _by_address(endpoint, made.url, into, _limit(made), tape)
    except FetchRefused as error:
        raise NotFetched(_told(str(error)), error.again) from error
    except UpstreamError as error:
        raise NotFetched(_told(str(error)), error.kind != "too_large" and error.status not in REFUSED) from error


def _told(reason: str) -> str:
    return _("The file could not be fetched: {reason}").format(reason=reason)


def _limit(made: Made) -> int:
    return settings.RESULT_MB[made.kind] * MB


async def _by_address(endpoint: Endpoint, url: str, into: BinaryIO, limit: int, tape: Tape) -> None:
    """Without our key; with it where the upstream itself asks for one, at an address that is its own."""
    try:
        await _download(endpoint, url, into, limit, tape)
    except FetchRefused as error:
        if error.said not in NEEDS_KEY or not url.startswith(f"{endpoint.base_url}/v"):
            raise
        into.seek(0)
        into.truncate()
        await _by_key(endpoint, url.removeprefix(endpoint.base_url), into, limit, tape)


async def _by_key(endpoint: Endpoint, path: str, into: BinaryIO, limit: int, tape: Tape) -> None:
    try:
        async with making.content(endpoint, path, tape) as reply:
            with suppress(ValueError):
                if int(reply.headers.get("content-length", "")) > limit:
                    raise fetch.too_large(limit)
            size = 0
            async for chunk in reply.chunks():
                size += len(chunk)
                if size > limit:
                    raise fetch.too_large(limit)
                into.write(chunk)
    except UpstreamError as error:
        if not error.location:
            raise
        await _by_address_of(endpoint, path, error.location, into, limit, tape)


async def _by_address_of(endpoint: Endpoint, path: str, location: str, into: BinaryIO, limit: int, tape: Tape) -> None:
    """Where the upstream sends us on to: a signed address, mostly of a store elsewhere."""
    await _download(endpoint, urljoin(endpoint.url(path), location), into, limit, tape)


async def _download(endpoint: Endpoint, url: str, into: BinaryIO, limit: int, tape: Tape) -> None:
    own = (endpoint.base_url, *settings.RESULT_ORIGINS)
    await fetch.download(url, into, limit=limit, seconds=settings.RESULT_SECONDS, own=own, tape=tape)
