"""How a turn is asked: the format, its parameters, and what else goes into the request beside the messages."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.upstreams.models import Model
from apps.wire import formats

from .aside import switched
from .carrying import Left
from .parameters import read_extra
from .refusals import Refused

# For how long a format is chosen: as long as its model prefers it, for one turn, for the conversation.
FOLLOW, TURN, GOOD = "", "turn", "conversation"


class Manner(msgspec.Struct, frozen=True):
    """`left_out` is what the format could not say of the parameters that were wanted."""

    format: str
    parameters: Mapping[str, Any] = {}
    web_search: bool = False
    keep_state: bool = False
    extra: Mapping[str, Any] = {}
    left_out: tuple[Left, ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """A format and for how long it is chosen; `instead_of` is the one that was wanted but is not offered."""

    format: str
    scope: str = FOLLOW
    instead_of: str = ""


def manner_of(conversation: Conversation, model: Model, format: str = "") -> Manner:
    """How the conversation asks a model, in the format of its choice, or once in another one."""
    format = format or by_itself(model, conversation)
    parameters, left, _aside = switched(conversation.parameters, conversation.format, format, conversation.set_aside)
    if conversation.keep_state and "state" not in formats.get(format).takes:
        left.append(("state", ""))
    return Manner(
        format=format,
        parameters=parameters,
        web_search=conversation.web_search,
        keep_state=conversation.keep_state,
        extra=read_extra(conversation.extra),
        left_out=tuple(left),
    )


def by_itself(model: Model, conversation: Conversation | None) -> str:
    """The format where nobody names one: it stays while the model does, or where it was chosen for good."""
    if conversation is None:
        return model.default_format
    stays = conversation.model_id in (model.id, None) or conversation.format_chosen
    return conversation.format if stays and conversation.format in model.formats else model.default_format


def choose(form: Mapping[str, str], model: Model, conversation: Conversation | None) -> Choice:
    """The format that a form asks for. Raises Refused for one that is not known.

    `format` is the one whose parameters the form shows, `wire` the one that is wanted now. A form without `format_for`
    means the format that it names, as a retry does.
    """
    shown = form.get("format", "")
    wanted = form.get("wire") or shown
    if wanted and wanted not in formats.FORMATS:
        raise Refused(_("This wire format is not known here."))
    scope = form.get("format_for")
    if scope is None:
        scope = GOOD if wanted else FOLLOW
    elif scope not in (TURN, GOOD):
        scope = GOOD if form.get("wire") and wanted != shown else FOLLOW
        if scope == FOLLOW:
            return Choice(_followed(form, model, conversation))
    if scope == FOLLOW:
        return Choice(by_itself(model, conversation))
    if wanted in model.formats:
        return Choice(wanted, scope)
    return Choice(by_itself(model, conversation), FOLLOW, instead_of=wanted)


def _followed(form: Mapping[str, str], model: Model, conversation: Conversation | None) -> str:
    """The page says that the model decides: a choice that was made for good ends with that."""
    if conversation is not None and conversation.format_chosen:
        return model.default_format
    return by_itself(model, conversation)


def converted(values: Mapping[str, Any], old: str, new: str) -> tuple[dict[str, Any], list[Left]]:
    """Parameters under the names of another format, and those that it cannot say."""
    said, left, _aside = switched(values, old, new, {})
    return said, left
