"""What the readers of these dialects share: a document is held to its end, and what fails is said in a reply."""

from collections.abc import Callable, Mapping
from typing import Any

from .. import sentences
from ..errors import parse_error, read_failure
from ..events import Failed
from ..exceptions import TooLarge, Undecodable
from ..sse import BOM, EVENT_LIMIT
from ..tolerant import dumps, loads
from .shapes import HttpReply, MediaEvent, MediaReply, Replied

NO_ANSWER = Failed(message=sentences.NO_ANSWER, code="no_answer")


class Whole:
    """Holds the answer to its end, then has it read. What is too large is a failed reply."""

    def __init__(self, read: Callable[[bytes], MediaReply], limit: int = EVENT_LIMIT):
        self._read = read
        self._held: list[bytes] = []
        self._left = limit

    def feed(self, chunk: bytes) -> list[MediaEvent]:
        self._left -= len(chunk)
        if self._left < 0:
            self._held = []
        else:
            self._held.append(chunk)
        return []

    def finish(self) -> list[MediaEvent]:
        if self._left < 0:
            return [Replied(failed(Failed(message=sentences.REPLY_TOO_LARGE, code="too_large")))]
        return [Replied(self._read(b"".join(self._held)))]


def failed(error: Failed) -> MediaReply:
    return MediaReply("failed", error=error)


def read_json(body: bytes, read: Callable[[Any], MediaReply | None], errors: bool = False) -> MediaReply:
    """What the document says, as `read` understands it; what it gives None for is an error in some shape, or nothing.

    An `error` is always one, unless `read` understands `errors` itself; a `message` may stand beside a good answer.
    """
    body = body.removeprefix(BOM).strip()
    if not body:
        return failed(Failed(message=sentences.EMPTY_REPLY, code="empty_reply"))
    try:
        document = loads(body)
    except Undecodable:
        return failed(NO_ANSWER if body[:1] in b"{[" else parse_error(200, body, "text/plain", {}))
    reported = not errors and isinstance(document, dict) and document.get("error")
    return (None if reported else read(document)) or failed(read_failure(document) or NO_ANSWER)


def error_of(error: TooLarge) -> MediaReply:
    return failed(Failed(message=str(error), code="too_large"))


def answer(document: Any) -> HttpReply:
    return HttpReply(dumps(document))


def refusal(error: Failed | None) -> HttpReply:
    """The failure as OpenAI writes it."""
    return HttpReply(dumps(error_document(error)), status=error.status if error and error.status else 400)


def error_document(error: Failed | None) -> dict[str, Any]:
    error = error or NO_ANSWER
    names = ("type", "param", "code")
    return {"error": {"message": error.message, **{name: getattr(error, name) or None for name in names}}}


def event(document: Mapping[str, Any]) -> bytes:
    """One server-sent event."""
    return b"data: " + dumps(document) + b"\n\n"


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; anything else is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def word(found: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text with something in it."""
    return next((value for name in names if isinstance(value := found.get(name), str) and value), "")


def amount(value: Any) -> float | None:
    """A number that something may count: not below zero."""
    found = number(value)
    return found if found is not None and found >= 0 else None


def number(value: Any) -> float | None:
    """A finite number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e300 else None
