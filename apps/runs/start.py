"""Beginning a turn: one transaction writes the messages, the run and its call; then the process takes it over."""

import uuid

from django.db import IntegrityError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.conversations import edit, queries
from apps.conversations.models import Conversation, Message
from apps.upstreams.models import Model
from apps.usage import meter
from apps.wire import messages as wire
from apps.work.database import writing
from apps.work.leases import worker_name

from .models import Run
from .plan import Plan, history, request_for


class Refused(Exception):
    """The turn cannot be begun; the text says why, to the person."""

    def __init__(self, sentence: str, status: int = 422):
        super().__init__(sentence)
        self.status = status


class Repeated(Exception):
    """The turn was begun by the same form, sent a moment before."""


def already(user, turn_id: uuid.UUID) -> bool:
    """True if this turn was begun before: the form came twice."""
    return Run.objects.for_user(user).filter(turn_id=turn_id).exists()


def said_before(conversation: Conversation, last: uuid.UUID | None) -> tuple[wire.Message, ...]:
    """What the model is told of the branch that ends in `last`; read before the writing, which others wait for."""
    return history(queries.path_to(conversation, last)) if last else ()


def send(*, conversation: Conversation, turn_id: uuid.UUID, text: str, model: Model, before=(), by: str = "") -> Plan:
    """A new prompt at the end of the branch on show. Raises Refused while that end is still being written."""
    if Run.objects.filter(message=conversation.head_id, status=Run.Status.RUNNING).exists():
        raise Refused(_("The answer is still being written: wait for its end, or stop it first."), status=409)
    with writing():
        answer = edit.add_exchange(conversation=conversation, parent=conversation.head, text=text, by=by)
        return _run(answer=answer, turn_id=turn_id, model=model, messages=(*before, _prompt(text)))


def ask_again(*, prompt: Message, turn_id: uuid.UUID, text: str, model: Model, by: str = "") -> Plan:
    """An edited prompt: a version beside the old one, with an answer of its own."""
    before = said_before(prompt.conversation, prompt.parent_id)
    with writing():
        answer = edit.add_exchange(conversation=prompt.conversation, parent=prompt.parent, text=text, by=by)
        return _run(answer=answer, turn_id=turn_id, model=model, messages=(*before, _prompt(text)))


def retry(*, answer: Message, turn_id: uuid.UUID, model: Model, by: str = "") -> Plan:
    """Another answer to the same prompt, beside the first."""
    talk, prompt = answer.conversation, answer.parent
    messages = said_before(talk, answer.parent_id)
    with writing():
        another = edit.add_message(conversation=talk, parent=prompt, role=Message.Role.ASSISTANT, by=by)
        return _run(answer=another, turn_id=turn_id, model=model, messages=messages)


def carry_on(*, answer: Message, turn_id: uuid.UUID, model: Model, by: str = "") -> Plan:
    """More of the same answer, behind what is there."""
    messages = said_before(answer.conversation, answer.parent_id)
    prior = tuple(queries.parts_of([answer.id]).get(answer.id, ()))
    with writing():
        edit.touch(conversation=answer.conversation, by=by)
        return _run(answer=answer, turn_id=turn_id, model=model, messages=messages, prior=prior)


def _prompt(text: str) -> wire.Message:
    return wire.Message(role="user", parts=(wire.Text(text),))


def _run(*, answer: Message, turn_id: uuid.UUID, model: Model, messages: tuple[wire.Message, ...], prior=()) -> Plan:
    conversation, prompt_id = answer.conversation, answer.parent_id
    if prompt_id is None:
        raise ValueError("An answer stands below a prompt.")
    run = _create_run(answer, turn_id, model)
    call = meter.open_call(user=conversation.owner, model=model, format=run.format, run_id=run.id)
    return Plan(
        run_id=run.id,
        call_id=call.id,
        user_id=run.user_id,
        conversation_id=conversation.id,
        prompt_id=prompt_id,
        message_id=answer.id,
        model_id=model.id,
        endpoint=model.upstream.endpoint(),
        format=run.format,
        request=request_for(run, messages, prior),
        prior=prior,
        model_label=str(model),
        language=get_language() or "",
        wants_title=len(messages) == 1 and conversation.title_source == Conversation.TitleSource.FIRST_WORDS,
    )


def _create_run(message: Message, turn_id: uuid.UUID, model: Model) -> Run:
    conversation = message.conversation
    try:
        return Run.objects.create(
            user_id=conversation.owner_id,
            conversation=conversation,
            message=message,
            turn_id=turn_id,
            worker=worker_name(),
            model=model,
            model_name=model.name,
            upstream_name=model.upstream.name,
            format=conversation.format,
            system_prompt=conversation.system_prompt,
            parameters=conversation.parameters,
        )
    except IntegrityError as error:
        raise Repeated from error
