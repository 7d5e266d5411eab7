"""`changed`: a conversation is not what it was; sent after the commit, so that who listens reads the new state.

Arguments: `conversation_id`, None for several at once, `owner_id`, `by`, the id of the page that did it ("" for none)
and knows already, and `thread`: whether the messages on show are others now, or only the list and the title.

`binned`: `conversation_ids` were deleted, columns too; nothing goes on in them.
"""

import uuid
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.dispatch import Signal

from .models import Conversation

changed = Signal()
binned = Signal()


def announce(conversation: Conversation, by: str = "", *, thread: bool = True) -> None:
    """Sends `changed` once the transaction stands; a listener that fails is logged and harms nobody.

    A column is shown by its comparison's page: that one has changed.
    """
    shown = conversation.column_of_id or conversation.pk
    fields = {"conversation_id": shown, "owner_id": conversation.owner_id, "by": by, "thread": thread}
    transaction.on_commit(partial(changed.send_robust, sender=Conversation, **fields))


def announce_list(owner_id: int, by: str = "", *, thread: bool = False) -> None:
    """Sends one `changed` for all that one command did to the list; `thread` if open pages may show what it did."""
    fields = {"conversation_id": None, "owner_id": owner_id, "by": by, "thread": thread}
    transaction.on_commit(partial(changed.send_robust, sender=Conversation, **fields))


def announce_binned(ids: Sequence[uuid.UUID]) -> None:
    transaction.on_commit(partial(binned.send_robust, sender=Conversation, conversation_ids=ids))
