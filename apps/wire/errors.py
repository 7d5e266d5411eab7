"""Errors that an upstream reports: what it said, whether asking again can help, and when."""

import html
import math
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from . import sentences
from .error_shapes import Told, told
from .events import Failed
from .exceptions import InvalidRequest, ParameterError, TooLarge, Undecodable, UnknownFormat, WireError
from .tolerant import loads

__all__ = [
    "RETRY_AFTER_CAP",
    "InvalidRequest",
    "ParameterError",
    "TooLarge",
    "Undecodable",
    "UnknownFormat",
    "WireError",
    "is_retryable",
    "parse_error",
    "read_failure",
    "request_id",
    "retry_after",
]

RETRY_AFTER_CAP = 120.0
MESSAGE_LIMIT = 2000
TEXT_LIMIT = 500
RETRYABLE_STATUS = frozenset({408, 409, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
FINAL_CODES = frozenset(
    {
        "insufficient_quota",
        "insufficient_user_quota",
        "pre_consume_token_quota_failed",
        "billing_hard_limit_reached",
        "model_not_found",
        "sensitive_words_detected",
        "prompt_blocked",
        "context_length_exceeded",
        "invalid_api_key",
    }
)
PASSING_CODES = frozenset(
    {
        "rate_limit_exceeded",
        "rate_limit_error",
        "server_error",
        "api_error",
        "internal_error",
        "internal",
        "overloaded_error",
        "overloaded",
        "unavailable",
        "resource_exhausted",
        "timeout",
        "timeout_error",
        "upstream_error",
    }
)
REQUEST_ID_HEADERS = ("x-oneapi-request-id", "x-request-id", "request-id", "x-amzn-requestid")
_REQUEST_ID = re.compile(r"\s*[(（]request[ _]id:\s*([\w.-]{1,100})[)）]\s*$", re.IGNORECASE)
_KEY = re.compile(r"(sk-|AIza)[A-Za-z0-9_-]{8,}")
_IN_ADDRESS = re.compile(r"([?&]key=)[^&#\s\"'<>]+")
_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")


def parse_error(status: int, body: bytes, content_type: str, headers: Mapping[str, str]) -> Failed:
    """The error of a reply, whatever its shape: a sentence that never holds markup, and what to do about it.

    Shapes: OpenAI, Anthropic, Gemini, new-api's own, FastAPI, plain text, HTML of a proxy, nothing at all.
    """
    found = _read(body) or _prose(status, body, content_type)
    return _failed(found, status, {name.lower(): value for name, value in headers.items()})


def read_failure(document: Any) -> Failed | None:
    """The error that a JSON document inside a stream or a 200 reply reports; None if it reports none."""
    found = told(document)
    return None if found is None else _failed(found, 0, {})


def is_retryable(status: int, code: str) -> bool:
    """Whether the same request may succeed later. `status` 0 is an error inside a stream: its code decides."""
    if code.lower() in FINAL_CODES:
        return False
    if status == 0:
        return code.lower() in PASSING_CODES or (
            code.isascii() and code.isdigit() and int(code[:4]) in RETRYABLE_STATUS
        )
    return status in RETRYABLE_STATUS


def request_id(headers: Mapping[str, str], message: str = "") -> str:
    """The upstream's id of the request, out of its headers or the end of its message (new-api). Names in lower case."""
    named = next((headers[name] for name in REQUEST_ID_HEADERS if headers.get(name)), "")
    in_text = _REQUEST_ID.search(message)
    return named[:100] or (in_text.group(1) if in_text else "")


def retry_after(headers: Mapping[str, str], body: bytes = b"", now: float | None = None) -> float | None:
    """Seconds to wait as the upstream asks, not capped. `now` is the Unix time, needed to read an HTTP date.

    `retry-after-ms` wins over `Retry-After`; Gemini says it in the body as `retryDelay`.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    milliseconds = _number(lower.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    value = lower.get("retry-after", "")
    seconds = _number(value)
    if seconds is None and value and now is not None:
        seconds = _until(value, now)
    return seconds if seconds is not None else _retry_delay(body)


def _failed(found: Told, status: int, headers: Mapping[str, str]) -> Failed:
    message = _clean(found.message)
    asked = headers.get("x-should-retry", "").lower()
    retryable = is_retryable(status, found.code) and is_retryable(status, found.type)
    if status == 0:
        retryable = is_retryable(0, found.code or found.type)
    return Failed(
        message=_without_keys(_REQUEST_ID.sub("", message))[:MESSAGE_LIMIT] or _unsaid(status, found),
        type=found.type,
        code=found.code,
        param=found.param,
        status=status,
        retryable=asked == "true" if asked in ("true", "false") else retryable,
        request_id=request_id(headers, message),
    )


def _without_keys(message: str) -> str:
    """Gateways repeat keys, their own for a vendor too: Gemini's may stand in the address that failed."""
    return _IN_ADDRESS.sub(r"\1…", _KEY.sub(r"\1…", message))


def _read(body: bytes) -> Told | None:
    try:
        return told(loads(body)) if body.strip() else None
    except WireError:
        return None


def _prose(status: int, body: bytes, content_type: str) -> Told:
    """An error that is no JSON: a web page is told by its title, a text by its beginning."""
    text = body[:65536].decode("utf-8", "replace").strip().removeprefix("\ufeff")
    if text[:1] == "<" or "html" in content_type.lower():
        return Told(message=_page(status, text), type="html")
    if text[:1] in ("{", "["):
        template = sentences.UNSAID_BUT if status else sentences.UNSAID_IN_STREAM_BUT
        return Told(message=template.format(status=_status(status), reply=text[:TEXT_LIMIT]))
    return Told(message="" if text == "null" else text[:TEXT_LIMIT])


def _page(status: int, text: str) -> str:
    found = _TITLE.search(text)
    title = _clean(html.unescape(found.group(1))) if found else ""
    if status < 300:
        template = sentences.TITLED_PAGE_FOR_REPLY if title else sentences.PAGE_FOR_REPLY
    else:
        template = sentences.TITLED_PAGE if title else sentences.PAGE
    return template.format(status=_status(status), title=title)


def _unsaid(status: int, found: Told) -> str:
    word = found.code or found.type
    if status == 0:
        template = sentences.UNSAID_WORD_IN_STREAM if word else sentences.UNSAID_IN_STREAM
    else:
        template = sentences.UNSAID_WORD if word else sentences.UNSAID
    return template.format(status=_status(status), word=word)


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _clean(message: str) -> str:
    """An error that quotes a web page is told without its markup."""
    if re.search(r"<(?:!doctype|html|body|head)\b", message, re.IGNORECASE):
        message = re.sub(r"<(script|style)\b.*?(?:</\1\s*>|$)", " ", message, flags=re.IGNORECASE | re.DOTALL)
        message = " ".join(html.unescape(re.sub(r"<[^>]*(?:>|$)", " ", message)).split())
    return _CONTROL.sub(" ", message).strip()


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _until(value: str, now: float) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _retry_delay(body: bytes) -> float | None:
    try:
        document = loads(body) if b"retryDelay" in body else None
    except WireError:
        return None
    if isinstance(document, list):
        document = document[0] if document else None
    error = document.get("error") if isinstance(document, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else ():
        delay = detail.get("retryDelay") if isinstance(detail, dict) else None
        if isinstance(delay, str) and (seconds := _SECONDS.fullmatch(delay)):
            return float(seconds.group(1))
    return None
