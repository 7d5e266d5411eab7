"""Every change of a comparison. A prompt is written once and put to each column as a turn of its own."""

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.conversations import edit, queries
from apps.conversations.models import Conversation, Folder, Message
from apps.upstreams.models import Model
from apps.usage.budgets import refusals as budgets
from apps.usage.budgets import reservations
from apps.usage.budgets.estimates import of_request
from apps.wire import messages as wire
from apps.work.database import writing

from .. import aside, attachments, start
from ..forms import model_of
from ..manner import Manner, manner_of
from ..models import Comparison, Round, Run, Vote
from ..plan import Plan
from ..refusals import OverBudget, Refused, Repeated
from ..tools.choice import FIELDS
from . import copies
from .columns import MOST, Wanted

SHARED = ("system_prompt", "web_search", *FIELDS)


def derived(id: uuid.UUID, of: Any) -> uuid.UUID:
    """One id made of another: of the browser's for a round, of the round's for the turn of a column."""
    return uuid.uuid5(id, str(of))


def opened(
    *,
    owner,
    named: str,
    shared: dict[str, Any],
    wanted: Sequence[Wanted],
    blind: bool = False,
    folder: Folder | None = None,
) -> Comparison:
    """A new comparison with its columns. Where names are hidden, the order of the columns says nothing."""
    cover = edit.create(owner=owner, first_text=named, folder=folder, kind=Conversation.Kind.COMPARISON, **shared)
    comparison = Comparison.objects.create(conversation=cover, blind=blind)
    for each in shuffled(wanted) if blind else wanted:
        _column_for(comparison, each)
    return comparison


def shuffled(wanted: Sequence[Wanted]) -> list[Wanted]:
    return sorted(wanted, key=lambda _: uuid.uuid4())


def columns_of(comparison: Comparison) -> list[Conversation]:
    """The columns in their order."""
    found = Conversation.objects.filter(column_of=comparison.pk).order_by("pk")
    return list(found.select_related("model__upstream", "head", "owner"))


def _column_for(comparison: Comparison, wanted: Wanted) -> Conversation:
    return new_column(comparison, model=wanted.model, **asked_with(wanted))


def asked_with(wanted: Wanted) -> dict[str, Any]:
    """What a column is asked with that the others may not be."""
    said = {"parameters": dict(wanted.parameters), "set_aside": dict(wanted.set_aside)}
    return {"format": wanted.format, "extra": wanted.extra, **said}


def new_column(comparison: Comparison, *, model: Model | None, **chosen: Any) -> Conversation:
    """A column without messages; its model may be gone. `chosen` is as in `asked_with`."""
    cover = comparison.conversation
    return edit.create(
        owner=cover.owner,
        kind=Conversation.Kind.COLUMN,
        column_of=cover,
        title_source=Conversation.TitleSource.PERSON,
        model=model,
        format_chosen=True,
        **chosen,
        **shared_of(cover),
    )


def shared_of(conversation: Conversation) -> dict[str, Any]:
    """What all columns are asked with."""
    return {name: getattr(conversation, name) for name in SHARED}


def ask(
    *,
    comparison: Comparison,
    turn_id: uuid.UUID,
    parts: Sequence[wire.Part],
    to: Conversation | None = None,
    by: str = "",
) -> list[Plan]:
    """A prompt to all columns, or to one. A column that a budget has no room for is left behind, unless all are.

    Raises Refused, and Repeated for a form that came twice.
    """
    columns = [to] if to else columns_of(comparison)
    if _running(columns):
        raise Refused(_("An answer is still being written: wait for its end, or stop it first."), status=409)
    round = new_round(comparison, turn_id, parts, to, by)
    plans: list[Plan | None] = []
    refused: OverBudget | None = None
    for column in columns:
        try:
            with transaction.atomic():
                plans.append(next_turn(comparison, column, by=by, wanted=round))
        except OverBudget as error:
            refused = error
    if refused and not any(plans):
        raise refused
    return [plan for plan in plans if plan]


def in_the_way(column: Conversation) -> str:
    """Why the column would not be asked now: the sentence of a budget, or ''."""
    if column.model is None:
        return ""
    asks = partial(of_request, column.model, column.format, wire.GenerationRequest(model=column.model.name))
    try:
        reservations.check(column.owner_id, asks)
    except budgets.Refused as error:
        return str(error)
    return ""


def _running(columns: Sequence[Conversation]) -> bool:
    return Run.objects.filter(conversation__in=columns, status=Run.Status.RUNNING).exists()


def new_round(comparison: Comparison, turn_id: uuid.UUID, parts, to: Conversation | None = None, by: str = "") -> Round:
    cover = comparison.conversation
    prompt = edit.add_message(conversation=cover, parent=cover.head, role=Message.Role.USER, parts=parts, by=by)
    try:
        return Round.objects.create(
            comparison=comparison, prompt=prompt, column=to, turn_id=derived(turn_id, cover.owner_id)
        )
    except IntegrityError as error:
        raise Repeated from error


def missing(comparison: Comparison, column: Conversation) -> list[Round]:
    """The prompts that the column was not asked yet, in order."""
    rounds = [each for each in comparison.rounds.select_related("prompt") if each.column_id in (None, column.pk)]
    turns = {derived(each.turn_id, column.pk): each for each in rounds}
    asked = set(Run.objects.filter(conversation=column, turn_id__in=turns).values_list("turn_id", flat=True))
    return [each for turn, each in turns.items() if turn not in asked]


def next_turn(
    comparison: Comparison, column: Conversation, *, by: str = "", wanted: Round | None = None
) -> Plan | None:
    """Puts the first prompt that is missing to the column; with `wanted` only if it is that one."""
    rounds = missing(comparison, column)
    if not rounds or (wanted and rounds[0] != wanted):
        return None
    model = model_of(column.owner, None, column)
    edit.configure(conversation=column, model=model, **shared_of(comparison.conversation))
    parts = queries.parts_of([rounds[0].prompt_id]).get(rounds[0].prompt_id, [])
    return start.send(
        conversation=column,
        turn_id=derived(rounds[0].turn_id, column.pk),
        text=wire.said(part for part in parts if isinstance(part, wire.Text)),
        model=model,
        before=start.said_before(column, column.head_id),
        attached=[part for part in parts if not isinstance(part, wire.Text)],
        manner=_manner(column, model),
        by=by,
    )


def _manner(column: Conversation, model: Model) -> Manner:
    """How a column is asked: what its format cannot say of what was wanted is told under each answer."""
    manner = manner_of(column, model)
    return msgspec.structs.replace(manner, left_out=(*manner.left_out, *aside.named(column.set_aside)))


def add_column(*, comparison: Comparison, wanted: Wanted, by: str = "") -> Plan | None:
    """One more column, which is asked what the others were, from the first prompt on. Raises Refused."""
    if comparison.hidden:
        raise Refused(_("Vote first, or show the names: a column added now would be known by its place."), status=409)
    with writing():
        if len(columns_of(comparison)) >= MOST:
            raise Refused(_("A comparison has at most %(most)d columns.") % {"most": MOST})
        column = _column_for(comparison, wanted)
        copies.copy_branch(nodes=_before_first(comparison), into=column)
        plan = next_turn(comparison, column, by=by)
        edit.touch(conversation=comparison.conversation, by=by)
    return plan


def _before_first(comparison: Comparison) -> list[queries.MessageNode]:
    """What was said before the comparison began."""
    first = comparison.rounds.first()
    return queries.path_to(comparison.conversation, first.prompt_id)[:-1] if first else []


def go_on(*, comparison: Comparison, column: Conversation, by: str = "") -> Plan | None:
    """Asks the column what it was not asked yet: the first prompt now, the others as the answers end."""
    if _running([column]):
        raise Refused(_("This answer is still being written."), status=409)
    with writing():
        plan = next_turn(comparison, column, by=by)
        edit.touch(conversation=comparison.conversation, by=by)
    return plan


def retry(*, comparison: Comparison, column: Conversation, turn_id: uuid.UUID, by: str = "") -> Plan:
    """Another answer of one column to its last prompt."""
    answer = column.head
    if answer is None or answer.role != Message.Role.ASSISTANT:
        raise Refused(_("This column has no answer yet."), status=409)
    if _running([column]):
        raise Refused(_("This answer is still being written."), status=409)
    model = model_of(column.owner, None, column)
    answer = Message.objects.select_related("conversation__owner", "parent").get(pk=answer.pk)
    with writing():
        plan = start.retry(answer=answer, turn_id=turn_id, model=model, manner=_manner(column, model), by=by)
        edit.touch(conversation=comparison.conversation, by=by)
    return plan


def change_column(*, comparison: Comparison, column: Conversation, wanted: Wanted, by: str = "") -> None:
    """What the column is asked by from its next turn on."""
    if comparison.hidden:
        raise Refused(_("The names are hidden until you vote: a column can be changed after that."), status=409)
    with writing():
        edit.configure(conversation=column, model=wanted.model, **asked_with(wanted))
        edit.touch(conversation=comparison.conversation, by=by)


def remove_column(*, comparison: Comparison, column: Conversation, by: str = "") -> list[uuid.UUID]:
    """Takes a column away with its answers; gives the runs that are to be stopped. Raises Refused for the last one."""
    with writing():
        if len(columns_of(comparison)) < 2:
            raise Refused(_("The last column stays: delete the comparison instead."), status=409)
        running = list(Run.objects.filter(conversation=column, status=Run.Status.RUNNING).values_list("id", flat=True))
        edit.delete(conversation=column, by=by)
        edit.touch(conversation=comparison.conversation, by=by)
    return running


def vote(*, comparison: Comparison, round: Round, column: Conversation | None, by: str = "") -> None:
    """Keeps which answer was the best, or that none was; the last word counts. The names are shown from then on, for
    good: a vote that is changed afterwards says so."""
    if column is not None and round.column_id not in (None, column.pk):
        raise Refused(_("This column was not asked that prompt."))
    with writing():
        Vote.objects.update_or_create(round=round, defaults={"column": column})
        reveal(comparison=comparison, by=by)


def take_back(*, comparison: Comparison, round: Round, by: str = "") -> None:
    """Forgets the vote; the names stay shown."""
    with writing():
        Vote.objects.filter(round=round).delete()
        edit.touch(conversation=comparison.conversation, by=by)


def reveal(*, comparison: Comparison, by: str = "") -> None:
    """Shows the names."""
    if comparison.revealed_at is None:
        comparison.revealed_at = timezone.now()
        comparison.save(update_fields=["revealed_at"])
    edit.touch(conversation=comparison.conversation, by=by)


def checked(files, wanted: Sequence[Wanted], hidden: bool = False) -> list[wire.Part]:
    """The parts of the files that go along. Raises Refused for one that a column cannot take: unnamed where its name is
    hidden."""
    for asset in files:
        for each in wanted:
            try:
                attachments.check([asset], each.format, each.model)
            except Refused:
                if not hidden:
                    raise
                template = _("A column cannot take {name}: remove the file, or show the names first.")
                raise Refused(template.format(name=asset.name)) from None
    return [attachments.part_of(asset) for asset in files]
