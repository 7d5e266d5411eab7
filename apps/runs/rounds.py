"""The rounds of one answer: the model is asked, the tools that it called are run, and it is asked again."""

from collections.abc import Awaitable, Callable
from functools import partial

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from apps.upstreams.client import UpstreamError
from apps.upstreams.models import Model
from apps.usage import meter, records
from apps.usage.budgets import refusals as budgets
from apps.usage.budgets.estimates import of_request
from apps.wire.events import PartEnded, PartStarted
from apps.wire.messages import GenerationRequest, ToolCall, ToolResult, Usage, said
from apps.wire.tokens import estimate
from apps.work.database import writing

from .journal import Journal
from .plan import Plan, following
from .progress import Progress
from .tools import work
from .tools.pairs import unanswered

Ask = Callable[[GenerationRequest, meter.Measured], Awaitable[None]]


class Rounds:
    """Each round is a Call of its own; `request` and `measured` are those of the newest. `spent` says that the model
    would have called more tools than a run may."""

    def __init__(self, plan: Plan, progress: Progress, journal: Journal):
        self.plan, self.progress, self.journal = plan, progress, journal
        self.request = plan.request
        self.measured = meter.Measured()
        self.spent = False
        self._open = True
        self._known = {tool.name: tool for tool in plan.tools}

    async def run(self, ask: Ask) -> None:
        """To the answer's end, or to where a person has to answer a call. Raises what `ask` raises."""
        told = len(self.plan.prior)
        for _round in range(self.plan.tool_rounds):
            if not await self._answer_calls():
                return
            if len(self.progress.live) > told:
                self.request = following(self.plan, self.progress.parts)
            await self._begin()
            await ask(self.request, self.measured)
            told = -1
            if not self._goes_on():
                return
            await self._settle()
        self.spent = any(not self._is_for_person(call) for call in self._waiting()) or self._is_paused()

    def used(self) -> tuple[Usage, bool]:
        """The tokens of the newest call, and whether they are our estimate: stopped and cut streams report none."""
        transcript = self.progress.transcript
        reported = transcript.usage
        if reported is not None and (reported.output_tokens is not None or reported.input_tokens is not None):
            return reported, False
        written = estimate(self.progress.text) - self.progress.written
        if not transcript.started and written <= 0:
            return Usage(input_tokens=0, output_tokens=0), True
        asked = self.request.system + "".join(said(message.parts) for message in self.request.messages)
        return Usage(input_tokens=estimate(asked), output_tokens=max(0, written)), True

    def _waiting(self) -> list[ToolCall]:
        parts = self.progress.parts
        return [part for place in unanswered(parts) if isinstance(part := parts[place], ToolCall)]

    def _is_for_person(self, call: ToolCall) -> bool:
        return work.is_for_person(call, self._known)

    async def _answer_calls(self) -> bool:
        """Answers what can be answered here; False if a person has to answer the rest."""
        waiting = self._waiting()
        ours = [call for call in waiting if not self._is_for_person(call)]
        if ours:
            await work.answer(ours, self._known, self._take)
        return len(ours) == len(waiting)

    def _take(self, result: ToolResult) -> None:
        self.progress.take([PartStarted(index=0, part=result), PartEnded(index=0)])

    async def _begin(self) -> None:
        self.progress.begin_round()
        if not self._open:
            await self.journal.write(_open_call, self.plan, self.request)
            self._open = True
        self.measured = meter.Measured()

    def _goes_on(self) -> bool:
        """A call within a cut answer may be cut itself: that is for a person to see."""
        transcript = self.progress.transcript
        if transcript.failed or transcript.finished is None or transcript.finished.truncated:
            return False
        if transcript.finished.reason in ("length", "content_filter"):
            return False
        return bool(self._waiting()) or self._is_paused()

    def _is_paused(self) -> bool:
        finished = self.progress.transcript.finished
        return finished is not None and finished.reason == "paused"

    async def _settle(self) -> None:
        usage, estimated = self.used()
        await self.journal.write(_settle_call, self.plan, self.measured, usage, estimated)
        self._open = False


def _settle_call(plan: Plan, measured: meter.Measured, usage: Usage, estimated: bool) -> None:
    records.seal(measured.take)  # here, because others wait for the writer
    with writing():
        for call in meter.unsettled(plan.run_id):
            meter.settle(call, outcome="completed", measured=measured, usage=usage, estimated=estimated)


def _open_call(plan: Plan, request: GenerationRequest) -> None:
    """Authorised afresh: what a person may use can change while a tool runs. Raises UpstreamError."""
    person = get_user_model().objects.filter(pk=plan.user_id, is_active=True).first()
    mine = Model.objects.for_user(person).select_related("upstream") if person else Model.objects.none()
    model = mine.filter(pk=plan.model_id).first()
    if model is None:
        raise UpstreamError(_("The model cannot be used any more. What arrived is kept."), kind="address", sent=False)
    asks = partial(of_request, model, plan.format, request)
    try:
        meter.open_call(user=person, model=model, format=plan.format, asks=asks, run_id=plan.run_id)
    except budgets.Refused as error:
        raise UpstreamError(str(error), kind="budget", sent=False) from error
