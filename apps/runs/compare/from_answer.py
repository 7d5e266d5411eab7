"""A comparison that begins with an answer that is there: its prompt, what was said before, and itself as a column."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.conversations import edit, queries
from apps.conversations.models import Conversation, Message
from apps.upstreams.models import Model
from apps.wire.messages import said
from apps.work.database import writing

from .. import aside
from ..carrying import Left
from ..models import Comparison, Run
from ..plan import Plan
from ..refusals import Refused
from . import copies
from .begin import add_column, derived, new_column, new_round, opened, shared_of
from .columns import MOST, Wanted


def run_of(answer: Message) -> Run:
    """Who wrote the answer. Raises Refused where it cannot be compared."""
    run = Run.objects.filter(message=answer).select_related("model__upstream", "conversation").order_by("-id").first()
    if run is None or answer.parent_id is None:
        raise Refused(_("Nobody knows how this answer was made: it cannot be compared."))
    if run.status == Run.Status.RUNNING:
        raise Refused(_("This answer is still being written."), status=409)
    return run


def compare_with(*, answer: Message, turn_id: uuid.UUID, wanted: Sequence[Wanted]) -> tuple[Comparison, list[Plan]]:
    """A comparison whose first column is the answer, as it is. Raises Refused, and Repeated for a form sent twice."""
    run, talk = run_of(answer), answer.conversation
    if len(wanted) >= MOST:
        raise Refused(_("A comparison has at most %(most)d columns.") % {"most": MOST})
    nodes = queries.path_to(talk, answer.id)
    *before, prompt, _answer = nodes
    parts = queries.parts_of([prompt.id]).get(prompt.id, [])
    with writing():
        comparison = opened(owner=talk.owner, named=said(parts) or str(talk), shared=shared_of(talk), wanted=())
        copies.copy_branch(nodes=before, into=comparison.conversation)
        round = new_round(comparison, turn_id, parts)
        of_run = {"format": run.format, "parameters": run.parameters, "extra": _extra(run)}
        first = new_column(comparison, model=run.model, set_aside=_set_aside(run), **of_run)
        messages = copies.copy_branch(nodes=nodes, into=first)
        copies.copy_run(run=run, message=messages[-1], turn_id=derived(round.turn_id, first.pk))
        plans = [add_column(comparison=comparison, wanted=each) for each in wanted]
    return comparison, [plan for plan in plans if plan]


def like(run: Run, model: Model, format: str) -> tuple[Wanted, list[Left]]:
    """The same model in this format, what the run was asked with in that format's words, and what it cannot say."""
    values, left, set_aside = aside.switched(run.parameters, run.format, format, _set_aside(run))
    if run.extra and format != run.format:
        left.append(("extra", ""))
    return Wanted(model, format, values, _extra(run), set_aside), left


def _set_aside(run: Run) -> Mapping[str, Any]:
    return run.conversation.set_aside if run.conversation.format == run.format else {}


def _extra(run: Run) -> str:
    return json.dumps(run.extra, ensure_ascii=False) if run.extra else ""


def into_chat(column: Conversation) -> Conversation:
    """The column as a conversation of its own, to go on with by itself."""
    nodes = queries.branch(column)
    if Run.objects.filter(conversation=column, status=Run.Status.RUNNING).exists():
        raise Refused(_("This answer is still being written."), status=409)
    with writing():
        chosen = {"format_chosen": True, "extra": column.extra, **shared_of(column)}
        system_prompt = chosen.pop("system_prompt")
        talk = edit.create(
            owner=column.owner,
            model=column.model,
            format=column.format,
            system_prompt=system_prompt,
            parameters=column.parameters,
            set_aside=column.set_aside,
            first_text=str(column.column_of),
            **chosen,
        )
        copies.copy_runs(nodes=nodes, messages=copies.copy_branch(nodes=nodes, into=talk))
    return talk
