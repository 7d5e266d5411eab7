"""Two columns of a comparison beside each other: their answers to one prompt, or the requests that asked for them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.conversations.queries import parts_of
from apps.wire.messages import said

from ..models import Comparison, Run
from . import board, differ
from .board import Column
from .requests import request_text

ANSWERS, REQUESTS = "answers", "requests"


def page(comparison: Comparison, query: Mapping[str, str]) -> dict[str, Any]:
    """What `compare/diff.html` needs. Columns that are not named, or not known, are the first ones."""
    shown = board.context(comparison)
    columns = [column for column in shown["columns"] if column.scored]
    of = REQUESTS if query.get("of") == REQUESTS else ANSWERS
    first = _named(columns, query.get("a", "")) or next(iter(columns), None)
    second = _named(columns, query.get("b", "")) or next((each for each in columns if each is not first), None)
    context = {**shown, "of": of, "answered": columns, "first": first, "second": second, "diff": None, "why": ""}
    if first is None or second is None:
        return context | {"why": _("There are no two answers to one prompt yet.")}
    if of == REQUESTS and shown["hidden"]:
        return context | {"why": _("The requests name the models: they can be compared after your vote.")}
    return context | (_requests(first, second) if of == REQUESTS else _answers(first, second))


def _named(columns: Sequence[Column], id: str) -> Column | None:
    return next((column for column in columns if str(column.id) == id), None)


def _answers(first: Column, second: Column) -> dict[str, Any]:
    ids = [_answer_id(first), _answer_id(second)]
    parts = parts_of(ids)
    one, other = (said(parts.get(id, ())) for id in ids)
    return {"diff": differ.words(one, other)}


def _answer_id(column: Column) -> uuid.UUID:
    assert column.scored is not None
    return column.scored.turn.id


def _requests(first: Column, second: Column) -> dict[str, Any]:
    (one, sent), (other, also_sent) = (request_text(_run(column)) for column in (first, second))
    return {"diff": differ.lines(one, other), "as_sent": sent and also_sent}


def _run(column: Column) -> Run:
    assert column.scored is not None and column.scored.turn.run is not None
    return Run.objects.select_related("conversation", "model").get(pk=column.scored.turn.run.id)
