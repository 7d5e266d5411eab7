"""How long each kind of call may take, and which failures of it may be tried again."""

import re

import msgspec
from django.conf import settings

from apps.wire.messages import GenerationRequest

# They think for up to half an hour before their first word.
_SLOW = re.compile(r"\b(o\d|gpt-[5-9][\d.]*)-pro\b|deep-research")


class Limits(msgspec.Struct, frozen=True):
    """Seconds. `retries` counts new attempts; `unsafe` also repeats what the upstream may have begun to work on, and
    `once` nothing that it may have seen, even where it answered with an error.
    """

    connect: float = 10
    first_byte: float = 120
    idle: float = 300
    total: float = 1800
    retries: int = 2
    unsafe: bool = False
    once: bool = False


def limits_of(kind: str) -> Limits:
    """Kinds: chat (a generation), long (one that may be silent to its end), poll (a look at one in the background),
    catalogue (a read in the background), check (a read that somebody waits for), make (media: it may take its time, and
    what was begun is paid), look and content (how its task is, and its file: both have a schedule of their own).
    """
    if kind == "chat":
        return Limits(first_byte=settings.UPSTREAM_FIRST_BYTE_SECONDS, idle=settings.UPSTREAM_IDLE_SECONDS)
    if kind == "long":
        patience = settings.UPSTREAM_LONG_SECONDS
        return Limits(first_byte=patience, idle=patience, total=2 * patience)
    if kind == "poll":
        return Limits(first_byte=30, idle=60, total=120, retries=3, unsafe=True)
    if kind == "make":
        patience = settings.UPSTREAM_MEDIA_SECONDS
        return Limits(first_byte=patience, idle=patience, total=3 * patience, once=True)
    if kind == "content":
        return Limits(first_byte=60, idle=60, total=settings.RESULT_SECONDS, retries=0)
    if kind == "look":
        return Limits(first_byte=30, idle=60, total=120, retries=0)
    if kind == "catalogue":
        return Limits(first_byte=30, idle=30, total=90, retries=3, unsafe=True)
    if kind == "check":
        return Limits(first_byte=30, idle=15, total=45, retries=0)
    raise ValueError(f"no limits for calls of kind {kind!r}")


def kind_for(request: GenerationRequest, kind: str) -> str:
    """The kind of a generation: a long one where nothing need come before the end of it."""
    slow = not request.stream or request.parameters.get("background") or _SLOW.search(request.model.lower())
    return "long" if slow and kind == "chat" else kind
