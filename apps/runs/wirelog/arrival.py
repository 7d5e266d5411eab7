"""The strip above the events: a tick where something arrived, a band for each phase, and the numbers under it."""

from collections.abc import Sequence
from itertools import groupby
from math import log10

import msgspec
from django.utils.translation import gettext as _

from .show import duration
from .timeline import Timeline, WireEvent

WIDTH, TICKS = 1000, 250
FLOOR = 36


class Tick(msgspec.Struct, frozen=True):
    x: str
    y: str
    phase: str


class Band(msgspec.Struct, frozen=True):
    x: str
    width: str
    fill: str


class Arrival(msgspec.Struct, frozen=True):
    label: str
    ticks: Sequence[Tick]
    bands: Sequence[Band]
    axis: Sequence[str]
    facts: Sequence[tuple[str, str, str]]


def arrival(timeline: Timeline) -> Arrival | None:
    """None for a reply that did not come as a stream, or not at all."""
    if not timeline.is_stream or not timeline.events or not timeline.total:
        return None
    scale = WIDTH / timeline.total
    spans = _spans(timeline)
    return Arrival(
        label=_("Arrival of %(count)s events over %(time)s")
        % {"count": len(timeline.events), "time": duration(timeline.total)},
        ticks=_ticks(timeline, scale),
        bands=[Band(f"{start * scale:.1f}", f"{(end - start) * scale:.1f}", fill) for fill, start, end in spans],
        axis=["0", *(duration(round(timeline.total * part / 4)) for part in range(1, 5))],
        facts=_facts(timeline, spans),
    )


def _ticks(timeline: Timeline, scale: float) -> list[Tick]:
    """One for each place of the strip where events arrived, higher the more bytes they were."""
    step = WIDTH / TICKS
    ticks = []
    for place, group in groupby(timeline.events, lambda event: int(event.at * scale / step)):
        events = list(group)
        height = min(24.0, 6 * log10(10 + sum(event.size for event in events)))
        ticks.append(Tick(f"{place * step:.0f}", f"{FLOOR - height:.0f}", events[0].phase))
    return ticks


def _spans(timeline: Timeline) -> list[tuple[str, int, int]]:
    """(phase, from, to): each event's phase began when the event before it had come."""
    spans: list[tuple[str, int, int]] = []
    for event in timeline.events:
        fill = _fill(event, timeline)
        if spans and spans[-1][0] == fill:
            spans[-1] = fill, spans[-1][1], event.at
        else:
            spans.append((fill, event.at - event.gap, event.at))
    least = timeline.total / TICKS
    return [span for span in spans if span[2] - span[1] >= least or span[0] == "stall"]


def _fill(event: WireEvent, timeline: Timeline) -> str:
    if event.is_stall:
        return "stall"
    if not timeline.first_token or event.number <= timeline.first_token:
        return "wait"
    return event.phase or "other"


def _facts(timeline: Timeline, spans: Sequence[tuple[str, int, int]]) -> list[tuple[str, str, str]]:
    names = {"think": _("Reasoning"), "text": _("Text"), "tool": _("Tools"), "media": _("Media"), "stall": _("Stall")}
    facts = []
    if timeline.first:
        facts.append((_("First token"), "wait", duration(timeline.first.at)))
    for fill, name in names.items():
        if took := sum(end - start for kind, start, end in spans if kind == fill):
            facts.append((name, fill, duration(took)))
    return [*facts, (_("Total"), "", duration(timeline.total))]
