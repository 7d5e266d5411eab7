"""A comparison as its page shows it: columns side by side, what their answers took, which was voted the best."""

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation, Message
from apps.conversations.queries import MessageNode
from apps.wire import formats

from .. import attachments, turns
from ..models import Comparison, Round, Run, Vote
from ..turns import RunView, Turn
from . import begin
from .scores import Score, beside


class Answer(msgspec.Struct):
    """One answer of a column; `prompt` where the page's strip does not show it."""

    turn: Turn
    prompt: Turn | None = None
    is_best: bool = False


class Column(msgspec.Struct):
    """`last` is the column's newest run, `scored` its answer to the prompt in the strip; `behind` counts prompts that
    it was not asked, `in_the_way` tells why a budget does not let it; `unfit` is what `attachments.unfit` tells."""

    id: uuid.UUID
    number: int
    name: str
    format: str
    answers: Sequence[Answer]
    last: RunView | None = None
    scored: Answer | None = None
    scores: Sequence[Score] = ()
    behind: int = 0
    in_the_way: str = ""
    unfit: str = ""
    votable: bool = False
    is_best: bool = False

    @property
    def is_running(self) -> bool:
        return self.last is not None and self.last.is_running


class Asked(msgspec.Struct):
    """Who answered which round: `answers` are the newest answers by round and column."""

    rounds: Sequence[Round]
    columns: Sequence[Conversation]
    answers: dict[tuple[uuid.UUID, uuid.UUID], uuid.UUID]
    turns: dict[uuid.UUID, Turn]
    votes: dict[uuid.UUID, Vote]

    @property
    def focus(self) -> Round | None:
        """The newest prompt that all columns were asked."""
        return next((each for each in reversed(self.rounds) if each.column_id is None), None)


def comparison_of(conversation: Conversation) -> Comparison:
    """The comparison that a conversation is, or is a column of."""
    found = Comparison.objects.select_related("conversation__owner", "conversation__head")
    return found.get(pk=conversation.column_of_id or conversation.pk)


def of_column(conversation: Conversation) -> dict[str, Any]:
    return context(comparison_of(conversation))


def context(comparison: Comparison) -> dict[str, Any]:
    """What `compare/_board.html` needs."""
    asked, hidden = asked_of(comparison), comparison.hidden
    if hidden:
        for turn in asked.turns.values():
            _hide(turn)
    columns = [_column(asked, place, hidden) for place in range(len(asked.columns))]
    focus = asked.focus
    if focus and not hidden:
        _score(columns, asked, focus)
    vote = asked.votes.get(focus.id) if focus else None
    return {
        "comparison": comparison,
        "conversation": comparison.conversation,
        "columns": columns,
        "hidden": hidden,
        "focus": focus,
        "prompt": asked.turns.get(focus.prompt_id) if focus else None,
        "vote": vote,
        "voted": _voted(comparison, vote),
        "may_add": len(columns) < begin.MOST and not hidden,
        "may_diff": bool(focus) and sum(column.scored is not None for column in columns) > 1,
    }


def _voted(comparison: Comparison, vote: Vote | None) -> str:
    """Whether the names were known to the vote; '' where none were hidden."""
    shown_at = comparison.revealed_at if comparison.blind else None
    return str(vote.when(shown_at).label) if vote and shown_at else ""


def asked_of(comparison: Comparison) -> Asked:
    """All rounds and answers of a comparison, in a handful of queries whatever their number."""
    columns, rounds = begin.columns_of(comparison), list(comparison.rounds.all())
    pairs = [(each, column) for each in rounds for column in columns if each.column_id in (None, column.pk)]
    asked = {begin.derived(each.turn_id, column.pk): (each.id, column.pk) for each, column in pairs}
    runs = Run.objects.filter(conversation__in=columns, turn_id__in=asked)
    prompts = dict(runs.values_list("message__parent_id", "turn_id"))
    nodes = _newest(prompts)
    shown = [*nodes.values(), *(MessageNode(each.prompt_id, "user", None) for each in rounds)]
    return Asked(
        rounds=rounds,
        columns=columns,
        answers={asked[prompts[prompt]]: node.id for prompt, node in nodes.items()},
        turns={turn.id: turn for turn in turns.turns_of(shown)},
        votes={vote.round_id: vote for vote in Vote.objects.filter(round__in=rounds)},
    )


def _newest(prompts) -> dict[uuid.UUID, MessageNode]:
    """The newest answer to each of these prompts of columns."""
    answers = Message.objects.filter(parent__in=prompts, role=Message.Role.ASSISTANT).order_by("pk")
    return {parent: MessageNode(id, "assistant", parent) for id, parent in answers.values_list("pk", "parent_id")}


def _hide(turn: Turn) -> None:
    """Takes away everything of an answer that may tell who wrote it."""
    run = turn.run
    if run is None:
        return
    run.model, run.format, run.answered_model, run.left_out, run.metrics = "", "", "", (), []
    if run.error:
        run.error = {"title": _("This answer failed. Why is told after your vote.")}


def _column(asked: Asked, place: int, hidden: bool) -> Column:
    column, focus = asked.columns[place], asked.focus
    answers, scored, behind = [], None, 0
    for each in asked.rounds:
        if each.column_id not in (None, column.pk):
            continue
        if (each.id, column.pk) not in asked.answers:
            behind += 1
            continue
        answer = _answer(asked, each, column)
        answers.append(answer)
        if focus and each.id == focus.id:
            scored, answer.prompt = answer, None
    shown = Column(id=column.pk, number=place + 1, name="", format="", answers=answers, scored=scored, behind=behind)
    shown.name = _("Answer %(number)d") % {"number": place + 1} if hidden else name_of(column, answers)
    shown.format = "" if hidden else formats.get(column.format).label
    shown.unfit = attachments.unfit(column.format, column.model) if column.model and not hidden else ""
    shown.last = answers[-1].turn.run if answers else None
    shown.in_the_way = begin.in_the_way(column) if behind and not shown.is_running else ""
    shown.votable = bool(scored)
    shown.is_best = bool(scored and scored.is_best)
    return shown


def _answer(asked: Asked, each: Round, column: Conversation) -> Answer:
    vote = asked.votes.get(each.id)
    return Answer(
        turn=asked.turns[asked.answers[each.id, column.pk]],
        prompt=asked.turns.get(each.prompt_id),
        is_best=bool(vote and vote.column_id == column.pk),
    )


def name_of(column: Conversation, answers: Sequence[Answer] = ()) -> str:
    """The column's model; of one that is gone, what its last answer says."""
    if column.model:
        return str(column.model)
    told = answers[-1].turn.run.model if answers and answers[-1].turn.run else ""
    return told or _("A model that is gone")


def _score(columns: Sequence[Column], asked: Asked, focus: Round) -> None:
    ids = [asked.answers.get((focus.id, column.id)) for column in columns]
    spent = turns.spent_on([id for id in ids if id])
    good = [_has_ended_well(column.scored) for column in columns]
    rows = beside([(spent.get(id) if id else None, may) for id, may in zip(ids, good, strict=True)])
    for column, row in zip(columns, rows, strict=True):
        column.scores = row


def _has_ended_well(answer: Answer | None) -> bool:
    return bool(answer and answer.turn.run and answer.turn.run.status == Run.Status.COMPLETED)
