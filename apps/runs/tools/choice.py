"""What a conversation is asked with beside its words: which tools, whether they must be called, and in which shape."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation

from ..models import Tool
from ..refusals import Refused
from . import schemas
from .built_in import BUILT_IN
from .definitions import as_id
from .names import is_name
from .schemas import SchemaRefused

MOST = 64
MOST_ROUNDS = 50
ROUNDS = 8
CHOICES = ("", "auto", "none", "required")
SCHEMA_NAME = "answer"

# The fields of a conversation that this is about.
FIELDS = ("tools", "tool_choice", "tool_rounds", "response_schema")


class Offered(msgspec.Struct, frozen=True):
    """A tool of the panel. `value` is what the form says of it: its id, or the name of a built-in one."""

    value: str
    name: str
    label: str
    picked: bool


def read(form: QueryDict, conversation: Conversation | None) -> dict[str, Any]:
    """The conversation's fields as the form says; what it leaves out stays. Raises Refused."""
    kept = {name: getattr(conversation, name) for name in FIELDS} if conversation else {}
    if "tool_rounds" in form:
        kept |= _tools(form)
    if "schema" in form:
        kept["response_schema"] = wanted(
            str(form["schema"]), form.get("schema_name", ""), strict=form.get("schema_strict") == "1"
        )
    return kept


def _tools(form: QueryDict) -> dict[str, Any]:
    """`tool_rounds` stands in every form that shows the tools: boxes that are not ticked are not posted."""
    picked, choice = form.getlist("tool"), form.get("tool_choice", "")
    picked = [value for value in picked if value in BUILT_IN or as_id(value)]
    if len(picked) > MOST:
        raise Refused(_("At most %(count)d tools go along.") % {"count": MOST}, field="tool")
    if choice not in CHOICES and not is_name(choice):
        raise Refused(_("This choice of a tool is not known."), field="tool_choice")
    return {"tools": picked, "tool_choice": choice, "tool_rounds": _rounds(str(form["tool_rounds"]))}


def _rounds(text: str) -> int:
    try:
        rounds = int(text.strip() or ROUNDS)
    except ValueError:
        rounds = 0
    if not 1 <= rounds <= MOST_ROUNDS:
        told = _("Rounds of tools: a whole number from 1 to %(most)d.") % {"most": MOST_ROUNDS}
        raise Refused(told, field="tool_rounds")
    return rounds


def wanted(schema: str, name: str = "", *, strict: bool) -> dict[str, Any] | None:
    """A response schema as a conversation keeps it; None for an empty text. Raises Refused."""
    if not schema.strip():
        return None
    name = name.strip() or SCHEMA_NAME
    if not is_name(name):
        raise Refused(_("The schema's name has only letters, digits, _ and -, at most 64."), field="schema_name")
    try:
        schemas.read(schema)
    except SchemaRefused as error:
        raise Refused(str(error), field="schema") from error
    return {"name": name, "schema": schema, "strict": strict}


def panel(user, conversation: Conversation | None) -> dict[str, Any]:
    """What the panel shows: every tool there is, and what is chosen of it."""
    picked = conversation.tools if conversation else []
    mine = [Offered(str(t.id), t.name, t.get_kind_display(), str(t.id) in picked) for t in Tool.objects.for_user(user)]
    built_in = [Offered(t.name, t.name, str(t.label), t.name in picked) for t in BUILT_IN.values()]
    return {
        "tools": [*mine, *built_in],
        "tools_on": sum(tool.picked for tool in (*mine, *built_in)),
        "tool_choice": conversation.tool_choice if conversation else "",
        "tool_rounds": conversation.tool_rounds if conversation else ROUNDS,
        "most_rounds": MOST_ROUNDS,
        "schema": _kept_schema(conversation),
    }


def _kept_schema(conversation: Conversation | None) -> Mapping[str, Any]:
    kept = conversation.response_schema if conversation else None
    return kept or {"name": "", "schema": "", "strict": True}
