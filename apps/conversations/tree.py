"""The shape of a conversation: which messages lie on a branch, and which are versions of each other."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import UUIDField

from apps.work.prepared import Select, Slot

from .models import Conversation, Message

_shape = Select(
    lambda: (
        Message.objects.filter(conversation=Slot("conversation", UUIDField()))
        .order_by("pk")
        .values_list("pk", "parent_id", "role")
    )
)


@dataclass(frozen=True, slots=True)
class MessageNode:
    """A message of a branch; `position` of `total` counts from 1 among the versions, the children of one parent."""

    id: uuid.UUID
    role: str
    parent_id: uuid.UUID | None
    position: int = 1
    total: int = 1
    previous_id: uuid.UUID | None = None
    next_id: uuid.UUID | None = None


class Tree:
    """The shape of a conversation in memory, from one query of ids and roles."""

    def __init__(self, conversation: Conversation):
        self.nodes: dict[uuid.UUID, tuple[uuid.UUID | None, str]] = {}
        self.children: dict[uuid.UUID | None, list[uuid.UUID]] = {}
        for id, parent, role in _shape(conversation=conversation.pk):
            self.nodes[id] = parent, role
            self.children.setdefault(parent, []).append(id)

    def path(self, id: uuid.UUID | None) -> list[MessageNode]:
        """From the first message down to `id`; nothing if there is no such message."""
        nodes = [self._node(id) for id in self._upwards(id)]
        return nodes[::-1]

    def _upwards(self, id: uuid.UUID | None) -> Iterator[uuid.UUID]:
        while id in self.nodes:
            yield id
            id = self.nodes[id][0]

    def _node(self, id: uuid.UUID) -> MessageNode:
        parent, role = self.nodes[id]
        return version_among(self.children[parent], id, role, parent)

    def newest_leaf(self, id: uuid.UUID) -> uuid.UUID:
        """What was written last below `id`, or itself."""
        leaves, waiting = [], [id]
        while waiting:
            below = self.children.get(id := waiting.pop(), [])
            waiting += below
            leaves += [] if below else [id]
        return max(leaves)


def version_among(versions: Sequence[uuid.UUID], id: uuid.UUID, role: str, parent: uuid.UUID | None) -> MessageNode:
    """The message as one of these, which are all the children of its parent, in order."""
    at = versions.index(id)
    return MessageNode(
        id=id,
        role=role,
        parent_id=parent,
        position=at + 1,
        total=len(versions),
        previous_id=versions[at - 1] if at else None,
        next_id=versions[at + 1] if at + 1 < len(versions) else None,
    )
