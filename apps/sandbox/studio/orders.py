"""What a maker is given to do, and how it says that it will not."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from apps.wire.events import Failed
from apps.wire.media.shapes import MediaReply, MediaRequest, Role

from .files import Files
from .models import Maker

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Order:
    """`data` are the bytes of the request's sources, in their order: b"" for one at an address that is not ours.

    `base` is what links to files begin with, `number` tells this order from all others and cannot be guessed.
    """

    request: MediaRequest
    maker: Maker
    files: Files
    base: str
    number: str
    data: tuple[bytes, ...] = ()

    def inputs(self, *roles: Role) -> list[bytes]:
        """The files of these roles that came, or could be had."""
        given = zip(self.request.sources, self.data, strict=True)
        return [data for source, data in given if source.role in roles and data]

    def said(self) -> str:
        """The prompt, and the addresses that nobody looked at."""
        return " ".join([self.request.prompt, *self._unseen()])

    def _unseen(self) -> Iterator[str]:
        given = zip(self.request.sources, self.data, strict=True)
        return (f"({source.role} at {source.url})" for source, data in given if source.url and not data)

    def figure(self, name: str, usual: float, least: float = 0, most: float = math.inf) -> float:
        """That parameter as a number, or what is usual. Raises Declined for anything else, and out of its range."""
        told = self.setting(name)
        if not told:
            return usual
        if not _NUMBER.fullmatch(told) or not least <= float(told) <= most:
            message = f"Invalid value for '{name}': expected a number from {least:g} to {most:g}."
            raise Declined(message, code="invalid_value", param=name)
        return float(told)

    def count(self, name: str, usual: int, least: int = 0, most: int = 10**6) -> int:
        return int(self.figure(name, usual, least, most))

    def setting(self, *names: str) -> str:
        """The first of these parameters that is set, as text; `metadata.x` is within an object."""
        for name in names:
            outer, _, inner = name.partition(".")
            value = self.request.parameters.get(outer, self.request.extra.get(outer))
            value = value.get(inner) if inner and isinstance(value, dict) else None if inner else value
            if value not in (None, ""):
                return str(value)
        return ""


class Declined(Exception):
    """The order cannot be carried out; `failed` says why, as the upstream says it."""

    def __init__(self, message: str, *, code: str = "", param: str = "", status: int = 400):
        super().__init__(message)
        self.failed = Failed(message, "invalid_request_error", code, param, status)


def declined(failed: Failed) -> MediaReply:
    return MediaReply("failed", error=failed)


def moderated() -> Declined:
    message = "Your request was rejected by the safety system. safety_violations=[sandbox]."
    return Declined(message, code="moderation_blocked")
