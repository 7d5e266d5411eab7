"""A format's parameters as a form: each with its value, or not sent."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.wire import formats
from apps.wire.parameters import Parameter, read

PREFIX = "p."


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
