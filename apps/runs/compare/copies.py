"""A branch of one conversation as the beginning of another: its messages, and who wrote the answers."""

import uuid
from collections.abc import Sequence

from apps.conversations import queries
from apps.conversations.models import Conversation, Message, Part
from apps.conversations.parts import dump_part, files_of
from apps.conversations.queries import MessageNode
from apps.media import hold
from apps.work.ids import new_id

from ..models import Run


def copy_branch(*, nodes: Sequence[MessageNode], into: Conversation) -> list[Message]:
    """Copies these messages, each below the one before it, behind the head; the head is now the last of them."""
    found = queries.parts_of([node.id for node in nodes])
    messages: list[Message] = []
    for node in nodes:
        parent = messages[-1] if messages else into.head
        messages.append(Message(conversation=into, parent=parent, role=node.role))
    Message.objects.bulk_create(messages)
    rows = []
    for node, message in zip(nodes, messages, strict=True):
        parts = found.get(node.id, ())
        rows += [Part(message=message, index=index, **dump_part(part)) for index, part in enumerate(parts)]
        if held := [id for part in parts for id in files_of(part)]:
            hold.use(owner_id=into.owner_id, asset_ids=held, message_id=message.pk)
    Part.objects.bulk_create(rows)
    if messages:
        into.head = messages[-1]
        into.save(update_fields=["head"])
    return messages


def copy_run(*, run: Run, message: Message, turn_id: uuid.UUID) -> Run:
    """The run of a copied answer: it has ended, and its calls stay those of the first."""
    origin = run.copied_from_id or run.pk
    run = Run.objects.get(pk=run.pk)
    run.pk, run.copied_from_id, run.turn_id = new_id(), origin, turn_id
    run.message, run.conversation = message, message.conversation
    run.save(force_insert=True)
    return run


def copy_runs(*, nodes: Sequence[MessageNode], messages: Sequence[Message]) -> None:
    """The newest run of each answer that was copied."""
    newest = {run.message_id: run for run in Run.objects.filter(message__in=[node.id for node in nodes]).order_by("id")}
    for node, message in zip(nodes, messages, strict=True):
        if run := newest.get(node.id):
            copy_run(run=run, message=message, turn_id=new_id())
