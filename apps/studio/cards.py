"""Jobs as cards: one view for page, swap and the job's own page alike."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.media.jobs import elsewhere
from apps.media.jobs.bringing import is_being_brought
from apps.media.jobs.elsewhere import Elsewhere
from apps.media.jobs.live import Live
from apps.media.jobs.models import Job, JobOutput
from apps.media.models import Asset
from apps.wire.media import dialects
from apps.work.figures import decimal, dollars

from .families import BY_NAME
from .family import Family

# A state in the words of the stylesheet, and its icon.
STATES = {
    Job.Status.QUEUED: ("queued", "clock"),
    Job.Status.SUBMITTED: ("running", "clock"),
    Job.Status.RUNNING: ("running", "clock"),
    Job.Status.SUCCEEDED: ("ok", "check"),
    Job.Status.FAILED: ("error", "alert"),
    Job.Status.CANCELLED: ("cancelled", "x"),
    Job.Status.UNKNOWN: ("warn", "alert"),
}
UNKNOWN = gettext_lazy(
    "The request was sent, but what became of it is not known. It was not sent again: that might cost twice."
)


class Output(msgspec.Struct, frozen=True):
    """What was made. Without `asset` it is on its way, or `error` says why not, or it `is_gone`, deleted since."""

    position: int
    asset: Asset | None
    poster: Asset | None
    made: Mapping[str, Any]
    error: str
    label: str
    is_gone: bool

    @property
    def text(self) -> str:
        """What the upstream says with it: a revised prompt, lyrics."""
        return str(self.made.get("text") or "")

    @property
    def title(self) -> str:
        return str(self.made.get("title") or "")

    @property
    def remote_id(self) -> str:
        return str(self.made.get("id") or "")

    @property
    def picture(self) -> str:
        """The address of a picture of it, '' if there is none."""
        poster = self.poster or self.asset
        return poster.thumbnail_url if poster else ""


class Card(msgspec.Struct, frozen=True):
    id: str
    job: Job
    family: Family
    state: str
    icon: str
    label: str
    facts: Sequence[str]
    sent_at: datetime
    error: Mapping[str, Any]
    outputs: Sequence[Output]
    result: Any
    live: Live | Elsewhere | None
    dialect: str

    @property
    def previews(self) -> list[tuple[int, int]]:
        """Index and version of the pictures that have come so far."""
        return [(index, self.live.version) for index in self.live.pictures] if self.live else []

    @property
    def note(self) -> str:
        """Why nothing is seen of it yet, or what can be done where nobody knows what came of it."""
        if self.job.status == Job.Status.UNKNOWN:
            return _("You can edit it and send it again, which may make it and charge for it twice, or delete it.")
        if is_being_brought(self.job):
            return _("The file is being brought to the upstream.")
        if not elsewhere.is_unseen(self.job):
            return ""
        return _("Another process works on it: what comes of it is shown at the end.")

    @property
    def is_coming(self) -> bool:
        """Some of a sound or a text is here."""
        return bool(self.live and (self.live.sounds or self.live.text))

    @property
    def sounds(self) -> Sequence[Output | None]:
        """One while it comes, then each file."""
        return [None] if self.is_coming else self.outputs

    @property
    def task(self) -> str:
        return str(self.job.values.get("task", ""))

    @property
    def title(self) -> str:
        """What was asked for; else the name of what it was made of, of what was made, or of the task."""
        names = [*(asset.name for asset in self.inputs), *(output.title for output in self.outputs)]
        return self.job.prompt or next(filter(None, names), self.family.task_label(self.task))

    @property
    def is_open(self) -> bool:
        return self.job.is_open

    @property
    def is_done(self) -> bool:
        return self.job.status == Job.Status.SUCCEEDED

    @property
    def lacks_files(self) -> bool:
        """Something was made that could not be fetched."""
        return not self.is_open and any(output.asset is None and output.error for output in self.outputs)

    @property
    def may_be_checked(self) -> bool:
        """The upstream has a number for it, so that it can be asked what became of it."""
        return self.job.status == Job.Status.UNKNOWN and bool(self.job.remote_id)

    @property
    def inputs(self) -> Sequence[Asset]:
        return [each.asset for each in self.job.inputs.all() if each.asset]


def card(job: Job) -> Card:
    family = BY_NAME[job.family]
    state, icon = STATES[Job.Status(job.status)]
    dialect = dialects.DIALECTS.get(job.dialect)
    return Card(
        id=str(job.pk),
        job=job,
        family=family,
        state=state,
        icon=icon,
        label=_label(job),
        facts=_facts(job),
        sent_at=job.created_at,
        error=_error(job, family),
        outputs=[_output(job, each) for each in job.outputs.all()],
        result=family.result(job) if job.status == Job.Status.SUCCEEDED else None,
        live=elsewhere.seen(job) if job.is_open else None,
        dialect=dialect.label if dialect else job.dialect,
    )


def _label(job: Job) -> str:
    if job.is_open and job.cancel_requested:
        return _("Being cancelled")
    return Job.Status(job.status).label.capitalize()


def cards(jobs: Sequence[Job]) -> list[Card]:
    return [card(job) for job in jobs if job.family in BY_NAME]


def asked(job: Job) -> list[tuple[str, str]]:
    """Names and values that went along with the prompt, as JSON writes them."""
    values = job.values
    rows = {name: values[name] for name in ("task", "of", "stream", "texts", "extra") if values.get(name)}
    return [(name, _plain(value)) for name, value in {**values.get("parameters", {}), **rows}.items()]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _output(job: Job, output: JobOutput) -> Output:
    words = str(output.made.get("title") or "") or job.prompt or job.model_name
    label = words if len(words) <= 120 else f"{words[:119]}…"
    error = output.error or str(output.made.get("error") or "")
    is_gone = output.asset is None and not error and not job.is_open
    return Output(output.position, output.asset, output.poster, output.made, error, label, is_gone)


def _facts(job: Job) -> list[str]:
    return [job.model_name, *_time(job), *_cost(job)]


def _time(job: Job) -> list[str]:
    if job.is_open or job.finished_at is None:
        return []
    return [duration((job.finished_at - job.created_at).total_seconds())]


def _cost(job: Job) -> list[str]:
    if job.cost is not None:
        return [dollars(job.cost)]
    if job.is_open and job.estimate is not None:
        return [_("about {cost}").format(cost=dollars(job.estimate))]
    return []


def _error(job: Job, family: Family) -> Mapping[str, Any]:
    if job.status == Job.Status.UNKNOWN and not job.error:
        return {"title": str(UNKNOWN)}
    if job.is_open or job.status == Job.Status.SUCCEEDED:
        return {}
    explained = family.explain(job)
    return {**job.error, "detail": explained} if explained else job.error


def duration(seconds: float) -> str:
    """8 s, 2 min 14 s."""
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": decimal(seconds, 1 if seconds < 10 else 0)}
    minutes, rest = divmod(math.floor(seconds), 60)
    return _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}


def clock(seconds: float | None) -> str:
    """0:08, as a player writes it."""
    return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}"
