"""The two turns that a prompt begins, as HTML. Rendering them takes a millisecond of the way to the first token, and
only ids and words differ: so they are cast from a mould, rendered once for each model, format and language."""

import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from . import turns
from .plan import Plan

LONG = 10_000
# Nobody can guess a mark, so no label of a model holds one.
_TEXT = uuid.uuid4().hex
_IDS = {name: uuid.uuid4() for name in ("prompt_id", "message_id", "run_id")}


def opened(plan: Plan, text: str, files: Sequence[Any] = ()) -> SafeString:
    """The prompt's turn and the answer's, which has just begun."""
    if files or plan.left_out or len(text) > LONG:
        return rendered(turns.opening(text, files=files, **_facts(plan)))
    html = _mould(plan.model_label, plan.format, get_language())
    for name, mark in _IDS.items():
        html = html.replace(str(mark), str(getattr(plan, name)))
    return mark_safe(html.replace(_TEXT, escape(text)))  # noqa: S308 (the mould is a template's, the text is escaped)


@lru_cache(maxsize=256)
def _mould(label: str, format: str, language: str | None) -> str:
    facts: dict[str, Any] = {"model_label": label, "format": format, **_IDS}
    return rendered(turns.opening(_TEXT, **facts))


def _facts(plan: Plan) -> Mapping[str, Any]:
    return {name: getattr(plan, name) for name in ("model_label", "format", "left_out", *_IDS)}


def rendered(begun: Sequence[turns.Turn]) -> SafeString:
    return render_to_string("conversations/_turns.html", {"turns": begun})
