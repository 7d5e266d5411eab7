"""The formats as the sandbox serves them: where each is found, how keys are given, what its errors are called."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.wire.events import Failed
from apps.wire.formats import FORMATS, Format, StreamEncoder, get

BEARER = "authorization"


@dataclass(frozen=True, slots=True)
class Door:
    """`keys` are the headers, or the field of the query, that may hold the key; `listed` is new-api's word for the
    format in its catalogue. `kinds` are the names of errors by their status, where the format has its own.

    `needs` is a header without which nothing is answered, `clock` the name by which its encoder takes the time;
    one that `keeps` its answers can be asked for them again. `errors` is the format in which errors are written.
    """

    name: str
    path: re.Pattern[str]
    listed: str
    id: str
    keys: tuple[str, ...] = (BEARER,)
    kinds: Mapping[int, str] = field(default_factory=dict)
    needs: str = ""
    clock: str = ""
    keeps: bool = False
    errors: str = ""

    @property
    def format(self) -> Format:
        return get(self.name)

    def encoder(self, background: bool = False) -> StreamEncoder:
        """One that `keeps` its answers says of each whether it goes on in the background."""
        told = {"background": True} if self.keeps and background else {}
        return self.format.Encoder(**self._now(), **told)

    def reply(self, events) -> bytes:
        return self.format.build_reply(events, **self._now())

    def error(self, failed: Failed) -> bytes:
        """The error document, in the format's own words."""
        kind = self.kinds.get(failed.status, failed.type)
        return get(self.errors or self.name).build_reply(
            [Failed(failed.message, kind, failed.code, failed.param, failed.status)]
        )

    def _now(self) -> dict[str, int]:
        return {self.clock: int(time.time())} if self.clock else {}


ANTHROPIC_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    503: "overloaded_error",
    529: "overloaded_error",
}
GEMINI_KINDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
CHAT = Door("openai_chat", re.compile(r"/v1/chat/completions"), "openai", "chatcmpl-sandbox", clock="created")
RESPONSES = Door(
    "openai_responses",
    re.compile(r"/v1/responses"),
    "openai-response",
    "resp_sandbox",
    clock="created",
    keeps=True,
    errors="openai_chat",
)
DOORS = (
    CHAT,
    RESPONSES,
    Door(
        "anthropic_messages",
        re.compile(r"/v1/messages"),
        "anthropic",
        "msg_sandbox",
        keys=("x-api-key", BEARER),
        kinds=ANTHROPIC_KINDS,
        needs="anthropic-version",
    ),
    Door(
        "gemini",
        re.compile(r"/v1(beta)?/models/[^/]+:(generateContent|streamGenerateContent)"),
        "gemini",
        "sandbox",
        keys=("x-goog-api-key", "key", BEARER),
        kinds=GEMINI_KINDS,
    ),
)


def served() -> list[Door]:
    return [door for door in DOORS if door.name in FORMATS]


def find(path: str) -> Door | None:
    """The format that is spoken at that path."""
    return next((door for door in served() if door.path.fullmatch(path)), None)
