"""The request of an answer as JSON text: as it went over the wire, else as it would be built now."""

import msgspec

from apps.conversations import queries
from apps.wire import formats
from apps.wire.exceptions import WireError

from ..inspector.requests import calls_of, requests_of
from ..models import Run
from ..plan import history, request_for

SHOWN = 400_000


def request_text(run: Run) -> tuple[str, bool]:
    """The last request of the run, readable, and whether it is what was sent; '' where there is nothing to show."""
    kept = requests_of(calls_of(run))
    if kept:
        sent = kept[-1].kept
        return f"{sent.method} {path_of(sent.url)}\n{readable(sent.body)}"[:SHOWN], True
    return _built(run)[:SHOWN], False


def path_of(url: str) -> str:
    """The address without its host: two columns of one gateway differ in what follows it."""
    return "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]


def _built(run: Run) -> str:
    """Files stand in it by their names alone: it is to be read."""
    nodes = queries.path_to(run.conversation, run.message_id)[:-1]
    try:
        request = formats.get(run.format).build(request_for(run, history(nodes)))
    except (WireError, LookupError, ValueError):
        return ""
    return f"POST {request.path}\n{readable(request.body)}"


def readable(body: bytes) -> str:
    """JSON with its lines broken and nothing else changed."""
    try:
        return msgspec.json.format(body, indent=2).decode("utf-8", "replace")
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
