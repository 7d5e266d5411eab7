"""Records and timelines that were just looked at: a page of events after another does not unpack everything anew."""

import uuid
from functools import lru_cache

from apps.usage import records
from apps.usage.models import Call
from apps.usage.records import Record

from .timeline import Timeline, read


class NotKept(LookupError):
    """Nothing is kept of this call, or no longer, or not yet."""


def record(call: Call) -> Record | None:
    """What a settled call's wire carried; the caller knows that it may be seen."""
    try:
        return _record(call.id)
    except NotKept:
        return None


@lru_cache(maxsize=4)
def _record(call_id: uuid.UUID) -> Record:
    found = records.of(call_id)
    if found is None:
        raise NotKept
    return found


@lru_cache(maxsize=4)
def timeline(call_id: uuid.UUID, place: int, format: str) -> Timeline:
    """The timeline of one exchange of a record. Raises NotKept."""
    found = _record(call_id)
    return read(found.exchanges[place], format, found.files)
