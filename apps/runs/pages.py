"""The context of the chat page and of its parts."""

from django.conf import settings

from apps.conversations import edit, queries
from apps.conversations.models import Conversation
from apps.upstreams import local
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model

from . import parameters, turns

SHOWN = 30
FORMAT = "openai_chat"


def chat(user, conversation: Conversation | None = None, **more) -> dict:
    """Everything that `conversations/_main.html` needs; without a conversation it is the new chat."""
    model = _model(user, conversation)
    values = conversation.parameters if conversation else {}
    format = conversation.format if conversation else FORMAT
    return {
        "conversation": conversation,
        **thread(conversation),
        "picker": upstreams.picker(user),
        "model": model,
        "format": format,
        "parameters": parameters.groups(format, values),
        "system_prompt": conversation.system_prompt if conversation else "",
        "draft": edit.draft_of(owner=user, conversation=conversation),
        "local": local.status(),
        "message_max": settings.MESSAGE_MAX_CHARS,
        **more,
    }


def page(user, conversation: Conversation | None = None) -> dict:
    return chat(user, conversation, history=queries.history(user))


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
