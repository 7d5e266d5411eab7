"""`changed`: a conversation is not what it was; sent after the commit, so that who listens reads the new state.

Arguments: `conversation_id`, `owner_id`, `by`, the id of the page that did it ("" for none) and knows already, and
`thread`: whether the messages on show are others now, or only the list and the title.
"""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

from .models import Conversation

changed = Signal()


def announce(conversation: Conversation, by: str = "", *, thread: bool = True) -> None:
    """Sends `changed` once the transaction stands; a listener that fails is logged and harms nobody.

    A column is shown by its comparison's page: that one has changed.
    """
    shown = conversation.column_of_id or conversation.pk
    fields = {"conversation_id": shown, "owner_id": conversation.owner_id, "by": by, "thread": thread}
    transaction.on_commit(partial(changed.send_robust, sender=Conversation, **fields))
