"""Everything a runner needs to answer one turn, gathered while the database is at hand."""

import uuid
from collections.abc import Iterable, Sequence

import msgspec

from apps.conversations.queries import parts_of
from apps.upstreams.client import Endpoint
from apps.wire.messages import GenerationRequest, Message, Part, Refusal, Text

from .models import Run

GO_ON = "Continue exactly where your last answer stopped. Do not repeat anything and do not comment."


class Plan(msgspec.Struct, frozen=True):
    run_id: uuid.UUID
    call_id: uuid.UUID
    user_id: int
    conversation_id: uuid.UUID
    prompt_id: uuid.UUID
    message_id: uuid.UUID
    model_id: uuid.UUID
    endpoint: Endpoint
    format: str
    request: GenerationRequest
    prior: tuple[Part, ...] = ()
    model_label: str = ""
    wants_title: bool = False
    language: str = ""  # of whoever asked: what goes wrong is told and stored in it


def history(nodes: Iterable) -> tuple[Message, ...]:
    """The messages of a branch as the model should see them again: what was said, without thoughts and pictures.

    Reasoning is refused by some models when handed back, and images would be paid for at every turn.
    """
    nodes = list(nodes)
    parts = parts_of([node.id for node in nodes])
    said = ((node.role, _said(parts.get(node.id, ()))) for node in nodes)
    return tuple(Message(role=role, parts=kept) for role, kept in said if kept)


def _said(parts: Sequence[Part]) -> tuple[Part, ...]:
    texts = (Text(part.text) for part in parts if isinstance(part, Text | Refusal) and part.text.strip())
    return tuple(texts)


def request_for(run: Run, messages: tuple[Message, ...], prior: tuple[Part, ...] = ()) -> GenerationRequest:
    """The request of a run; to go on with `prior`, its text stands last, or is asked to be continued.

    Only models that take a prefilled answer continue it by themselves; the others need to be told.
    """
    if prior:
        messages = (*messages, Message(role="assistant", parts=_said(prior)))
        if run.model is None or not run.model.can("prefill"):
            messages = (*messages, Message(role="user", parts=(Text(GO_ON),)))
    return GenerationRequest(
        model=run.model_name, messages=messages, system=run.system_prompt, parameters=run.parameters, stream=True
    )
