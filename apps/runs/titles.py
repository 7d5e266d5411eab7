"""A conversation's title, asked from the model after the first exchange; the first words stay if it fails."""

import asyncio
import logging
from contextlib import aclosing
from functools import partial

from apps.conversations import edit, titles
from apps.conversations.models import Conversation
from apps.upstreams.client import UpstreamError
from apps.upstreams.models import Model
from apps.usage import meter
from apps.usage.budgets.estimates import of_request
from apps.usage.budgets.refusals import Refused
from apps.usage.models import Call
from apps.wire import formats
from apps.wire.errors import WireError
from apps.wire.messages import GenerationRequest, Message, Text, Usage, said
from apps.wire.tokens import estimate
from apps.wire.transcript import Transcript

from .journal import Journal
from .plan import Plan

ENOUGH = 400
REST = 0.2  # between two reads: nobody waits for a title
PROMPT = "Give this conversation a title of at most six words, in its own language. Answer with the title alone.\n\n"

logger = logging.getLogger(__name__)


async def make(plan: Plan, answer: str, journal: Journal) -> None:
    """One more call, of kind `title`, to the model that answered."""
    request = _request(plan, answer)
    try:
        call = await journal.write(_open, plan, request)
    except Refused as error:
        logger.info("No title from the model: %s", error)
        return
    if call is None:
        return
    measured, transcript = meter.Measured(), Transcript()
    try:
        await _receive(plan, request, transcript, measured)
        outcome = Call.Outcome.FAILED if transcript.failed else Call.Outcome.COMPLETED
    except (UpstreamError, WireError) as error:
        logger.info("No title from the model: %s", error)
        outcome = Call.Outcome.FAILED
    await journal.write(_close, plan, call, outcome, measured, transcript, said(request.messages[0].parts))


def _open(plan: Plan, request: GenerationRequest) -> Call | None:
    conversation = Conversation.objects.filter(id=plan.conversation_id).select_related("owner").first()
    model = Model.objects.filter(id=plan.model_id).select_related("upstream").first()
    if conversation is None or model is None:
        return None
    asks = partial(of_request, model, plan.format, request)
    return meter.open_call(user=conversation.owner, model=model, format=plan.format, asks=asks, kind="title")


def _request(plan: Plan, answer: str) -> GenerationRequest:
    asked = said(plan.request.messages[-1].parts)
    text = f"{PROMPT}{asked[:1500]}\n\n{answer[:1500]}"
    return GenerationRequest(model=plan.request.model, messages=(Message(role="user", parts=(Text(text),)),))


async def _receive(plan: Plan, request: GenerationRequest, transcript: Transcript, measured: meter.Measured) -> None:
    length = 0
    async with aclosing(meter.events(plan.endpoint, formats.get(plan.format), request, measured)) as batches:
        async for events in batches:
            for event in events:
                transcript.apply(event)
                length += len(getattr(event, "text", ""))
            if length > ENOUGH:
                return
            await asyncio.sleep(REST)


def _close(plan: Plan, call: Call, outcome: str, measured: meter.Measured, transcript: Transcript, asked: str) -> None:
    answer = said(transcript.parts)
    usage = transcript.usage or Usage(input_tokens=estimate(asked), output_tokens=estimate(answer))
    meter.settle(call, outcome=outcome, measured=measured, usage=usage, estimated=transcript.usage is None)
    title = titles.clean(answer) if outcome == Call.Outcome.COMPLETED else None
    if title:
        edit.retitle(conversation_id=plan.conversation_id, title=title)
