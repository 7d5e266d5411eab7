"""The context of the chat page and of its parts."""

from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings

from apps.conversations import edit, queries
from apps.conversations.models import Conversation
from apps.media.queries import laid_for
from apps.upstreams import local
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model

from . import attachments, beginning, choices, turns
from .forms import TurnForm
from .manner import TURN
from .tools import choice

SHOWN = 30
NOTHING: Mapping[str, str] = MappingProxyType({})


def chat(user, conversation: Conversation | None = None, query: Mapping[str, str] = NOTHING, **more) -> dict:
    """Everything that `conversations/_main.html` needs; without a conversation it is the new chat."""
    begun = None if conversation else beginning.of(user, query)
    chosen = begun.chosen if begun else conversation
    model = _model(user, chosen)
    return {
        "conversation": conversation,
        **thread(conversation),
        "picker": upstreams.picker(user),
        "model": model,
        "offer": choices.kept(model, chosen) if model else None,
        "system_prompt": chosen.system_prompt if chosen else "",
        "begun": begun,
        "draft": edit.draft_of(owner=user, conversation=conversation),
        "laid": laid_for(user, str(conversation.pk) if conversation else ""),
        "using": choice.panel(user, chosen),
        "attaching": attachments.fitting(),
        "upload_limit": max(settings.UPLOAD_MB.values()),
        "local": local.status(),
        "message_max": settings.MESSAGE_MAX_CHARS,
        **more,
    }


def page(user, conversation: Conversation | None = None, query: Mapping[str, str] = NOTHING) -> dict:
    into = None if conversation else queries.folder(user, query.get("into"))
    return chat(user, conversation, query, history=queries.history(user), into=into)


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
