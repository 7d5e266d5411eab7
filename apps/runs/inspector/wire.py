"""The Wire tab: one request of the run, as it was sent and as it was answered."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.conversations.render import code
from apps.runs.identity import same_model
from apps.runs.wirelog import listing, pieces
from apps.runs.wirelog.arrival import arrival
from apps.runs.wirelog.listing import Filter
from apps.runs.wirelog.show import bytes_of, duration
from apps.usage.elision import FileMark
from apps.usage.masking import KEY
from apps.usage.models import Call
from apps.wire.sse import SSEDecoder

from .inspected import Inspected
from .requests import Seen, chosen, requests_of

SHOWN = 100_000
HIDDEN = "••••••"


class Identity(msgspec.Struct, frozen=True):
    """Who was asked and who says to have answered; `differs` if that is another model."""

    asked: str
    answered: str
    fingerprint: str
    request_id: str
    differs: bool


def wire(inspected: Inspected, query: Mapping[str, str]) -> dict[str, Any]:
    """Everything that `runs/_wire.html` needs."""
    calls = inspected.calls
    requests = requests_of(calls)
    seen = chosen(requests, number_in(query, "request") or inspected.shown_first)
    context = {**inspected.context(), "requests": requests, "seen": seen}
    context["missing"] = "" if seen or inspected.is_running else why_missing(inspected)
    if seen is None:
        return context | {"identity": identity(calls[-1]) if calls else None}
    timeline = seen.timeline()
    return context | {
        "identity": identity(calls[seen.call_number - 1]),
        "facts": facts(seen),
        "arrival": arrival(timeline),
        "timeline": timeline,
        **events(seen, filter_in(query)),
    }


def events(seen: Seen, wanted: Filter) -> dict[str, Any]:
    """What `runs/_events.html` needs: a page of the list."""
    timeline = seen.timeline()
    page = listing.page(seen.kept, timeline, wanted)
    more = {"request": seen.number, **msgspec.structs.asdict(wanted), "start": page.next}
    return {"seen": seen, "timeline": timeline, "page": page, "wanted": wanted, "more": urlencode(more)}


def filter_in(query: Mapping[str, str]) -> Filter:
    return Filter(
        show=listing.ALL if query.get("show") == listing.ALL else listing.GROUPED,
        type=query.get("type", "")[:200],
        words=query.get("words", "")[:200],
        start=max(1, number_in(query, "start")),
        end=number_in(query, "end"),
    )


def number_in(query: Mapping[str, str], name: str) -> int:
    """A number of the address; 0 for anything else."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def why_missing(inspected: Inspected) -> str:
    if not settings.WIRE_RECORD_DAYS:
        return _("Nothing of the wire is kept on this server.")
    if inspected.died:
        return _("The process that made the request died, and with it the record of what went over the wire.")
    return _(
        "What went over the wire is not kept any more, or nothing was sent. Records are kept for %(days)s days."
    ) % {"days": settings.WIRE_RECORD_DAYS}


def identity(call: Call) -> Identity:
    return Identity(
        asked=call.model_name,
        answered=call.answered_model,
        fingerprint=call.fingerprint,
        request_id=call.request_id,
        differs=not same_model(call.model_name, call.answered_model),
    )


def facts(seen: Seen) -> dict[str, Any]:
    """Both heads and bodies of the exchange, readable."""
    kept = seen.kept
    return {
        "url": kept.url.replace(KEY, HIDDEN),
        "headers": shown_headers(kept.headers),
        "body": readable(kept.body, seen.files),
        "body_size": bytes_of(len(kept.body) + sum(mark.characters for mark in _within(kept.body, seen.files))),
        "files": [
            (mark, bytes_of(mark.characters), _address(mark)) for mark in _within(kept.body + kept.reply, seen.files)
        ],
        "reply_headers": shown_headers(kept.reply_headers),
        "reply": "" if seen.timeline().is_stream else readable(kept.reply, seen.files),
        "received": bytes_of(kept.was),
        "answered": "" if kept.answered is None else duration(kept.answered),
        "pause": duration(round(kept.pause * 1_000_000)) if kept.pause else "",
        "missed": bytes_of(seen.record.missed_bytes) if seen.record.missed_bytes else "",
    }


def shown_headers(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str, bool]]:
    """(name, value, whether the key is hidden in it)"""
    return [(name, value.replace(KEY, HIDDEN), KEY in value) for name, value in headers]


def readable(data: bytes, files: Sequence[FileMark] = ()) -> SafeString:
    """A body as a block of code: JSON with its lines broken and nothing else changed, cut where it is very long."""
    try:
        text, name = msgspec.json.format(data, indent=2).decode(), "json"
    except (ValueError, RecursionError):
        text, name = data.decode("utf-8", "replace"), "text"
    for mark in files:
        text = text.replace(mark.mark, f"… {mark.name} …")
    if len(text) > SHOWN:
        left_out = _("%(count)s more characters; the download has all of it") % {"count": len(text) - SHOWN}
        text = f"{text[:SHOWN]}\n… {left_out}"
    return mark_safe(code.closed(name, text) if text else "")  # noqa: S308 (it escapes each character)


def event_data(seen: Seen, number: int) -> bytes | None:
    """One event as it came, None if there is none of that number."""
    found = seen.timeline().events
    if not 1 <= number <= len(found):
        return None
    return seen.kept.reply[found[number - 1].start : found[number - 1].end]


def event_readable(seen: Seen, data: bytes) -> SafeString:
    """The event's data, its JSON with lines broken; or what came instead of an event."""
    if not seen.timeline().is_stream:
        return readable(data, seen.files)
    decoder = SSEDecoder()
    found = decoder.feed(data) + decoder.finish()
    if len(found) == 1 and pieces.document(found[0]) is not None:
        return readable(found[0].data, seen.files)
    return readable(data, seen.files)


def _address(mark: FileMark) -> str:
    """Where the file itself is, if it is one of ours."""
    try:
        return reverse("asset", args=[mark.asset, mark.name.replace("/", "_")]) if mark.asset else ""
    except NoReverseMatch:
        return ""


def _within(data: bytes, files: Sequence[FileMark]) -> list[FileMark]:
    return [mark for mark in files if mark.mark.encode() in data]
