"""The contexts of the comparison pages and of their forms."""

from typing import Any

from django.conf import settings

from apps.conversations import edit
from apps.conversations import queries as conversations
from apps.conversations.models import Conversation, Message
from apps.media.queries import laid_for
from apps.upstreams import queries as upstreams
from apps.wire import formats

from ..forms import model_of
from ..models import Comparison, Run
from ..tools import choice
from . import board, columns, from_answer

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
        "using": choice.panel(user, cover),
        "system_prompt": cover.system_prompt if cover else "",
        "web_search": bool(cover and cover.web_search),
        "upload_limit": max(settings.UPLOAD_MB.values()),
    }


def new(user, query) -> dict[str, Any]:
    """A new comparison: one model in the formats that the address names, or the two models that are offered first."""
    models, given = upstreams.chat_models(user), query.get("model")
    model = next((each for each in models if str(each.id) == given), None)
    default = upstreams.default_model(user)
    ordered = sorted(models, key=lambda each: each != default)
    return {
        **_composer(user, None),
        "rows": columns.beginning(ordered, model, query.getlist("format")),
        "models": upstreams.picker(user),
        "most": columns.MOST,
        "history": conversations.history(user),
        **of_form(COMPOSER),
    }


def page(user, comparison: Comparison) -> dict[str, Any]:
    return {**_composer(user, comparison.conversation), **board.context(comparison)}


def row(user, query) -> columns.Row:
    """The row that `key` names, as its fields are now; without it a new one, of the model and format that are named.

    Raises Refused.
    """
    key = query.get("key", "")
    if key:
        return columns.row_as_chosen(user, query, key)
    model = model_of(user, query.get("model"), None)
    format = query.get("format", "")
    return columns.row(columns.Wanted(model, format if format in model.formats else model.default_format))


def adding(user, comparison: Comparison) -> dict[str, Any]:
    """The form of one more column: the model that was used last."""
    model = model_of(user, None, None)
    return _panel(user, comparison) | {"row": columns.row(columns.Wanted.by_default(model))}


def changing(user, comparison: Comparison, column: Conversation) -> dict[str, Any]:
    wanted = columns.Wanted.of(column) or columns.Wanted.by_default(model_of(user, None, None))
    return _panel(user, comparison) | {"row": columns.row(wanted), "column": column}


def _panel(user, comparison: Comparison | None) -> dict[str, Any]:
    return {"comparison": comparison, "models": upstreams.picker(user), **of_form(PANEL)}


def comparing(user, answer: Message, run: Run) -> dict[str, Any]:
    """The choice of what to compare an answer with: its model in another format, by one click, or another model."""
    model = run.model and upstreams.usable(user, run.model_id)
    others = [formats.get(name) for name in model.formats if name != run.format] if model else []
    wanted = (
        from_answer.like(run, model, model.default_format)
        if model
        else columns.Wanted.by_default(model_of(user, None, None))
    )
    return _panel(user, None) | {"answer": answer, "model": model, "others": others, "row": columns.row(wanted)}
