"""What each media dialect can say: one module a family, with `SAYINGS` by the dialect's name.

Recorded answers, for the laws to spoil, lie in fixtures/<dialect>/.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from hypothesis import strategies as st

from apps.wire.media.shapes import MediaEvent, MediaReply, MediaRequest
from apps.wire.messages import HttpRequest

Strategy = st.SearchStrategy


@dataclass(frozen=True)
class Saying:
    """What one dialect can say in full, and what no sane side would say in its words.

    requests      requests that are parsed as they were built
    replies       a whole answer, with the request that it answers
    streams       the events of a streamed answer, the last a Replied, with their request
    polls         what a poll is answered with; `ids` are of tasks
    odd           JSON values in the dialect's words
    odd_requests  makes HTTP requests in its words out of such a value
    scraps        bytes to spoil recorded answers with
    """

    requests: Strategy[MediaRequest]
    replies: Strategy[tuple[MediaRequest, MediaReply]]
    odd: Strategy[Any]
    odd_requests: Callable[[Any], list[HttpRequest]]
    streams: Strategy[tuple[MediaRequest, list[MediaEvent]]] | None = None
    polls: Strategy[MediaReply] | None = None
    ids: Strategy[str] | None = None
    scraps: tuple[bytes, ...] = field(default=())


def sayings() -> dict[str, Saying]:
    """Those of all modules here."""
    found: dict[str, Saying] = {}
    for module in iter_modules(__path__):
        found |= getattr(import_module(f"{__name__}.{module.name}"), "SAYINGS", {})
    return found
