"""What went over the wire, as files: the bytes as they came, a line for each event, and HAR for other tools."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from apps.usage.masking import KEY
from apps.usage.records import Kept

from .requests import Seen


def raw(seen: Seen) -> tuple[bytes, str]:
    """The reply's body, and the ending of its file's name."""
    content_type = dict(seen.kept.reply_headers).get("content-type", "")
    if seen.timeline().is_stream:
        return seen.kept.reply, "sse"
    return seen.kept.reply, "json" if "json" in content_type else "txt"


def lines(seen: Seen) -> bytes:
    """JSON lines: what was sent, then each event with its times in milliseconds."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in _lines(seen))


def _lines(seen: Seen) -> Iterator[dict[str, Any]]:
    kept, timeline = seen.kept, seen.timeline()
    yield {"request": {"method": kept.method, "url": kept.url, "headers": dict(kept.headers), "body": _text(kept.body)}}
    yield {"response": {"status": kept.status, "headers": dict(kept.reply_headers), "at_ms": _ms(kept.answered)}}
    for event in timeline.events:
        yield {
            "event": event.number,
            "type": event.type,
            "at_ms": _ms(event.at),
            "gap_ms": _ms(event.gap),
            "size": event.size,
            "first_token": event.number == timeline.first_token,
            "not_understood": event.strange,
            "data": _text(kept.reply[event.start : event.end]),
        }


def har(requests: Sequence[Seen], started: dict[Any, datetime]) -> bytes:
    """HTTP Archive 1.2 of all requests; events stand where Chrome puts them, in `_eventSourceMessages`."""
    log = {
        "version": "1.2",
        "creator": {"name": "Playground", "version": "1"},
        "entries": [_entry(seen, started[seen.call_id]) for seen in requests],
    }
    return msgspec.json.format(msgspec.json.encode({"log": log}), indent=2)


def _entry(seen: Seen, started: datetime) -> dict[str, Any]:
    kept, timeline = seen.kept, seen.timeline()
    began = started + timedelta(microseconds=kept.at)
    wait = _ms(kept.answered if kept.answered is not None else kept.ended) or 0
    return {
        "startedDateTime": began.astimezone(UTC).isoformat(),
        "time": _ms(timeline.total),
        "request": _request(kept),
        "response": _response(kept),
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": max(0, (_ms(timeline.total) or 0) - wait)},
        "_error": kept.error,
        "_eventSourceMessages": [
            {
                "time": (began + timedelta(microseconds=event.at)).timestamp(),
                "eventName": event.type,
                "data": _text(kept.reply[event.start : event.end]),
            }
            for event in timeline.events
            if timeline.is_stream
        ],
    }


def _request(kept: Kept) -> dict[str, Any]:
    return {
        "method": kept.method,
        "url": kept.url,
        "httpVersion": "HTTP/1.1",
        "headers": _pairs(kept.headers),
        "queryString": [],
        "cookies": [],
        "headersSize": -1,
        "bodySize": len(kept.body),
        "postData": {"mimeType": dict(kept.headers).get("content-type", ""), "text": _text(kept.body)},
    }


def _response(kept: Kept) -> dict[str, Any]:
    content_type = dict(kept.reply_headers).get("content-type", "")
    return {
        "status": kept.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "headers": _pairs(kept.reply_headers),
        "cookies": [],
        "content": {"size": kept.was, "mimeType": content_type, "text": _text(kept.reply)},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": kept.was,
    }


def _pairs(headers: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value.replace(KEY, "hidden")} for name, value in headers]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _ms(micros: int | None) -> float | None:
    return None if micros is None else micros / 1000
