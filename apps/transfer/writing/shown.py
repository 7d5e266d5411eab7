"""Which messages a reader of an export sees: the branch on show, and of a comparison each column's, one by one."""

from collections.abc import Iterator

import msgspec
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.conversations.queries import branch
from apps.runs.compare.begin import columns_of
from apps.runs.turns import Turn, turns_of
from apps.wire import formats

AT_ONCE = 40


class Section(msgspec.Struct, frozen=True):
    """`title` is '' for a chat; a column's is its model and format, unless names are `hidden` still."""

    title: str
    conversation: Conversation
    hidden: bool = False

    def turns(self) -> Iterator[Turn]:
        """A few at a time: a talk may be long."""
        nodes = branch(self.conversation)
        for start in range(0, len(nodes), AT_ONCE):
            for turn in turns_of(nodes[start : start + AT_ONCE]):
                if self.hidden and turn.run:
                    turn.run.model, turn.run.format, turn.run.metrics = self.title, "", []
                yield turn


def sections(conversation: Conversation) -> list[Section]:
    if conversation.kind != Conversation.Kind.COMPARISON:
        return [Section("", conversation)]
    comparison = conversation.comparison
    return [
        Section(_hidden(number) if comparison.hidden else _named(column), column, comparison.hidden)
        for number, column in enumerate(columns_of(comparison))
    ]


def _hidden(number: int) -> str:
    return _("Answer {letter}").format(letter=chr(ord("A") + number % 26))


def _named(column: Conversation) -> str:
    return f"{column.model or _('No model')} · {formats.get(column.format).label}"
