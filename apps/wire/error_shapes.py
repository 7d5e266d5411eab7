"""The shapes in which gateways and vendors write an error into JSON, tried in a fixed order."""

from typing import Any

import msgspec

FINE_CODES = ("0", "200", "success")


class Told(msgspec.Struct, frozen=True):
    """What an error document said, in its own words."""

    message: str = ""
    type: str = ""
    code: str = ""
    param: str = ""


def told(document: Any) -> Told | None:
    """What the document says went wrong, or None if it is no error in any known shape."""
    if isinstance(document, list):
        return told(document[0]) if document and isinstance(document[0], dict) else None
    if not isinstance(document, dict):
        return None
    for shape in (_nested, _management, _single):
        if found := shape(document):
            return found
    return None


def _nested(document: dict[str, Any]) -> Told | None:
    """OpenAI, Anthropic and Gemini: an `error` object; Gemini's `code` is a number and its type is `status`."""
    error = document.get("error")
    if not isinstance(error, dict) or not error:
        return None
    inner = error.get("metadata")
    raw = inner.get("raw") if isinstance(inner, dict) else None
    message = _first(error, "message", "msg", "detail") or _word(raw)
    kind = _first(error, "type", "status")
    return Told(message=message, type=kind, code=_word(error.get("code")), param=_word(error.get("param")))


def _management(document: dict[str, Any]) -> Told | None:
    """new-api's management routes: `success: false` at HTTP 200."""
    if document.get("success") is not False:
        return None
    return Told(message=_first(document, "message", "msg"), code=_word(document.get("code")))


def _single(document: dict[str, Any]) -> Told | None:
    """One field that holds a text, with a `code` on new-api's task routes, or FastAPI's list of `{loc, msg}`."""
    if document.get("success") is True or _word(document.get("code")).lower() in FINE_CODES:
        return None
    names = ("error",) if "choices" in document else ("error", "detail", "message", "msg", "err", "error_msg")
    for name in names:
        value = document.get(name)
        if isinstance(value, list):
            value = "; ".join(filter(None, map(_located, value)))
        if isinstance(value, str) and value:
            kind = _word(document.get("type"))
            return Told(
                message=value,
                type="" if kind == "error" else kind,  # the name of Responses' event, which is flat
                code=_word(document.get("code")),
                param=_word(document.get("param")),
            )
    return None


def _located(entry: Any) -> str:
    if not isinstance(entry, dict):
        return _word(entry)
    loc = entry.get("loc")
    place = ".".join(_word(step) for step in loc) if isinstance(loc, list) else _word(loc)
    message = _word(entry.get("msg"))
    return f"{place}: {message}" if place and message else message or place


def _first(document: dict[str, Any], *names: str) -> str:
    return next((word for name in names if (word := _word(document.get(name)))), "")


def _word(value: Any) -> str:
    """Codes come as text, number or null."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
