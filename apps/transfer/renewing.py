"""New ids for a record whose own are taken: by another person, or by the same conversation as it is now."""

import uuid
from collections.abc import Iterator

from apps.conversations.models import Conversation, Message
from apps.runs.compare.begin import derived
from apps.runs.models import Round, Run
from apps.work.ids import new_id

from . import schema


def all_of(record: schema.Conversation) -> list[schema.Conversation]:
    """The conversation and its columns."""
    return [record, *(record.comparison.columns if record.comparison else ())]


def rounds_of(record: schema.Conversation) -> list[schema.Round]:
    return record.comparison.rounds if record.comparison else []


def runs_of(record: schema.Conversation) -> Iterator[schema.Run]:
    return (run for each in all_of(record) for message in each.messages for run in message.runs)


def messages_of(record: schema.Conversation) -> Iterator[schema.Message]:
    return (message for each in all_of(record) for message in each.messages)


def is_free(record: schema.Conversation, owner) -> bool:
    """Whether all its ids can be used as they are."""
    runs, rounds = list(runs_of(record)), rounds_of(record)
    taken = (
        Conversation.objects.filter(pk__in=[each.id for each in all_of(record)]),
        Message.objects.filter(pk__in=[message.id for message in messages_of(record)]),
        Run.objects.filter(pk__in=[run.id for run in runs]),
        Run.objects.filter(user=owner, turn_id__in=[run.turn_id for run in runs]),
        Round.objects.filter(pk__in=[each.id for each in rounds]),
        Round.objects.filter(turn_id__in=[each.turn_id for each in rounds]),
    )
    return not any(rows.exists() for rows in taken)


def renew(record: schema.Conversation) -> None:
    """Gives every id of it a new one, in the same order."""
    new = _New()
    _renew_turns(record, new)
    for each in all_of(record):
        each.id = new(each.id)
    for message in messages_of(record):
        message.id = new(message.id)
    for run in runs_of(record):
        run.id = new(run.id)
    for each in all_of(record):
        each.head = new.known(each.head)
        for message in each.messages:
            message.parent = new.known(message.parent)
    for round in rounds_of(record):
        round.id = new(round.id)
        round.prompt, round.column = new(round.prompt), new.known(round.column)
        if round.vote:
            round.vote.column = new.known(round.vote.column)


class _New(dict[uuid.UUID, uuid.UUID]):
    """New ids by the old ones, made as they are asked for."""

    def __call__(self, id: uuid.UUID) -> uuid.UUID:
        if id not in self:
            self[id] = new_id()
        return self[id]

    def known(self, id: uuid.UUID | None) -> uuid.UUID | None:
        return self.get(id) if id else None


def _renew_turns(record: schema.Conversation, new: _New) -> None:
    """A column's turn is known by the round that it answers: by an id made of both."""
    turns: dict[uuid.UUID, uuid.UUID] = {}
    columns = [(each.id, new(each.id)) for each in all_of(record)]
    for round in rounds_of(record):
        turn = uuid.uuid4()
        for old_column, column in columns:
            turns[derived(round.turn_id, old_column)] = derived(turn, column)
        round.turn_id = turn
    for run in runs_of(record):
        run.turn_id = turns.get(run.turn_id) or uuid.uuid4()
