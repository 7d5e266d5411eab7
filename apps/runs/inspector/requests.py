"""The requests of a run in order: rounds of a tool loop are calls of their own, retries are exchanges within one."""

import uuid
from collections.abc import Iterator, Sequence

import msgspec
from django.utils.translation import gettext as _

from apps.runs.models import Run
from apps.runs.wirelog import shelf
from apps.runs.wirelog.timeline import Timeline
from apps.usage.elision import FILE_TYPES, FileMark
from apps.usage.models import Call
from apps.usage.records import Kept, Record


class Seen(msgspec.Struct, frozen=True):
    """One request: its number within the run, its call, and its place among the call's exchanges."""

    number: int
    call_id: uuid.UUID
    call_number: int
    format: str
    place: int
    kept: Kept
    label: str
    record: Record

    @property
    def files(self) -> tuple[FileMark, ...]:
        return self.record.files

    @property
    def state(self) -> str:
        return "ok" if 200 <= self.kept.status < 300 and not self.kept.error else "error"

    def timeline(self) -> Timeline:
        return shelf.timeline(self.call_id, self.place, self.format)


def parts_of_answer(run: Run) -> list[tuple[int, uuid.UUID, bool]]:
    """(number, id, whether it is this one) of the runs that wrote one answer, where there are several."""
    ids = list(Run.objects.filter(message=run.message_id).order_by("id").values_list("id", flat=True))
    return [(number, id, id == run.id) for number, id in enumerate(ids, 1)] if len(ids) > 1 else []


def calls_of(run: Run) -> list[Call]:
    """The calls of the run, in the order in which they were made."""
    return list(Call.objects.filter(run_id=run.origin_id).order_by("started_at", "id"))


def requests_of(calls: Sequence[Call]) -> list[Seen]:
    """Everything that was kept of these calls."""
    return list(_requests(calls))


def chosen(requests: Sequence[Seen], number: int) -> Seen | None:
    """The request of that number, or the last one."""
    return next((seen for seen in requests if seen.number == number), requests[-1] if requests else None)


def _requests(calls: Sequence[Call]) -> Iterator[Seen]:
    number = 0
    for call_number, call in enumerate(calls, 1):
        record = shelf.record(call) if call.outcome != Call.Outcome.RUNNING else None
        if record is None:
            continue
        for place, kept in enumerate(record.exchanges):
            number += 1
            before = record.exchanges[place - 1] if place else None
            label = _label(number, kept, before, call_number)
            yield Seen(number, call.id, call_number, call.format, place, kept, label, record)


def _label(number: int, kept: Kept, before: Kept | None, call_number: int) -> str:
    if before is None:
        note = _("round %(number)s") % {"number": call_number} if call_number > 1 else ""
    elif kept.method == "GET":
        is_file = dict(kept.reply_headers).get("content-type", "").startswith(FILE_TYPES)
        note = _("the file") if is_file else _("asked again")
    else:
        note = _("retry") if before.body == kept.body else _("changed")
    name = _("Request %(number)s") % {"number": number}
    return f"{name}, {note}" if note else name
