"""The list of events: grouped or one by one, filtered, and a page at a time."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec
from django.utils.translation import gettext as _

from apps.usage.records import Kept
from apps.wire.sse import SSEDecoder

from . import pieces
from .show import bytes_of, duration, milliseconds
from .timeline import Timeline, WireEvent

PAGE = 50
GROUPED, ALL = "grouped", "all"


class Filter(msgspec.Struct, frozen=True):
    """What is shown: events of one `type`, those whose data holds `words`, from the event `start` on to `end`."""

    show: str = GROUPED
    type: str = ""
    words: str = ""
    start: int = 1
    end: int = 0


class Row(msgspec.Struct, frozen=True):
    """One event, or several of one type that came one after the other. `mark` stands above it."""

    number: int
    last: int
    at: str
    gap: str
    size: str
    type: str
    brief: str
    phase: str
    lane: tuple[str, str]
    state: str = ""
    strange: str = ""
    mark: str = ""

    @property
    def is_group(self) -> bool:
        return self.last > self.number


class Page(msgspec.Struct, frozen=True):
    rows: Sequence[Row]
    count: int
    next: int


def page(kept: Kept, timeline: Timeline, wanted: Filter) -> Page:
    """The rows from `wanted.start` on, how many events the filter lets through, and where the next page begins or 0."""
    words = _written(wanted.words)
    found = [event for event in timeline.events if _passes(kept, event, wanted, words)]
    ahead = [event for event in found if event.number >= wanted.start]
    groups = _groups(ahead, timeline) if wanted.show == GROUPED else [[event] for event in ahead]
    rows = [_row(kept, timeline, group) for group in groups[:PAGE]]
    return Page(rows, len(found), groups[PAGE][0].number if len(groups) > PAGE else 0)


def _written(words: str) -> list[bytes]:
    """The ways in which words may stand in JSON, which often is ASCII alone."""
    return [form.lower().encode(errors="replace") for form in {words, json.dumps(words)[1:-1]} if form]


def _passes(kept: Kept, event: WireEvent, wanted: Filter, words: list[bytes]) -> bool:
    if wanted.end and not wanted.start <= event.number <= wanted.end:
        return False
    if wanted.type and event.type != wanted.type:
        return False
    if not words:
        return True
    data = kept.reply[event.start : event.end].lower()
    return any(form in data for form in words)


def _groups(events: Iterable[WireEvent], timeline: Timeline) -> list[list[WireEvent]]:
    """Neighbours of one type; what stands out, or is marked, stands alone."""

    def kind(event: WireEvent) -> tuple:
        alone = event.strange or event.is_error or event.is_stall or event.number == timeline.first_token
        return event.type, event.phase, event.number if alone else 0

    return [list(group) for _kind, group in groupby(events, kind)]


def _row(kept: Kept, timeline: Timeline, group: list[WireEvent]) -> Row:
    first, last = group[0], group[-1]
    return Row(
        number=first.number,
        last=last.number,
        at=milliseconds(last.at),
        gap=duration(first.gap),
        size=bytes_of(sum(event.size for event in group)),
        type=first.type,
        brief=_brief(kept, group),
        phase=_fill(first),
        lane=_lane(timeline, first, last),
        state="error" if first.is_error else "warn" if first.is_stall or first.strange else "",
        strange=first.strange,
        mark=_mark(timeline, first),
    )


def _brief(kept: Kept, group: list[WireEvent]) -> str:
    if len(group) > 1:
        return f"× {len(group)}"
    piece = kept.reply[group[0].start : group[0].end]
    decoder = SSEDecoder()
    return pieces.brief(decoder.feed(piece) + decoder.finish())


def _mark(timeline: Timeline, event: WireEvent) -> str:
    if event.number == timeline.first_token:
        return _("First token after %(time)s") % {"time": duration(event.at)}
    if event.is_stall:
        return _("Stall: %(time)s without an event") % {"time": duration(event.gap)}
    return ""


def _lane(timeline: Timeline, first: WireEvent, last: WireEvent) -> tuple[str, str]:
    """Beginning and width on a scale of a thousand, as an SVG wants them."""
    scale = 1000 / (timeline.total or 1)
    x = min(992.0, (first.at - first.gap) * scale)
    return f"{x:.1f}", f"{max(8.0, (last.at - first.at + first.gap) * scale):.1f}"


def _fill(event: WireEvent) -> str:
    return "stall" if event.is_stall else event.phase or "wait"
