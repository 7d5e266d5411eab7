"""The controls of a format: each with its own name, range and unset state. Labels are marked for translation."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from .exceptions import ParameterError, Undecodable
from .tolerant import loads

Kind = Literal["number", "integer", "choice", "boolean", "text", "strings", "json"]
Group = Literal["sampling", "length", "reasoning", "output", "other"]
TRUE, FALSE = ("true", "on", "1", "yes"), ("false", "off", "0", "no")


def gettext_noop(text: str) -> str:
    """Marks a text for translation; the page that shows it translates it."""
    return text


class Parameter(msgspec.Struct, frozen=True):
    """One parameter under its wire name. `minimum` and `maximum` bound a number, or the length of `strings`.

    The `choices` of a text are suggestions, those of a choice are all that it takes.
    `means` is the name under which Chat Completions has it, where this format calls it otherwise: see `convert`.
    """

    name: str
    kind: Kind
    group: Group
    label: str
    hint: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    means: str = ""


def convert(
    values: Mapping[str, Any], old: Iterable[Parameter], new: Iterable[Parameter]
) -> tuple[dict[str, Any], list[Parameter]]:
    """The values under the names of another format, and the parameters that it cannot say (or not with that value)."""
    meanings = {parameter.means or parameter.name: parameter for parameter in new}
    converted: dict[str, Any] = {}
    left: list[Parameter] = []
    for parameter in old:
        if values.get(parameter.name) in (None, ""):
            continue
        twin = meanings.get(parameter.means or parameter.name)
        try:
            if twin is None:
                template = gettext_noop("{label} is not a parameter of this format.")
                raise ParameterError(parameter.name, template, label=parameter.label)
            converted |= check([twin], {twin.name: values[parameter.name]})
        except ParameterError:
            left.append(parameter)
    return converted, left


def read(parameters: Iterable[Parameter], form: Mapping[str, str]) -> dict[str, Any]:
    """Typed values of the fields that are set; an empty field is not sent. Raises ParameterError."""
    texts = {parameter.name: form.get(parameter.name, "") for parameter in parameters}
    values = {
        parameter.name: _PARSERS[parameter.kind](parameter, texts[parameter.name])
        for parameter in parameters
        if texts[parameter.name].strip() or (parameter.kind == "strings" and texts[parameter.name])
    }
    return check(parameters, values)


def check(parameters: Iterable[Parameter], values: Mapping[str, Any]) -> dict[str, Any]:
    """The set values, each of its type and in its range. Raises ParameterError, also for a name that is not known."""
    known = {parameter.name: parameter for parameter in parameters}
    checked = {}
    for name, value in values.items():
        if name not in known:
            raise ParameterError(name, gettext_noop("{label} is not a parameter of this format."), label=name)
        if value is not None and value != "":
            checked[name] = _CHECKS[known[name].kind](known[name], value)
    return checked


def write(parameter: Parameter, value: Any) -> str:
    """The value as its form field shows it: `read` gives it back."""
    if value is None:
        return ""
    if parameter.kind == "boolean":
        return "true" if value else "false"
    if parameter.kind == "strings":
        return "\n".join(_escaped(item) for item in value)
    if parameter.kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=2)
    return str(value)


def _parse_number(parameter: Parameter, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ParameterError(parameter.name, gettext_noop("{label} must be a number."), label=parameter.label) from None


def _parse_integer(parameter: Parameter, text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return _parse_number(parameter, text)


def _parse_boolean(parameter: Parameter, text: str) -> bool:
    word = text.strip().lower()
    if word not in TRUE + FALSE:
        raise ParameterError(parameter.name, gettext_noop("{label} must be on or off."), label=parameter.label)
    return word in TRUE


def _parse_strings(parameter: Parameter, text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return [_unescaped(line) for line in lines if line]


def _parse_json(parameter: Parameter, text: str) -> Any:
    try:
        return loads(text.encode("utf-8", "replace"))
    except Undecodable:
        raise ParameterError(parameter.name, gettext_noop("{label} must be JSON."), label=parameter.label) from None


def _unescaped(line: str) -> str:
    return line.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _check_number(parameter: Parameter, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ParameterError(parameter.name, gettext_noop("{label} must be a number."), label=parameter.label)
    _check_range(parameter, value)
    return value


def _check_integer(parameter: Parameter, value: Any) -> int:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole:
        raise ParameterError(parameter.name, gettext_noop("{label} must be a whole number."), label=parameter.label)
    _check_range(parameter, value)
    return int(value)


def _check_range(parameter: Parameter, value: float) -> None:
    low, high = parameter.minimum, parameter.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return
    words: dict[str, Any] = {"label": parameter.label, "minimum": _plain(low), "maximum": _plain(high)}
    if low is not None and high is not None:
        template = gettext_noop("{label} must be between {minimum} and {maximum}.")
    elif low is not None:
        template = gettext_noop("{label} must be at least {minimum}.")
    else:
        template = gettext_noop("{label} must be at most {maximum}.")
    raise ParameterError(parameter.name, template, **words)


def _check_choice(parameter: Parameter, value: Any) -> str:
    if value not in parameter.choices:
        template = gettext_noop("{label} must be one of {choices}.")
        raise ParameterError(parameter.name, template, label=parameter.label, choices=", ".join(parameter.choices))
    return str(value)


def _check_boolean(parameter: Parameter, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ParameterError(parameter.name, gettext_noop("{label} must be on or off."), label=parameter.label)
    return value


def _check_text(parameter: Parameter, value: Any) -> str:
    if not isinstance(value, str):
        raise ParameterError(parameter.name, gettext_noop("{label} must be a text."), label=parameter.label)
    return value


def _check_strings(parameter: Parameter, value: Any) -> list[str]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise ParameterError(parameter.name, gettext_noop("{label} must be lines of text."), label=parameter.label)
    if parameter.maximum is not None and len(value) > parameter.maximum:
        template = gettext_noop("{label} takes at most {maximum} lines.")
        raise ParameterError(parameter.name, template, label=parameter.label, maximum=_plain(parameter.maximum))
    return list(value)


def _check_json(parameter: Parameter, value: Any) -> Any:
    if not isinstance(value, dict | list):
        template = gettext_noop("{label} must be a JSON object or list.")
        raise ParameterError(parameter.name, template, label=parameter.label)
    return value


def _plain(number: float | None) -> str:
    return "" if number is None else str(int(number)) if number == int(number) else f"{number:g}"


_PARSERS: dict[str, Callable[[Parameter, str], Any]] = {
    "number": _parse_number,
    "integer": _parse_integer,
    "choice": lambda parameter, text: text.strip(),
    "boolean": _parse_boolean,
    "text": lambda parameter, text: text,
    "strings": _parse_strings,
    "json": _parse_json,
}
_CHECKS: dict[str, Callable[[Parameter, Any], Any]] = {
    "number": _check_number,
    "integer": _check_integer,
    "choice": _check_choice,
    "boolean": _check_boolean,
    "text": _check_text,
    "strings": _check_strings,
    "json": _check_json,
}
