"""Whether the name of a column is to be kept from its reader, wherever it could be read."""

from apps.conversations.models import Conversation

from ..models import Comparison


def hides(conversation: Conversation) -> bool:
    """True of a column of a comparison that is blind, until it is revealed."""
    if conversation.column_of_id is None:
        return False
    blind = Comparison.objects.filter(pk=conversation.column_of_id, blind=True, revealed_at=None)
    return blind.exists()
