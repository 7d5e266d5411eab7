"""How long each kind of call may take, and which failures of it may be tried again."""

import msgspec
from django.conf import settings


class Limits(msgspec.Struct, frozen=True):
    """Seconds. `retries` counts new attempts; `unsafe` also repeats what the upstream may have begun to work on."""

    connect: float = 10
    first_byte: float = 120
    idle: float = 300
    total: float = 1800
    retries: int = 2
    unsafe: bool = False


def limits_of(kind: str) -> Limits:
    """Kinds: chat (a generation), catalogue (a read in the background), check (a read that somebody waits for)."""
    if kind == "chat":
        return Limits(first_byte=settings.UPSTREAM_FIRST_BYTE_SECONDS, idle=settings.UPSTREAM_IDLE_SECONDS)
    if kind == "catalogue":
        return Limits(first_byte=30, idle=30, total=90, retries=3, unsafe=True)
    if kind == "check":
        return Limits(first_byte=30, idle=15, total=45, retries=0)
    raise ValueError(f"no limits for calls of kind {kind!r}")
