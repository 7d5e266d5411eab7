"""The context of the chat page and of its parts."""

from django.conf import settings

from apps.conversations import edit, queries
from apps.conversations.models import Conversation
from apps.media.queries import laid_for
from apps.upstreams import local
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model

from . import attachments, choices, turns
from .forms import TurnForm
from .manner import TURN
from .tools import choice

SHOWN = 30


def chat(user, conversation: Conversation | None = None, **more) -> dict:
    """Everything that `conversations/_main.html` needs; without a conversation it is the new chat."""
    model = _model(user, conversation)
    return {
        "conversation": conversation,
        **thread(conversation),
        "picker": upstreams.picker(user),
        "model": model,
        "offer": choices.kept(model, conversation) if model else None,
        "system_prompt": conversation.system_prompt if conversation else "",
        "draft": edit.draft_of(owner=user, conversation=conversation),
        "laid": laid_for(user, str(conversation.pk) if conversation else ""),
        "using": choice.panel(user, conversation),
        "attaching": attachments.fitting(),
        "upload_limit": max(settings.UPLOAD_MB.values()),
        "local": local.status(),
        "message_max": settings.MESSAGE_MAX_CHARS,
        **more,
    }


def page(user, conversation: Conversation | None = None) -> dict:
    return chat(user, conversation, history=queries.history(user))


def after_turn(form: TurnForm, conversation: Conversation) -> dict:
    """What a format that was chosen for one turn leaves behind: the choices that hold from now on."""
    return {"offer": choices.kept(form.model, conversation)} if form.choice.scope == TURN else {}


def thread(conversation: Conversation | None, *, before=None) -> dict:
    """The newest turns of the branch on show, or those just before a message."""
    nodes = queries.branch(conversation) if conversation else []
    if before is not None:
        nodes = nodes[: next((place for place, node in enumerate(nodes) if node.id == before), 0)]
    shown = turns.turns_of(nodes[-SHOWN:])
    return {"conversation": conversation, "turns": shown, "older": len(nodes) > SHOWN}


def _model(user, conversation: Conversation | None) -> Model | None:
    """The conversation's model while it may still be used, otherwise the person's default."""
    usable = Model.objects.for_user(user)
    chosen = usable.filter(id=conversation.model_id).first() if conversation and conversation.model_id else None
    return chosen or upstreams.default_model(user)
