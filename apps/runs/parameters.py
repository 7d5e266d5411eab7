"""A format's parameters as a form: each with its value, or not sent."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.wire import formats
from apps.wire.exceptions import ParameterError
from apps.wire.parameters import Parameter, gettext_noop, read

PREFIX = "p."
DEEPEST = 40
EXTRA = Parameter(
    name="extra",
    kind="json",
    group="other",
    label=gettext_noop("Extra request JSON"),
    hint=gettext_noop("A JSON object, merged into the request last: it wins over everything else."),
)


class ParameterField(msgspec.Struct):
    spec: Parameter
    value: str
    is_set: bool


def groups(format: str, values: Mapping[str, Any]) -> list[tuple[str, int, list[ParameterField]]]:
    """(label, how many are sent, fields) for each group of the format's parameters, in their order."""
    labels = {
        "sampling": _("Sampling"),
        "length": _("Length"),
        "reasoning": _("Reasoning"),
        "output": _("Output"),
        "other": _("Other"),
    }
    found = []
    for group, specs in groupby(formats.get(format).PARAMETERS, key=lambda spec: spec.group):
        fields = [ParameterField(spec, _shown(values.get(spec.name)), spec.name in values) for spec in specs]
        found.append((labels.get(group, group), sum(field.is_set for field in fields), fields))
    return found


def extra_group(text: str) -> tuple[str, int, list[ParameterField]]:
    """The group of the field for what no control of ours says; like those of `groups`."""
    return _("Extra JSON"), int(bool(text.strip())), [ParameterField(EXTRA, text, bool(text.strip()))]


def read_extra(text: str) -> dict[str, Any]:
    """The object that is merged into the request; nothing for an empty field. Raises ParameterError."""
    if not text.strip():
        return {}
    try:
        extra = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        raise ParameterError("extra", gettext_noop("{label} must be JSON."), label=EXTRA.label) from None
    if not isinstance(extra, dict):
        raise ParameterError("extra", gettext_noop("{label} must be a JSON object."), label=EXTRA.label)
    if _is_deeper(extra, DEEPEST):
        raise ParameterError("extra", gettext_noop("{label} is nested too deeply."), label=EXTRA.label)
    return extra


def told(error: ParameterError) -> str:
    """The error as a sentence in the reader's language."""
    values = {name: _(str(value)) if name == "label" else value for name, value in error.values.items()}
    return _(error.template).format(**values)


def _is_deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(item, levels - 1) for item in inner)


def posted(format: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The checked values of a posted form; raises ParameterError, which names the field."""
    sent = {name.removeprefix(PREFIX): value for name, value in form.items() if name.startswith(PREFIX)}
    return read(formats.get(format).PARAMETERS, sent)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    return str(value)
