"""What is inspected: a run, or anything else whose requests are in the ledger, such as a job."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.urls import reverse

from apps.runs.models import Run
from apps.usage.models import Call

from .requests import calls_of, parts_of_answer


class Inspected(msgspec.Struct, frozen=True):
    """`place` is the address below which its tabs are; `died` says that it ended with the process that worked on it.

    `shown_first` is the number of the request that is shown where none was chosen, 0 for the last one.
    """

    place: str
    calls: Sequence[Call]
    is_running: bool = False
    died: bool = False
    run: Run | None = None
    shown_first: int = 0

    def context(self) -> dict[str, Any]:
        """What every tab's template needs."""
        parts = parts_of_answer(self.run) if self.run else []
        return {"run": self.run, "place": self.place, "running": self.is_running, "answer_runs": parts}


def of_run(run: Run) -> Inspected:
    return Inspected(
        place=reverse("run", args=[run.id]),
        calls=calls_of(run),
        is_running=run.status == Run.Status.RUNNING,
        died=run.status == Run.Status.INTERRUPTED,
        run=run,
    )
