"""Columns as a form names them: a model, a format, and the format's parameters, each checked with a sentence."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire.exceptions import ParameterError

from .. import aside, attachments, carrying, choices, parameters
from ..forms import model_of
from ..refusals import Refused

MOST = 6
_KEY = re.compile(r"[a-z0-9]{1,40}")


class Wanted(msgspec.Struct, frozen=True):
    """One column. `extra` is JSON as it was typed, `set_aside` what its format cannot say, for switching back."""

    model: Model
    format: str
    parameters: Mapping[str, Any] = {}
    extra: str = ""
    set_aside: Mapping[str, Any] = {}

    @classmethod
    def by_default(cls, model: Model) -> "Wanted":
        return cls(model, model.default_format)

    @classmethod
    def of(cls, column: Conversation) -> "Wanted | None":
        """What a column is asked by; None if its model is gone."""
        return (
            cls(column.model, column.format, column.parameters, column.extra, column.set_aside)
            if column.model
            else None
        )


class Row(msgspec.Struct, frozen=True):
    """A column as it is chosen on the page. `others` are the formats, beside its own, that the model is offered in.

    `unfit` is what `attachments.unfit` tells; `blamed` is the parameter that the upstream refused last, `blame` its
    words.
    """

    key: str
    model: Model
    format: str
    formats: Sequence[choices.FormatOption]
    groups: Sequence[choices.Group]
    set_count: int
    set_aside: str = ""
    notes: Sequence[str] = ()
    unfit: str = ""
    blamed: str = ""
    blame: str = ""

    @property
    def others(self) -> list[choices.FormatOption]:
        return [option for option in self.formats if option.is_offered and not option.is_chosen]


def read(user, form: QueryDict) -> list[Wanted]:
    """The columns of a form. Raises Refused."""
    keys = form.getlist("column")
    if not keys:
        raise Refused(_("There is nothing to compare: add a column first."))
    if len(keys) > MOST:
        raise Refused(_("A comparison has at most %(most)d columns.") % {"most": MOST})
    return [_of_column(user, form, key, number if len(keys) > 1 else 0) for number, key in enumerate(keys, 1)]


def _of_column(user, form: QueryDict, key: str, number: int) -> Wanted:
    """What a column's fields say; what is wrong names the field, and the column by its `number` where it has one."""
    try:
        return _wanted(user, _fields(form, key))
    except ParameterError as error:
        told, field = parameters.told(error), _field(key, error)
    except Refused as error:
        told, field = str(error), error.field
    if number:
        told = _("Column %(number)d: %(sentence)s") % {"number": number, "sentence": told}
    raise Refused(told, field=field)


def read_one(user, form: QueryDict) -> Wanted:
    """The only column of a form. Raises Refused."""
    wanted = read(user, form)
    if len(wanted) > 1:
        raise Refused(_("One column at a time."))
    return wanted[0]


def _fields(form: QueryDict, key: str) -> dict[str, str]:
    if not _KEY.fullmatch(key):
        raise Refused(_("The form is not whole: reload the page."))
    prefix = f"{key}."
    return {name.removeprefix(prefix): str(value) for name, value in form.items() if name.startswith(prefix)}


def _wanted(user, fields: Mapping[str, str]) -> Wanted:
    if not fields.get("model"):
        raise Refused(_("Choose a model for each column."))
    model = model_of(user, fields["model"], None)
    format = fields.get("format") or model.default_format
    if format not in formats.FORMATS:
        raise Refused(_("This wire format is not known here."))
    if format not in model.formats:
        sentence = _("{model} is not offered in {format}: choose another format.")
        raise Refused(sentence.format(model=model, format=formats.get(format).label))
    extra = fields.get(f"{parameters.PREFIX}{parameters.EXTRA.name}", "")
    parameters.read_extra(extra)
    values, _left, set_aside = _said(fields, format)
    return Wanted(model, format, values, extra, set_aside)


def _said(fields: Mapping[str, str], format: str) -> tuple[dict[str, Any], list[carrying.Left], aside.Aside]:
    """What the fields, shown in whatever format, say in this one. Raises ParameterError."""
    shown = fields.get("shown", "")
    shown = shown if shown in formats.FORMATS else format
    values, left, kept = aside.switched(
        parameters.posted(shown, fields), shown, format, aside.read(fields.get("set_aside", ""))
    )
    if shown != format and fields.get(f"{parameters.PREFIX}{parameters.EXTRA.name}", "").strip():
        left.append(("extra", ""))
    return values, left, kept


def _field(key: str, error: ParameterError) -> str:
    return f"{key}.{parameters.PREFIX}{error.name}"


def row(wanted: Wanted, key: str = "", left_out: Sequence[carrying.Left] = (), error: Mapping | None = None) -> Row:
    """The controls of one column; `error` is how its last answer failed."""
    groups = [*parameters.groups(wanted.format, wanted.parameters), parameters.extra_group(wanted.extra)]
    return Row(
        key=key or secrets.token_hex(4),
        model=wanted.model,
        format=wanted.format,
        formats=choices.options(wanted.model, wanted.format),
        groups=groups,
        set_count=sum(count for _label, count, _fields in groups),
        set_aside=aside.write(wanted.set_aside),
        notes=carrying.sentences(left_out, wanted.format, str(wanted.model)),
        unfit=attachments.unfit(wanted.format, wanted.model),
        blamed=(error or {}).get("parameter", ""),
        blame=(error or {}).get("upstream_says", ""),
    )


def row_as_chosen(user, form: QueryDict, key: str) -> Row:
    """The controls after another model or format was chosen: the values in the new format's words. Raises Refused."""
    fields = _fields(form, key)
    model = model_of(user, fields.get("model"), None)
    format = fields.get("format", "")
    format = format if format in model.formats else model.default_format
    try:
        values, left, set_aside = _said(fields, format)
    except ParameterError as error:
        raise Refused(parameters.told(error), field=_field(key, error)) from error
    extra = fields.get(f"{parameters.PREFIX}{parameters.EXTRA.name}", "")
    return row(Wanted(model, format, values, extra, set_aside), key, left)


def beginning(models: Sequence[Model], model: Model | None, names: Sequence[str]) -> list[Row]:
    """The columns that a new comparison begins with: one model in these formats, or two models."""
    if model is not None:
        chosen = [name for name in dict.fromkeys(names) if name in model.formats] or [model.default_format]
        return [row(Wanted(model, name)) for name in chosen[:MOST]]
    return [row(Wanted.by_default(each)) for each in models[:2]]
