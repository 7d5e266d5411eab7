"""Beginning a turn: one transaction writes the messages, the run and its call; then the process takes it over."""

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.conversations import edit, queries
from apps.conversations.models import Conversation, Message
from apps.upstreams.models import Model
from apps.usage import meter
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


def send(*, conversation: Conversation, turn_id: uuid.UUID, text: str, model: Model, by: str = "") -> Plan:
    """A new prompt at the end of the branch on show. Raises Refused while that end is still being written."""
    if Run.objects.filter(message=conversation.head_id, status=Run.Status.RUNNING).exists():
        raise Refused(_("The answer is still being written: wait for its end, or stop it first."), status=409)
    return _ask(conversation=conversation, parent=conversation.head, turn_id=turn_id, text=text, model=model, by=by)


def ask_again(*, prompt: Message, turn_id: uuid.UUID, text: str, model: Model, by: str = "") -> Plan:
    """An edited prompt: a version beside the old one, with an answer of its own."""
    return _ask(conversation=prompt.conversation, parent=prompt.parent, turn_id=turn_id, text=text, model=model, by=by)


def retry(*, answer: Message, turn_id: uuid.UUID, model: Model, by: str = "") -> Plan:
    """Another answer to the same prompt, beside the first."""
    with transaction.atomic():
        another = edit.add_message(
            conversation=answer.conversation, parent=answer.parent, role=Message.Role.ASSISTANT, by=by
        )
        return _run(message=another, turn_id=turn_id, model=model)


def carry_on(*, answer: Message, turn_id: uuid.UUID, model: Model, by: str = "") -> Plan:
    """More of the same answer, behind what is there."""
    with transaction.atomic():
        prior = tuple(queries.parts_of([answer.id]).get(answer.id, ()))
        edit.touch(conversation=answer.conversation, by=by)
        return _run(message=answer, turn_id=turn_id, model=model, prior=prior)


@transaction.atomic(savepoint=False)
def _ask(*, conversation, parent, turn_id, text, model, by) -> Plan:
    answer = edit.add_exchange(conversation=conversation, parent=parent, text=text, by=by)
    return _run(message=answer, turn_id=turn_id, model=model)


def _run(*, message: Message, turn_id, model: Model, prior=()) -> Plan:
    conversation, prompt = message.conversation, message.parent
    if prompt is None:
        raise ValueError("An answer stands below a prompt.")
    run = _create_run(message, turn_id, model)
    call = meter.open_call(user=conversation.owner, model=model, format=run.format, run_id=run.id)
    nodes = queries.path_to(conversation, prompt.id)
    return Plan(
        run_id=run.id,
        call_id=call.id,
        user_id=run.user_id,
        conversation_id=conversation.id,
        prompt_id=prompt.id,
        message_id=message.id,
        model_id=model.id,
        endpoint=model.upstream.endpoint(),
        format=run.format,
        request=request_for(run, history(nodes), prior),
        prior=prior,
        model_label=str(model),
        wants_title=len(nodes) == 1 and conversation.title_source == Conversation.TitleSource.FIRST_WORDS,
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
