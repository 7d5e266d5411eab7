"""The probe at work: three questions at a time, never past its ceiling, until it has ended or is cancelled."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from itertools import groupby
from uuid import UUID

from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.media.refusals import NotTaken
from apps.upstreams.breaker import breaker
from apps.upstreams.check import check as read_list
from apps.upstreams.failures import UpstreamError
from apps.upstreams.models import Model
from apps.wire import formats

from ..hub import Hub
from ..plan import Plan
from ..refusals import OverBudget
from . import record
from .begin import begin
from .checks import CHECKS
from .cost import Purse, most, spent
from .drawers import open_drawer
from .models import Probe
from .questions import QUESTIONS, own_name
from .scope import Trial, loaded
from .seen import Witness
from .verdict import FAILED, OK, Verdict, is_down

AT_ONCE = 3
SECONDS = 120.0
BEAT = 0.5

logger = logging.getLogger(__name__)


class Prober:
    """One probe on the hub's loop. `over` is the status in which it is to end, once that is known."""

    def __init__(self, hub: Hub, probe: Probe, seconds: float = SECONDS):
        self.hub, self.probe, self.seconds = hub, probe, seconds
        self.purse = Purse(probe.ceiling)
        self.done = 0
        self.over, self.error = "", ""
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._live: set[UUID] = set()
        self._models: Mapping[UUID, Model] = {}
        self._drawer: Conversation | None = None

    async def run(self) -> str:
        """To the end; gives the status. What goes wrong on our side ends the probe, not the process."""
        beating = asyncio.create_task(self._beat())
        try:
            await self._work()
        except asyncio.CancelledError:
            self.over = Probe.Status.INTERRUPTED
        except Exception:
            logger.exception("probe %s", self.probe.id)
            self.over, self.error = Probe.Status.FAILED, _("Something went wrong on our side. The log has the details.")
        finally:
            beating.cancel()
        status = self.over or Probe.Status.COMPLETED
        await asyncio.shield(self._write(record.end, self.probe.id, status, self.done, self.purse.spent, self.error))
        return status

    async def _write(self, work, *args):
        """In the journal's thread, told in the language of whoever asked: a thread has none of its own."""
        return await self.hub.journal.write(_in_words, translation.get_language(), work, *args)

    async def _beat(self) -> None:
        while not self.over:
            await asyncio.sleep(BEAT)
            try:
                if not await self._write(record.beat, self.probe.id, self.done, self.purse.spent):
                    self._end(Probe.Status.CANCELLED)
            except DatabaseError:
                logger.exception("A probe could not show life; it is tried again.")

    def _end(self, status: str, error: str = "") -> None:
        """Asks nothing more. What is being asked is stopped, but at the ceiling, where its money is set aside."""
        if self.over:
            return
        self.over, self.error = status, error
        for run_id in self._live if self._is_halted else ():
            self.hub.stop(run_id)

    @property
    def _is_halted(self) -> bool:
        return self.over not in ("", Probe.Status.CEILING)

    async def _rest(self) -> None:
        """While calls leave the upstream alone, so does this: several models in a row may be out of order."""
        endpoint = self.probe.upstream.endpoint()
        while not self.over:
            try:
                breaker.refuse(endpoint)
            except UpstreamError as error:
                await asyncio.sleep(min(error.retry_after or 1, 1))
            else:
                return

    async def _work(self) -> None:
        found = loaded(self.probe.trials)
        self._models = await self._write(_models, self.probe)
        found = [trial for trial in found if trial.model_id in self._models]
        listed = [trial for trial in found if not trial.question]
        if listed:
            await self._list(listed)
        asked = [trial for trial in found if trial.question]
        if asked and not self.over:
            self._drawer = await self._write(open_drawer, self.probe.user, self.probe.upstream)
            async with asyncio.TaskGroup() as tasks:
                for _key, trials in groupby(asked, lambda trial: (trial.model_id, trial.format)):
                    tasks.create_task(self._group(list(trials)))

    async def _list(self, found: Iterable[Trial]) -> None:
        """One look at the list of models tells of all of them, and costs nothing."""
        result = await read_list(self.probe.upstream.endpoint(), "catalogue")
        names = {entry.name for entry in result.listed}
        for trial in found:
            verdict = Verdict(FAILED, _("The upstream's list of models does not name it."))
            if not result.ok:
                verdict = Verdict(FAILED, result.sentence, conclusive=False)
            elif self._models[trial.model_id].name in names:
                verdict = Verdict(OK, _("The upstream's list of models names it."))
            await self._write(record.keep, self.probe.id, trial, {"list": verdict})
            self.done += 1

    async def _group(self, found: list[Trial]) -> None:
        """What one model is asked in one format: the plain question first, and no more where that had no answer."""
        if found[0].question == "chat":
            answered = await self._try(found.pop(0))
            if not answered:
                self.done += 0 if self.over else len(found)
                return
        async with asyncio.TaskGroup() as tasks:
            for trial in found:
                tasks.create_task(self._try(trial))

    async def _try(self, trial: Trial) -> bool:
        """Whether it was answered."""
        model, question = self._models[trial.model_id], QUESTIONS[trial.question]
        aside = most(model, question)
        async with self._gate:
            await self._rest()
            if self.over:
                return False
            if not self.purse.take(aside):
                self._end(Probe.Status.CEILING)
                return False
            cost = aside
            try:
                calls, answered = await self._ask(trial, model)
                cost = spent(model, calls)
            finally:
                self.purse.settle(aside, cost)
        return answered

    async def _ask(self, trial: Trial, model: Model):
        try:
            plan = await self._write(begin, trial, model, self._drawer)
        except OverBudget as error:
            self._end(Probe.Status.FAILED, str(error))
            return [], False
        except NotTaken as error:
            verdict = Verdict(FAILED, str(error), conclusive=False)
            await self._write(record.keep, self.probe.id, trial, dict.fromkeys(trial.checks, verdict))
            self.done += 1
            return [], False
        pieces, stopped_by_us = await self._answer(trial, plan)
        seen, calls = await self._write(record.seen_of, plan.run_id, pieces, stopped_by_us)
        if is_down(seen.run):
            self._end(Probe.Status.FAILED, (seen.run.error or {}).get("title", ""))
        if self._is_halted:
            return calls, False
        answered = CHECKS[trial.question].verdict(seen).state == OK
        told = trial.checks if answered or trial.question not in trial.checks else (trial.question,)
        verdicts = {name: CHECKS[name].verdict(seen) for name in told}
        await self._write(record.keep, self.probe.id, trial, verdicts, plan.run_id)
        self.done += 1
        return calls, answered

    async def _answer(self, trial: Trial, plan: Plan) -> tuple[int, bool]:
        """Runs it to its end; gives in how many pieces it came, and whether Stop was pressed at its first word."""
        question = QUESTIONS[trial.question]
        stops = question.stops and not own_name(formats.get(trial.format), "stop")
        witness = Witness(at_first=(lambda: self.hub.stop(plan.run_id)) if stops else None)
        self._live.add(plan.run_id)
        try:
            progress, task = self.hub.begin(plan)
            progress.observers.append(witness)
            _done, late = await asyncio.wait([task], timeout=self.seconds)
            if late:
                self.hub.stop(plan.run_id)
                await asyncio.wait([task])
        except asyncio.CancelledError:
            self.hub.stop(plan.run_id)
            raise
        finally:
            self._live.discard(plan.run_id)
        return witness.most, stops and witness.at_first is None and not late


def _in_words(language: str | None, work, *args):
    with translation.override(language):
        return work(*args)


def _models(probe: Probe) -> dict[UUID, Model]:
    return {model.id: model for model in probe.upstream.models.select_related("upstream")}


async def run(hub: Hub, probe: Probe, language: str | None = None) -> str:
    """The probe to its end, on the running loop, told in this language."""
    with translation.override(language):
        return await Prober(hub, probe).run()


def start(hub: Hub, probe: Probe) -> None:
    """Hands it to the process, from any thread."""
    if hub.loop is None:
        raise RuntimeError("The hub is not attached to an event loop.")
    loop, language = hub.loop, translation.get_language()
    loop.call_soon_threadsafe(lambda: hub.spawn(run(hub, probe, language)))
