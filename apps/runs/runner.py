"""One run, from request to end: bytes in, events out, and exactly one ending whatever happens."""

import asyncio
import logging
from contextlib import aclosing

from django.utils import translation
from django.utils.translation import gettext as _

from apps.upstreams.client import UpstreamError
from apps.usage import meter
from apps.wire import formats
from apps.wire.errors import WireError
from apps.wire.events import Failed
from apps.wire.messages import Usage, said
from apps.wire.tokens import estimate

from .finish import Ending, finish
from .journal import Journal
from .metrics import live_metrics
from .plan import Plan
from .progress import Progress

UNREADABLE = {"empty_reply", "no_stream", "no_answer", "undecodable", "too_large"}

logger = logging.getLogger(__name__)


async def run(plan: Plan, progress: Progress, journal: Journal) -> Ending:
    """The run, in the language of whoever asked: a task of the process has none of its own."""
    with translation.override(plan.language or None):
        return await _run(plan, progress, journal)


async def _run(plan: Plan, progress: Progress, journal: Journal) -> Ending:
    """Answers the turn. Cancelling the task is Stop, or the end of the process: the upstream request ends, the text is
    kept and metered."""
    measured = meter.Measured()
    progress.metrics = lambda: live_metrics(progress, measured)
    try:
        await _receive(plan, progress, measured)
        ending = _ending(progress)
    except asyncio.CancelledError:
        ending = Ending(status="stopped" if progress.stopping else "interrupted")
    except UpstreamError as error:
        ending = Ending(status="failed", error=_told(error))
    except WireError as error:
        ending = Ending(status="failed", error={"title": _("The reply could not be read."), "detail": str(error)})
    except Exception:
        logger.exception("run %s", plan.run_id)
        told = _("Something went wrong on our side. The log has the details.")
        ending = Ending(status="failed", error={"title": told})
    ending.answered_model = getattr(progress.transcript.started, "model", "")
    await asyncio.shield(_write(plan, progress, journal, ending, measured))
    return ending


async def _receive(plan: Plan, progress: Progress, measured: meter.Measured) -> None:
    def retry(attempt: int, seconds: float, why: str) -> None:
        told = _("{why} Trying again in {seconds} s.").format(why=why, seconds=f"{seconds:.0f}")
        progress.waiting = told if seconds >= 1 else ""
        progress.wake()

    wire = formats.get(plan.format)
    async with aclosing(meter.events(plan.endpoint, wire, plan.request, measured, on_retry=retry)) as batches:
        async for events in batches:
            progress.waiting = ""
            progress.take(events)
            if measured.first_token_ms is None and progress.transcript.parts:
                measured.token_seen()


def _ending(progress: Progress) -> Ending:
    transcript = progress.transcript
    if transcript.failed is not None:
        return Ending(status="failed", error=_reported(transcript.failed))
    finished = transcript.finished
    return Ending(
        status="completed",
        finish_reason=(finished.raw or finished.reason) if finished else "",
        truncated=finished.truncated if finished else True,
    )


def _reported(failed: Failed) -> dict:
    """An error within a reply: the upstream's own words, or our sentence for what could not be read at all."""
    facts = {"code": failed.code, "request_id": failed.request_id}
    if failed.type == "html" or failed.code in UNREADABLE:
        return {"title": failed.message, **facts}
    return {"title": _("The upstream reported an error while it answered."), "upstream_says": failed.message, **facts}


def _told(error: UpstreamError) -> dict:
    return {
        "title": str(error),
        "upstream_says": error.upstream_says,
        "request_id": error.request_id,
        "retry_after": error.retry_after,
        "kind": error.kind,
        "status": error.status,
    }


async def _write(plan: Plan, progress: Progress, journal: Journal, ending: Ending, measured: meter.Measured) -> None:
    usage, estimated = used(plan, progress)
    journal.close(progress)
    await journal.write(
        finish,
        plan.run_id,
        ending=ending,
        parts=progress.parts,
        usage=usage,
        estimated=estimated,
        measured=measured,
    )


def used(plan: Plan, progress: Progress) -> tuple[Usage, bool]:
    """The tokens of this call, and whether they are our estimate: stopped and cut streams report none."""
    reported = progress.transcript.usage
    if reported is not None and (reported.output_tokens is not None or reported.input_tokens is not None):
        return reported, False
    if not progress.transcript.started and not progress.text:
        return Usage(input_tokens=0, output_tokens=0), True
    asked = plan.request.system + "".join(said(message.parts) for message in plan.request.messages)
    written = estimate(progress.text) - estimate(said(plan.prior))
    return Usage(input_tokens=estimate(asked), output_tokens=max(0, written)), True
