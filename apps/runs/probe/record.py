"""What a probe writes: its own row, and what each check found."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.conversations.queries import parts_of
from apps.upstreams.models import Upstream
from apps.usage.models import Call
from apps.work import storable
from apps.work.database import writing
from apps.work.leases import worker_name

from ..models import Run
from ..refusals import Refused
from .cost import Estimate
from .models import Probe, ProbeResult
from .scope import Trial, dumped
from .seen import Seen
from .verdict import Verdict


def create(*, upstream: Upstream, user, found: list[Trial], estimate: Estimate, ceiling: Decimal | None) -> Probe:
    """A probe that is about to begin. Raises Refused while another one of the upstream is at work."""
    reap()
    try:
        with writing():
            return Probe.objects.create(
                upstream=upstream,
                user=user,
                trials=dumped(found),
                ceiling=estimate.at_most if ceiling is None else ceiling,
                assumed=bool(estimate.assumed),
                worker=worker_name(),
            )
    except IntegrityError:
        told = _("%(name)s is being probed already: wait for the end, or cancel it.") % {"name": upstream.name}
        raise Refused(told, status=409) from None


def reap() -> None:
    """Marks the probes whose process died; what they found is kept."""
    for probe in Probe.abandoned():
        Probe.finish_once(probe.id, Probe.Status.INTERRUPTED)


def beat(probe_id, done: int, spent: Decimal) -> bool:
    """Shows life and how far it is; False if it is to end."""
    mine = Probe.objects.filter(id=probe_id, status=Probe.Status.RUNNING, stop_requested=False)
    return bool(mine.update(heartbeat_at=timezone.now(), done=done, spent=spent))


def end(probe_id, status: str, done: int, spent: Decimal, error: str = "") -> None:
    Probe.finish_once(probe_id, status, done=done, spent=spent, error=storable.text(error))


def cancel(probe: Probe) -> None:
    Probe.objects.filter(id=probe.id, status=Probe.Status.RUNNING).update(stop_requested=True)


def seen_of(run_id, pieces: int, stopped_by_us: bool) -> tuple[Seen, list[Call]]:
    """A run that has ended, and its calls. Tokens that we only estimated count as not told."""
    run = Run.objects.get(id=run_id)
    calls = list(Call.objects.filter(run_id=run_id))
    parts = parts_of([run.message_id]).get(run.message_id, [])
    told = next((call for call in calls if call.tokens_source == Call.Source.REPORTED), None)
    counts = {} if told is None else {name: getattr(told, name) for name in COUNTS}
    return Seen(run=run, parts=parts, pieces=pieces, stopped_by_us=stopped_by_us, **counts), calls


COUNTS = ("input_tokens", "output_tokens", "reasoning_tokens")


def keep(probe_id, trial: Trial, verdicts: Mapping[str, Verdict], run_id=None) -> None:
    """The findings of a trial, in place of older ones."""
    with writing():
        for name, verdict in verdicts.items():
            ProbeResult.objects.update_or_create(
                model_id=trial.model_id,
                format=trial.format,
                check_name=name,
                defaults={
                    "state": verdict.state,
                    "conclusive": verdict.conclusive,
                    "sentence": storable.text(verdict.sentence),
                    "says": storable.text(verdict.says)[:2000],
                    "run_id": run_id,
                    "probe_id": probe_id,
                    "taken_at": timezone.now(),
                },
            )
