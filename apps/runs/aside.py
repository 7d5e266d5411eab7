"""What a format cannot say of the parameters is set aside, by the format in whose words it is, for switching back."""

from collections.abc import Mapping
from typing import Any

import msgspec

from apps.wire import formats
from apps.wire.exceptions import ParameterError
from apps.wire.parameters import check, convert

from .carrying import Left

Aside = dict[str, dict[str, Any]]
LONGEST = 20_000


def switched(
    values: Mapping[str, Any], old: str, new: str, aside: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Left], Aside]:
    """The parameters in the words of another format, those that it cannot say, and what is set aside from now on.

    What was set aside before comes back where the new format can say it, unless something else is said instead.
    """
    kept = {name: dict(found) for name, found in aside.items() if name in formats.FORMATS}
    if old == new or old not in formats.FORMATS:
        return dict(values) if old == new else {}, [], kept
    said, left = convert(values, formats.get(old).PARAMETERS, formats.get(new).PARAMETERS)
    for name in [new, *(name for name in kept if name != new)]:
        back, still = convert(kept.get(name, {}), formats.get(name).PARAMETERS, formats.get(new).PARAMETERS)
        said = back | said
        kept[name] = {parameter.name: kept[name][parameter.name] for parameter in still}
    kept[old] = {parameter.name: values[parameter.name] for parameter in left}
    return (
        said,
        [("parameter", parameter.label) for parameter in left],
        {name: one for name, one in kept.items() if one},
    )


def named(aside: Mapping[str, Any]) -> list[Left]:
    """What is set aside, as what was left out."""
    known = [(formats.get(name).PARAMETERS, values) for name, values in aside.items() if name in formats.FORMATS]
    return [("parameter", spec.label) for specs, values in known for spec in specs if spec.name in values]


def read(text: str) -> Aside:
    """What a page carries along; what is no value of a parameter is dropped."""
    try:
        found = msgspec.json.decode(text[:LONGEST] or "{}", type=dict[str, dict[str, Any]])
    except (ValueError, RecursionError):
        return {}
    known = {name: _known(name, values) for name, values in found.items() if name in formats.FORMATS}
    return {name: values for name, values in known.items() if values}


def write(aside: Mapping[str, Any]) -> str:
    return msgspec.json.encode(aside).decode() if aside else ""


def _known(format: str, values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        try:
            found |= check(formats.get(format).PARAMETERS, {name: value})
        except ParameterError:
            continue
    return found
