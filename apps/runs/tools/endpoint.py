"""A tool at an address: the arguments are posted there as JSON, and what it answers is the result."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.upstreams.failures import redact
from apps.upstreams.fetch import FetchRefused, checked, is_public, post_json
from apps.wire.tolerant import dumps

from .definitions import Address
from .failure import ToolFailed

LIMIT = 256 * 1024
TOLD = 2000


async def ask(address: Address, arguments: Mapping[str, Any]) -> str:
    """What the endpoint says. Raises ToolFailed; nothing that it gives holds the secret."""
    if address.problem:
        raise ToolFailed(address.problem)
    headers = {address.header: address.secret} if address.secret else {}
    try:
        answered = await post_json(
            address.url,
            dumps(arguments),
            limit=LIMIT,
            seconds=address.seconds,
            headers=headers,
            is_allowed=_allowed_for(address.url),
        )
    except FetchRefused as error:
        raise ToolFailed(_without(address.secret, str(error))) from error
    said = _without(address.secret, answered.data.decode("utf-8", "replace"))
    if not 200 <= answered.status < 300:
        told = _("The tool's address answered with status {status}: {text}")
        raise ToolFailed(told.format(status=answered.status, text=said[:TOLD] or "–"))
    return said


def _without(secret: str, text: str) -> str:
    """The text without the secret, also without its scheme: endpoints like to repeat what they were sent."""
    for piece in (secret, *secret.split()):
        text = redact(text, piece)
    return text


def check(url: str) -> None:
    """Refuses an address that would never be asked. Raises FetchRefused."""
    target = checked(url, _allowed_for(url))
    if target.scheme != "https" and not settings.TOOL_NETWORKS:
        raise FetchRefused(_("The address must begin with https://."), 400)


def _allowed_for(url: str):
    """https: the public internet and the networks that the administrator names; plain http: only the latter."""
    return _is_allowed if url.strip().lower().startswith("https:") else _is_ours


def _is_allowed(address: str) -> bool:
    return is_public(address) or _is_ours(address)


def _is_ours(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return any(ip in network for network in settings.TOOL_NETWORKS)
