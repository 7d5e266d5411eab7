"""The end of a run: parts, usage and status in one transaction, and only one finisher wins."""

from collections.abc import Sequence

import msgspec

from apps.conversations import edit
from apps.conversations.models import Message
from apps.usage import meter
from apps.wire.messages import Part, Usage
from apps.work import storable
from apps.work.database import writing

from .models import Run, RunEvent


class Ending(msgspec.Struct):
    """How a run ended. `error` is what the reader is told: title, detail, upstream_says, request_id, retry_after."""

    status: str
    finish_reason: str = ""
    truncated: bool = False
    answered_model: str = ""
    error: dict | None = None


def finish(
    run_id, *, ending: Ending, parts: Sequence[Part], usage: Usage, estimated: bool, measured: meter.Measured | None
) -> bool:
    """Writes the end; False if the run had ended before, and then nothing is changed."""
    with writing():
        won = Run.finish_once(
            run_id,
            ending.status,
            finish_reason=storable.text(ending.finish_reason)[:40],
            truncated=ending.truncated,
            answered_model=storable.text(ending.answered_model)[:300],
            error=storable.data(ending.error),
        )
        if not won:
            return False
        message = Message.objects.select_related("conversation").get(runs=run_id)
        edit.store_parts(message=message, parts=list(parts))
        for call in meter.unsettled(run_id):
            meter.settle(call, outcome=ending.status, measured=measured, usage=usage, estimated=estimated)
        RunEvent.objects.filter(run=run_id).delete()
        edit.touch(conversation=message.conversation, thread=False)
    return True
