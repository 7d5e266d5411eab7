"""Beginning a trial: an ordinary run in a conversation of the administrator, whatever the catalogue thinks of it.

Unlike a turn of the chat page nothing is left out that the model is said not to take: that is the question.
"""

import io
import json

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.media.store import keep_upload
from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire.messages import Message, Part, Text
from apps.work.database import writing
from apps.work.ids import new_id
from apps.work.leases import worker_name
from apps.work.prepared import insert

from ..attachments import part_of
from ..models import Run
from ..plan import Plan, request_for
from ..start import metered
from ..tools.definitions import dumped
from .checks import CHECKS
from .questions import QUESTIONS, Question
from .scope import Trial


def begin(trial: Trial, model: Model, drawer: Conversation) -> Plan:
    """The plan of one run; its conversation lies in the probe's `drawer`. Raises NotTaken and OverBudget."""
    question = QUESTIONS[trial.question]
    attached = _attached(drawer.owner, question)
    parts = (*attached, Text(question.text))
    with writing():
        talk = _conversation(trial, model, drawer)
        answer = edit.add_exchange(conversation=talk, parent=None, text=question.text, attached=attached)
        run = _run(talk, answer, trial, model)
        request = request_for(run, (Message(role="user", parts=parts),))
        call = metered(run, model, request, talk.owner)
    return Plan(
        run_id=run.id,
        call_id=call.id,
        user_id=run.user_id,
        conversation_id=talk.id,
        prompt_id=answer.parent_id or answer.id,
        message_id=answer.id,
        model_id=model.id,
        endpoint=model.upstream.endpoint(),
        format=trial.format,
        request=request,
        tools=question.tools,
        tool_rounds=1,
        schema=run.response_schema["schema"] if run.response_schema else "",
        model_label=str(model),
        language=get_language() or "",
    )


def _conversation(trial: Trial, model: Model, drawer: Conversation) -> Conversation:
    talk = edit.create(owner=drawer.owner, model=model, format=trial.format)
    label = CHECKS[trial.checks[0]].label
    talk.column_of, talk.title_source = drawer, Conversation.TitleSource.PERSON
    talk.title = _("Probe: %(check)s, %(model)s") % {"check": label, "model": str(model)[:150]}
    talk.save(update_fields=["column_of", "title", "title_source"])
    return talk


def _attached(owner, question: Question) -> tuple[Part, ...]:
    """Raises NotTaken where the administrator's quota is used up."""
    if question.attachment is None:
        return ()
    content = question.attachment.content()
    name = question.attachment.name
    return (part_of(keep_upload(owner=owner, file=io.BytesIO(content), size=len(content), name=name)),)


def _run(talk: Conversation, answer, trial: Trial, model: Model) -> Run:
    question = QUESTIONS[trial.question]
    run = Run(
        user_id=talk.owner_id,
        conversation=talk,
        message=answer,
        turn_id=new_id(),
        worker=worker_name(),
        model=model,
        model_name=model.name,
        upstream_name=model.upstream.name,
        format=trial.format,
        parameters=question.parameters(formats.get(trial.format)),
        web_search=question.web_search,
        tools=dumped(question.tools),
        tool_rounds=1,
        response_schema=_schema(question),
    )
    insert(run)
    return run


def _schema(question: Question) -> dict | None:
    if question.schema is None:
        return None
    return {"name": "answer", "schema": json.dumps(question.schema), "strict": True}
