"""How a chat was asked before a preset was applied. It is signed and goes to the page: nothing is kept for it here."""

from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.runs.refusals import Refused
from apps.upstreams.models import Model

from .presets import SAME

_SALT = "prompts.before"
_FIELDS = (*SAME, "format", "format_chosen", "parameters", "set_aside", "tools")


def signed(talk: Conversation) -> str:
    fields = {name: getattr(talk, name) for name in _FIELDS}
    told = {"talk": str(talk.pk), "model": talk.model_id and str(talk.model_id), "fields": fields}
    return signing.dumps(told, salt=_SALT, compress=True)


def put_back(talk: Conversation, token: str) -> None:
    """Raises Refused for what was not signed for this chat."""
    told = _told(token)
    if told.get("talk") != str(talk.pk):
        raise Refused(_("This cannot be undone any more."))
    model = Model.objects.filter(pk=told["model"]).first() if told["model"] else None
    edit.configure(conversation=talk, model=model, **told["fields"])


def _told(token: str) -> dict[str, Any]:
    try:
        return signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return {}
