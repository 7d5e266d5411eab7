"""The end of a run: parts, usage and status in one transaction, and only one finisher wins."""

from collections.abc import Sequence

import msgspec
from django.db.models import UUIDField

from apps.conversations import edit
from apps.conversations.models import Message
from apps.usage import meter, records
from apps.wire.messages import Part, Usage
from apps.work import storable
from apps.work.database import writing
from apps.work.prepared import Delete, Select, Slot

from . import hosted
from .models import Run, RunEvent

_RUN = Slot("run", UUIDField())
_message = Select(lambda: Message.objects.select_related("conversation").filter(runs=_RUN))
_delete_events = Delete(lambda: RunEvent.objects.filter(run=_RUN))

# The finish reason of a run that was not let to call tools for ever.
SPENT = "tool_rounds"
# Where the upstream paused while it ran a tool of its own.
PAUSED = (SPENT, "pause_turn")
LONGEST_ID = Run._meta.get_field("answer_id").max_length or 0


class Ending(msgspec.Struct):
    """How a run ended. `error` is what the reader is told: title, detail, upstream_says, request_id, retry_after.

    `violations` is how the answer breaks its schema, as pairs of a path and a sentence; None where nobody looked.
    """

    status: str
    finish_reason: str = ""
    truncated: bool = False
    answered_model: str = ""
    answer_id: str = ""
    error: dict | None = None
    violations: list[tuple[str, str]] | None = None

    @property
    def is_whole(self) -> bool:
        return self.status == Run.Status.COMPLETED and not self.truncated

    @property
    def is_paused(self) -> bool:
        """Whether the upstream is to go on with what it runs, when it is asked again."""
        return self.finish_reason in PAUSED


def finish(
    run_id, *, ending: Ending, parts: Sequence[Part], usage: Usage, estimated: bool, measured: meter.Measured | None
) -> bool:
    """Writes the end; False if the run had ended before, and then nothing is changed."""
    if measured is not None:
        records.seal(measured.take)  # here, because others wait for the writer
    with writing():
        won = Run.finish_once(
            run_id,
            ending.status,
            finish_reason=storable.text(ending.finish_reason)[:40],
            truncated=ending.truncated,
            answered_model=storable.text(ending.answered_model)[:300],
            answer_id=storable.text(ending.answer_id) if len(ending.answer_id) <= LONGEST_ID else "",
            error=storable.data(ending.error),
            violations=storable.data(ending.violations),
        )
        if not won:
            return False
        message = _message.first(run=run_id)
        edit.store_parts(message=message, parts=hosted.settled(parts, well=ending.is_whole, paused=ending.is_paused))
        _delete_events(run=run_id)
        edit.touch(conversation=message.conversation, thread=False)
        for call in meter.unsettled(run_id):  # last: budgets are locked behind all else
            meter.settle(call, outcome=ending.status, measured=measured, usage=usage, estimated=estimated)
    return True
