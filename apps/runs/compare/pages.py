"""The contexts of the comparison pages and of their forms."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from apps.conversations import edit
from apps.conversations import queries as conversations
from apps.conversations.models import Conversation, Message
from apps.media.queries import laid_for
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model
from apps.wire import formats

from .. import beginning
from ..forms import model_of
from ..models import Comparison, Run
from ..tools import choice
from . import begin, board, columns, from_answer

COMPOSER, PANEL = "composer", "panel-form"


def error_place(form: str) -> str:
    return "panel-error" if form == PANEL else "composer-error"


def of_form(form: str) -> dict[str, str]:
    """The form that a row belongs to; it may be removed where there are several."""
    return {"form": form if form in (COMPOSER, PANEL) else COMPOSER}


def _composer(user, cover: Conversation | None) -> dict[str, Any]:
    return {
        "conversation": cover,
        "draft": edit.draft_of(owner=user, conversation=cover),
        "laid": laid_for(user, str(cover.pk) if cover else ""),
        "upload_limit": max(settings.UPLOAD_MB.values()),
        **_shared(user, cover),
    }


def _shared(user, cover: Conversation | None) -> dict[str, Any]:
    """What all columns are asked with."""
    return {
        "using": choice.panel(user, cover),
        "system_prompt": cover.system_prompt if cover else "",
        "web_search": bool(cover and cover.web_search),
    }


def new(user, query) -> dict[str, Any]:
    """A new comparison: one model in the formats that the address names, the columns of the comparison that it names,
    or the two models that are offered first."""
    models, given = upstreams.chat_models(user), query.get("model")
    model = next((each for each in models if str(each.id) == given), None)
    again = _again(user, query.get("again", ""))
    rows = columns.beginning(upstreams.by_preference(user), model, query.getlist("format"))
    return {
        **_composer(user, None),
        **(_shared(user, again.conversation) if again else {}),
        "rows": (_rows_of(again, models) if again else []) or rows,
        "blind": bool(again and again.blind),
        "models": upstreams.picker(user),
        "most": columns.MOST,
        "history": conversations.history(user),
        "into": conversations.folder(user, query.get("into")),
        **of_form(COMPOSER),
    }


def _again(user, id: str) -> Comparison | None:
    """The comparison of that id, unless its names are still hidden."""
    try:
        mine = Comparison.objects.for_user(user).select_related("conversation").filter(pk=uuid.UUID(id))
    except ValueError:
        return None
    return next((each for each in mine if not each.hidden), None)


def _rows_of(comparison: Comparison, models: Sequence[Model]) -> list[columns.Row]:
    wanted = map(columns.Wanted.of, begin.columns_of(comparison))
    return [columns.row(each) for each in wanted if each and each.model in models]


def page(user, comparison: Comparison) -> dict[str, Any]:
    return {**_composer(user, comparison.conversation), **board.context(comparison)}


def row(user, query) -> columns.Row:
    """The row that `key` names, as its fields are now; without it a new one, of the model and format that are named.

    Raises Refused.
    """
    key = query.get("key", "")
    if key:
        return columns.row_as_chosen(user, query, key)
    begun = beginning.of(user, query) if "preset" in query else None
    if begun and (wanted := columns.Wanted.of(begun.chosen)):
        return columns.row(wanted)
    model = model_of(user, query.get("model"), None)
    format = query.get("format", "")
    return columns.row(columns.Wanted(model, format if format in model.formats else model.default_format))


def adding(user, comparison: Comparison) -> dict[str, Any]:
    """The form of one more column: the model that was used last."""
    model = model_of(user, None, None)
    return _panel(user, comparison) | {"row": columns.row(columns.Wanted.by_default(model))}


def changing(user, comparison: Comparison, column: Conversation) -> dict[str, Any]:
    wanted = columns.Wanted.of(column) or columns.Wanted.by_default(model_of(user, None, None))
    last = Run.objects.filter(conversation=column).order_by("id").last()
    return _panel(user, comparison) | {"row": columns.row(wanted, error=last.error if last else None), "column": column}


def _panel(user, comparison: Comparison | None) -> dict[str, Any]:
    return {"comparison": comparison, "models": upstreams.picker(user), **of_form(PANEL)}


def comparing(user, answer: Message, run: Run) -> dict[str, Any]:
    """The choice of what to compare an answer with: its model in another format, by one click, or another model."""
    model = run.model and upstreams.usable(user, run.model_id)
    others = [formats.get(name) for name in model.formats if name != run.format] if model else []
    if model:
        wanted, left = from_answer.like(run, model, model.default_format)
    else:
        wanted, left = columns.Wanted.by_default(model_of(user, None, None)), []
    row = columns.row(wanted, left_out=left)
    return _panel(user, None) | {"answer": answer, "model": model, "others": others, "row": row}
