"""The drawer of a probe: a conversation in which the conversations of its trials lie."""

import uuid

from django.utils.translation import gettext as _

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.work.database import writing


def open_drawer(owner, upstream) -> Conversation:
    """A conversation that all of a probe's lie in: the history does not list them, and they go when it goes."""
    with writing():
        drawer = edit.create(owner=owner)
        edit.rename(conversation=drawer, title=_("Probe of %(name)s") % {"name": upstream.name})
        edit.archive(conversation=drawer)
    return drawer


def upstream_of(drawer: Conversation) -> uuid.UUID | None:
    """Whose models were tried in it; None for a conversation that is no drawer."""
    lying = drawer.columns.filter(kind=Conversation.Kind.CHAT).exclude(model=None)
    return lying.values_list("model__upstream", flat=True).first()
