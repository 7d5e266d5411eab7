"""Arguments that are streamed by their JSON paths, as `{"jsonPath": "$.place.city", "stringValue": "Os"}`."""

import re
from itertools import pairwise
from typing import Any

VALUES = ("stringValue", "numberValue", "boolValue", "nullValue")
_STEP = re.compile(r"""\.([^.\[\]'"]+)|\[(\d{1,6})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]""")


def place(arguments: dict[str, Any], found: Any) -> bool:
    """Puts a partial argument where it belongs: texts grow. False if it is none that can be placed."""
    if not isinstance(found, dict) or not isinstance(path := found.get("jsonPath"), str):
        return False
    steps = _steps(path)
    name = next((name for name in VALUES if name in found), None)
    if not steps or name is None:
        return False
    holder: Any = arguments
    for step, following in pairwise(steps):
        if not _has(holder, step) and not _put(holder, step, [] if isinstance(following, int) else {}):
            return False
        holder = holder[step]
    value = None if name == "nullValue" else found[name]
    if _has(holder, steps[-1]) and isinstance(holder[steps[-1]], str) and isinstance(value, str):
        value = holder[steps[-1]] + value
    return _put(holder, steps[-1], value)


def _steps(path: str) -> list[str | int]:
    if not path.startswith("$"):
        return []
    steps: list[str | int] = []
    at = 1
    while at < len(path):
        found = _STEP.match(path, at)
        if not found:
            return []
        name, index, single, double = found.groups()
        quoted = single if single is not None else double
        steps.append(int(index) if index else name if name is not None else re.sub(r"\\(.)", r"\1", quoted))
        at = found.end()
    return steps


def _has(holder: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(holder, list) and step < len(holder)
    return isinstance(holder, dict) and step in holder


def _put(holder: Any, step: str | int, value: Any) -> bool:
    """A list grows by one at a time: an index far away would fill the memory."""
    if isinstance(step, int):
        if not isinstance(holder, list) or step > len(holder):
            return False
        holder[step : step + 1] = [value]
    elif isinstance(holder, dict):
        holder[step] = value
    else:
        return False
    return True
