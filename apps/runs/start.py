"""Beginning a turn: one transaction writes the messages, the run and its call; then the process takes it over."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial

from django.db import IntegrityError
from django.db.models import UUIDField
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.conversations import edit, queries
from apps.conversations.models import Conversation, Message
from apps.upstreams.models import Model
from apps.usage import meter
from apps.usage.budgets import refusals as budgets
from apps.usage.budgets.estimates import of_request
from apps.usage.models import Call
from apps.wire import messages as wire
from apps.work.database import writing
from apps.work.leases import worker_name
from apps.work.prepared import Select, Slot, insert

from . import answers, carrying, state
from .compare.hidden import hides
from .manner import Manner, manner_of
from .models import Run
from .plan import Plan, going_on, history, request_for
from .refusals import OverBudget, Refused, Repeated
from .tools.definitions import Definition, chosen, dumped, renewed

_running = Select(
    lambda: Run.objects.filter(message=Slot("message", UUIDField()), status=Run.Status.RUNNING).values_list("id")[:1]
)


def already(user, turn_id: uuid.UUID) -> bool:
    """True if this turn was begun before: the form came twice."""
    return Run.objects.for_user(user).filter(turn_id=turn_id).exists()


def said_before(conversation: Conversation, last: uuid.UUID | None) -> tuple[wire.Message, ...]:
    """What the model is told of the branch that ends in `last`; read before the writing, which others wait for."""
    return history(queries.path_to(conversation, last)) if last else ()


def send(
    *,
    conversation: Conversation,
    turn_id: uuid.UUID,
    text: str,
    model: Model,
    before=(),
    attached: Sequence[wire.Part] = (),
    manner: Manner | None = None,
    by: str = "",
) -> Plan:
    """A new prompt at the end of the branch on show. Raises Refused while that end is still being written."""
    if conversation.head_id and _running(message=conversation.head_id):
        raise Refused(_("The answer is still being written: wait for its end, or stop it first."), status=409)
    with writing():
        answer = edit.add_exchange(
            conversation=conversation, parent=conversation.head, text=text, attached=attached, by=by
        )
        messages = (*before, _prompt(text, attached))
        return _run(answer=answer, turn_id=turn_id, model=model, messages=messages, manner=manner, tab=by)


def ask_again(
    *,
    prompt: Message,
    turn_id: uuid.UUID,
    text: str,
    model: Model,
    attached: Sequence[wire.Part] = (),
    manner: Manner | None = None,
    by: str = "",
) -> Plan:
    """An edited prompt: a version beside the old one, with an answer of its own."""
    before = said_before(prompt.conversation, prompt.parent_id)
    with writing():
        answer = edit.add_exchange(
            conversation=prompt.conversation, parent=prompt.parent, text=text, attached=attached, by=by
        )
        messages = (*before, _prompt(text, attached))
        return _run(answer=answer, turn_id=turn_id, model=model, messages=messages, manner=manner, tab=by)


def retry(*, answer: Message, turn_id: uuid.UUID, model: Model, manner: Manner | None = None, by: str = "") -> Plan:
    """Another answer to the same prompt, beside the first."""
    talk, prompt = answer.conversation, answer.parent
    messages = said_before(talk, answer.parent_id)
    with writing():
        another = edit.add_message(conversation=talk, parent=prompt, role=Message.Role.ASSISTANT, by=by)
        return _run(answer=another, turn_id=turn_id, model=model, messages=messages, manner=manner, tab=by)


def again(*, run: Run, turn_id: uuid.UUID, model: Model, by: str = "") -> Plan:
    """The request of a run once more, whatever was chosen since: another answer beside its own."""
    talk, prompt = run.message.conversation, run.message.parent
    messages = said_before(talk, run.message.parent_id)
    manner = Manner(
        format=run.format,
        parameters=run.parameters,
        web_search=run.web_search,
        keep_state=bool(run.previous_id),
        extra=run.extra,
        left_out=tuple((kind, name) for kind, name in run.left_out),
    )
    with writing():
        answer = edit.add_message(conversation=talk, parent=prompt, role=Message.Role.ASSISTANT, by=by)
        return _run(answer=answer, turn_id=turn_id, model=model, messages=messages, manner=manner, like=run, tab=by)


def carry_on(
    *,
    answer: Message,
    turn_id: uuid.UUID,
    model: Model,
    results: Mapping[str, str] | None = None,
    manner: Manner | None = None,
    by: str = "",
) -> Plan:
    """More of the same answer, behind what is there; `results` is a form with what a person says to calls of tools.

    Raises Refused while it is still being written, and where calls wait for a person who says nothing.
    """
    messages = said_before(answer.conversation, answer.parent_id)
    with writing():
        prior = _prior(answer, results)
        edit.touch(conversation=answer.conversation, by=by)
        return _run(answer=answer, turn_id=turn_id, model=model, messages=messages, prior=prior, manner=manner, tab=by)


def _prior(answer: Message, results: Mapping[str, str] | None) -> tuple[wire.Part, ...]:
    """The parts to go on behind. Two pages may answer at once: the second one finds nothing to answer."""
    Message.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if _running(message=answer.pk):
        raise Refused(_("This answer is still being written."), status=409)
    parts = queries.parts_of([answer.id]).get(answer.id, [])
    places = answers.waiting(answer, parts)
    if results is None and places:
        raise Refused(_("The model waits for your answer to its calls: fill them in below."), status=409)
    if results is not None:
        if not places:
            raise Refused(_("These calls have been answered already."), status=409)
        parts = [*parts, *answers.read(results, parts, places)]
        edit.store_parts(message=answer, parts=parts)
    return tuple(parts)


def _prompt(text: str, attached: Sequence[wire.Part]) -> wire.Message:
    words = (wire.Text(text),) if text or not attached else ()
    return wire.Message(role="user", parts=(*attached, *words))


def _run(
    *,
    answer: Message,
    turn_id: uuid.UUID,
    model: Model,
    messages: tuple[wire.Message, ...],
    prior=(),
    manner: Manner | None = None,
    like: Run | None = None,
    tab: str = "",
) -> Plan:
    conversation, prompt_id = answer.conversation, answer.parent_id
    if prompt_id is None:
        raise ValueError("An answer stands below a prompt.")
    owner, manner = conversation.owner, manner or manner_of(conversation, model)
    tools = renewed(owner, like.tools) if like else chosen(owner, conversation.tools)
    run = _create_run(answer, turn_id, model, manner, tools, like or conversation, going_on=bool(prior))
    tail = going_on(run, prior) if prior else ()
    request = _fitted(run, request_for(run, (*messages, *tail)))
    call = metered(run, model, request, conversation.owner)
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
        request=request,
        prior=prior,
        tail=len(tail),
        tools=tools,
        tool_rounds=run.tool_rounds,
        schema=run.response_schema["schema"] if run.response_schema else "",
        left_out=tuple((kind, name) for kind, name in run.left_out),
        model_label=str(model),
        tab=tab,
        language=get_language() or "",
        is_column=conversation.kind == Conversation.Kind.COLUMN,
        is_hidden=hides(conversation),
        wants_title=len(messages) == 1 and conversation.title_source == Conversation.TitleSource.FIRST_WORDS,
    )


def metered(run: Run, model: Model, request: wire.GenerationRequest, owner) -> Call:
    """The first call of a run. Raises OverBudget."""
    asks = partial(of_request, model, run.format, request)
    try:
        return meter.open_call(user=owner, model=model, format=run.format, asks=asks, run_id=run.id)
    except budgets.Refused as error:
        raise OverBudget(error) from error


def _fitted(run: Run, request: wire.GenerationRequest) -> wire.GenerationRequest:
    """The request as its format can say it; what was left out is noted with the run."""
    request, left = carrying.fit(request, run.format, run.model)
    if left:
        run.left_out = list(dict.fromkeys([*map(tuple, run.left_out), *left]))
        run.save(update_fields=["left_out"])
    return request


def _create_run(
    message: Message,
    turn_id: uuid.UUID,
    model: Model,
    manner: Manner,
    tools: Sequence[Definition],
    like: Run | Conversation,
    going_on: bool,
) -> Run:
    """`like` is what the rest is asked as: the conversation as it is now, or a run that is repeated."""
    conversation = message.conversation
    run = Run(
        user_id=conversation.owner_id,
        conversation=conversation,
        message=message,
        turn_id=turn_id,
        worker=worker_name(),
        model=model,
        model_name=model.name,
        upstream_name=model.upstream.name,
        format=manner.format,
        system_prompt=like.system_prompt,
        parameters=manner.parameters,
        web_search=manner.web_search,
        extra=manner.extra,
        left_out=list(manner.left_out),
        tools=dumped(tools),
        tool_choice=like.tool_choice,
        tool_rounds=like.tool_rounds,
        response_schema=like.response_schema,
    )
    run.previous_id = "" if going_on else state.previous_id(message, run, manner.keep_state)
    try:
        insert(run)
    except IntegrityError as error:
        raise Repeated from error
    return run
