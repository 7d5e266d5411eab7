"""Format, parameters and switches as the page offers them, with the names of what cannot be sent so."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from apps.conversations.models import Conversation
from apps.upstreams.chat_formats import can_search
from apps.upstreams.models import Model
from apps.wire import formats

from . import aside, carrying, parameters
from .carrying import Left
from .manner import FOLLOW, GOOD, Choice, by_itself

Group = tuple[str, int, list[parameters.ParameterField]]


class FormatOption(msgspec.Struct, frozen=True):
    name: str
    label: str
    path: str
    is_chosen: bool
    is_offered: bool
    is_default: bool


class Offer(msgspec.Struct, frozen=True):
    """What the composer and the parameters show of one model and one format.

    `notes` name what stays unsent as long as format and model stay; `switch_notes` what the last switch left out.
    """

    format: str
    label: str
    scope: str
    options: Sequence[FormatOption]
    groups: Sequence[Group]
    web_search: bool
    can_search: bool
    keep_state: bool
    can_keep: bool
    notes: Sequence[str] = ()
    switch_notes: Sequence[str] = ()
    set_aside: str = ""


def offer(
    model: Model,
    conversation: Conversation | None,
    choice: Choice,
    *,
    values: Mapping[str, Any],
    extra: str,
    web_search: bool,
    keep_state: bool,
    left_out: Iterable[Left] = (),
    set_aside: Mapping[str, Any] = MappingProxyType({}),
) -> Offer:
    wire = formats.get(choice.format)
    searches, keeps = can_search(model, choice.format), "state" in wire.takes
    standing = carrying.left_of(carrying.carried(conversation), choice.format, model) if conversation else []
    standing += [("web_search", "")] * (web_search and not searches) + [("state", "")] * (keep_state and not keeps)
    standing += _unfit(conversation, wire.takes) if conversation else []
    if choice.instead_of:
        standing.append(("format", formats.get(choice.instead_of).label))
    return Offer(
        format=choice.format,
        label=wire.label,
        scope=choice.scope,
        options=options(model, choice.format),
        groups=[*parameters.groups(choice.format, values), parameters.extra_group(extra)],
        web_search=web_search,
        can_search=searches,
        keep_state=keep_state,
        can_keep=keeps,
        notes=carrying.sentences(standing, choice.format, str(model)),
        switch_notes=carrying.sentences(left_out, choice.format, str(model)),
        set_aside=aside.write(set_aside),
    )


def _unfit(conversation: Conversation, takes: frozenset[str]) -> list[Left]:
    wanted = {"tools": conversation.tools, "schema": conversation.response_schema}
    return [(kind, "") for kind, is_wanted in wanted.items() if is_wanted and kind not in takes]


def kept(model: Model, conversation: Conversation | None) -> Offer:
    """What a page begins with: the conversation's own choices, or those of a new chat."""
    format = by_itself(model, conversation)
    if conversation is None:
        return offer(model, None, Choice(format), values={}, extra="", web_search=False, keep_state=False)
    values, left_out, kept = aside.switched(
        conversation.parameters, conversation.format, format, conversation.set_aside
    )
    return offer(
        model,
        conversation,
        _standing(conversation, format),
        values=values,
        extra=conversation.extra,
        web_search=conversation.web_search,
        keep_state=conversation.keep_state,
        left_out=left_out,
        set_aside=kept,
    )


def _standing(conversation: Conversation, format: str) -> Choice:
    if not conversation.format_chosen:
        return Choice(format, FOLLOW)
    if format == conversation.format:
        return Choice(format, GOOD)
    known = conversation.format in formats.FORMATS
    return Choice(format, FOLLOW, instead_of=conversation.format if known else "")


def options(model: Model, chosen: str) -> list[FormatOption]:
    """Every format that there is, and whether the model is offered in it."""
    offered, default = model.formats, model.default_format
    return [
        FormatOption(
            name=name,
            label=wire.label,
            path=wire.path.partition("/{")[0],
            is_chosen=name == chosen,
            is_offered=name in offered,
            is_default=name == default,
        )
        for name, wire in formats.FORMATS.items()
    ]
