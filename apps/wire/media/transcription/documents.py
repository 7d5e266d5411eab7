"""The JSON of a transcript, both ways."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...counting import usage_of
from ...messages import Usage
from ..reading import amount, items, number, word
from ..shapes import MediaReply
from ..usages import tokens_document


def reply_of(document: Any, segments: Sequence[dict[str, Any]] = ()) -> MediaReply | None:
    """The transcript of a document (json, verbose_json, diarized_json); None if it is none.

    `segments` are those that came before it, as events. What was used is counted in tokens or in seconds.
    """
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        return None
    found = [segment for item in items(document.get("segments")) if (segment := segment_of(item))]
    seconds = amount(document.get("duration"))
    told = {
        "text": document["text"],
        "language": word(document, "language"),
        "seconds": seconds,
        "words": [heard for item in items(document.get("words")) if (heard := _word(item))],
        "segments": found or list(segments),
    }
    usage, billed = _used(document.get("usage"), seconds)
    return MediaReply(
        "succeeded",
        result={name: value for name, value in told.items() if name == "text" or value not in ("", None, [])},
        usage=usage,
        unit=None if billed is None else "second",
        units=billed,
    )


def _used(told: Any, seconds: float | None) -> tuple[Usage, float | None]:
    """Tokens or seconds, never both: where nothing is said, the sound's own length."""
    usage = usage_of(told) if isinstance(told, dict) else None
    if usage:
        return usage, None
    return Usage(), (amount(told.get("seconds")) if isinstance(told, dict) else None) or seconds


def segment_of(item: Mapping[str, Any]) -> dict[str, Any] | None:
    start, end, text = number(item.get("start")), number(item.get("end")), item.get("text")
    if start is None or end is None or not isinstance(text, str):
        return None
    speaker = word(item, "speaker")
    return {"start": start, "end": end, "text": text} | ({"speaker": speaker} if speaker else {})


def plain(reply: MediaReply) -> dict[str, Any]:
    return {"text": reply.result.get("text", "")} | _usage(reply)


def verbose(reply: MediaReply, task: str) -> dict[str, Any]:
    result = reply.result
    document: dict[str, Any] = {
        "task": task or "transcribe",
        "language": result.get("language", ""),
        "duration": result.get("seconds"),
        "text": result.get("text", ""),
        "segments": [{**_PRESET, "id": place, **_timed(found)} for place, found in enumerate(_of(result, "segments"))],
    }
    if words := _of(result, "words"):
        document["words"] = list(words)
    return document | _usage(reply)


def diarized(reply: MediaReply) -> dict[str, Any]:
    result = reply.result
    return {
        "task": "transcribe",
        "duration": result.get("seconds"),
        "text": result.get("text", ""),
        "segments": [spoken(place, found) for place, found in enumerate(_of(result, "segments"))],
    } | _usage(reply)


def spoken(place: int, segment: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "transcript.text.segment", "id": f"seg_{place}", "speaker": "", **segment}


_PRESET = {
    "seek": 0,
    "tokens": [],
    "temperature": 0.0,
    "avg_logprob": 0.0,
    "compression_ratio": 1.0,
    "no_speech_prob": 0.0,
}


def _of(result: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    return result.get(name) or ()


def _timed(segment: Mapping[str, Any]) -> dict[str, Any]:
    return {name: segment[name] for name in ("start", "end", "text", "speaker") if name in segment}


def _word(item: Mapping[str, Any]) -> dict[str, Any] | None:
    start, end, text = number(item.get("start")), number(item.get("end")), word(item, "word", "text")
    return None if start is None or end is None or not text else {"word": text, "start": start, "end": end}


def _usage(reply: MediaReply) -> dict[str, Any]:
    """Either tokens or seconds."""
    if tokens := tokens_document(reply.usage):
        return {"usage": tokens}
    return {"usage": {"type": "duration", "seconds": reply.units}} if reply.unit == "second" else {}
