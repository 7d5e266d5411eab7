"""One run, from request to end: bytes in, events out, and exactly one ending whatever happens."""

import asyncio
import logging
from contextlib import aclosing

from django.utils import translation
from django.utils.translation import gettext as _

from apps.upstreams.client import UpstreamError
from apps.upstreams.said import in_words
from apps.usage import meter
from apps.wire import formats
from apps.wire.errors import WireError
from apps.wire.events import Failed, Finished, PartStarted
from apps.wire.messages import GenerationRequest

from . import structured
from .attachments import with_data
from .brought import kept_soon
from .finish import SPENT, Ending, finish
from .journal import Journal
from .metrics import live_metrics
from .plan import Plan
from .progress import Progress
from .rounds import Rounds
from .tools.pairs import unanswered

UNREADABLE = {"empty_reply", "no_stream", "no_answer", "undecodable", "too_large"}
TOLD = {"length", "content_filter"}
PARAMETER = 200
# Each read costs as much as what it brings. Where many answers are written at once, each is read at intervals, and what
# came meanwhile is one chunk: pages show it no later, for they are told less often than that.
FEW = 32
REST_PER_RUN = 0.001
LONGEST_REST = 0.2

logger = logging.getLogger(__name__)


async def run(plan: Plan, progress: Progress, journal: Journal) -> Ending:
    """The run, in the language of whoever asked: a task of the process has none of its own."""
    with translation.override(plan.language or None):
        return await _run(plan, progress, journal)


async def _run(plan: Plan, progress: Progress, journal: Journal) -> Ending:
    """Answers the turn. Cancelling the task is Stop, or the end of the process: the upstream request ends, the text is
    kept and metered."""
    rounds = Rounds(plan, progress, journal)
    progress.metrics = lambda: live_metrics(progress, rounds.measured)
    try:
        await rounds.run(lambda request, measured: _receive(plan, progress, journal, request, measured))
        ending = _ending(progress, rounds)
        if plan.schema and ending.status == "completed" and not ending.truncated:
            ending.violations = await structured.violations(plan.schema, progress.parts)
    except asyncio.CancelledError:
        ending = Ending(status="stopped" if progress.stopping else "interrupted")
    except UpstreamError as error:
        ending = Ending(status="failed", error=_told(error))
    except WireError as error:
        ending = Ending(
            status="failed", error={"title": _("The reply could not be read."), "detail": in_words(str(error))}
        )
    except Exception:
        logger.exception("run %s", plan.run_id)
        told = _("Something went wrong on our side. The log has the details.")
        ending = Ending(status="failed", error={"title": told})
    ending.answered_model = getattr(progress.answered, "model", "")
    ending.answer_id = getattr(progress.answered, "id", "")
    await asyncio.shield(_write(plan, progress, journal, ending, rounds))
    return ending


async def _receive(
    plan: Plan, progress: Progress, journal: Journal, request: GenerationRequest, measured: meter.Measured
) -> None:
    def retry(attempt: int, seconds: float, why: str) -> None:
        told = _("{why} Trying again in {seconds} s.").format(why=why, seconds=f"{seconds:.0f}")
        progress.waiting = told if seconds >= 1 else ""
        progress.wake()

    wire, request = formats.get(plan.format), await with_data(request)
    async with aclosing(meter.events(plan.endpoint, wire, request, measured, on_retry=retry)) as batches:
        async for events in batches:
            progress.waiting = ""
            progress.take(events)
            if measured.first_token_ms is None and any(isinstance(event, PartStarted) for event in events):
                measured.token_seen()
            begun = measured.first_token_ms is not None and not progress.transcript.finished
            if begun and len(journal.live) > FEW:
                await asyncio.sleep(min(len(journal.live) * REST_PER_RUN, LONGEST_REST))


def _ending(progress: Progress, rounds: Rounds) -> Ending:
    transcript = progress.transcript
    if transcript.failed is not None:
        return Ending(status="failed", error=_reported(transcript.failed))
    finished = transcript.finished
    if rounds.spent:
        return Ending(status="completed", finish_reason=SPENT)
    if finished is None and unanswered(progress.parts):
        return Ending(status="completed", finish_reason="tool_calls")
    return Ending(
        status="completed",
        finish_reason=_reason(finished) if finished else "",
        truncated=finished.truncated if finished else True,
    )


def _reason(finished: Finished) -> str:
    """The upstream's own word, but for the ends that a page tells of: each format calls them otherwise."""
    return finished.reason if finished.reason in TOLD else finished.raw or finished.reason


def _reported(failed: Failed) -> dict:
    """An error within a reply: the upstream's own words, or our sentence for what could not be read at all."""
    facts = {"code": failed.code, "request_id": failed.request_id, "parameter": failed.param[:PARAMETER]}
    if failed.type == "html" or failed.code in UNREADABLE:
        return {"title": in_words(failed.message), **facts}
    told = {"title": _("The upstream reported an error while it answered.")}
    return {**told, "upstream_says": in_words(failed.message), **facts}


def _told(error: UpstreamError) -> dict:
    return {
        "title": str(error),
        "upstream_says": error.upstream_says,
        "request_id": error.request_id,
        "parameter": error.reported.param[:PARAMETER] if error.reported else "",
        "retry_after": error.retry_after,
        "kind": error.kind,
        "status": error.status,
    }


async def _write(plan: Plan, progress: Progress, journal: Journal, ending: Ending, rounds: Rounds) -> None:
    usage, estimated = rounds.used()
    of = {"user_id": plan.user_id, "run_id": plan.run_id, "message_id": plan.message_id}
    parts = await kept_soon(progress.parts, **of)
    journal.close(progress)
    await journal.write(
        finish,
        plan.run_id,
        ending=ending,
        parts=parts,
        usage=usage,
        estimated=estimated,
        measured=rounds.measured,
    )
