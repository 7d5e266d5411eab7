"""The studio of transcription: what is said in a recording, with the moments at which it is said."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from apps.media.jobs.models import Job
from apps.media.models import Asset
from apps.wire.media.transcription import subtitles

from .family import Family

# A card shows the beginning; the rest comes when it is asked for.
SHOWN_LINES, SHOWN_LETTERS = 30, 2000
KINDS = {"txt": "text/plain", "srt": "application/x-subrip", "vtt": "text/vtt", "json": "application/json"}


class Piece(msgspec.Struct, frozen=True):
    """Some of a line's text; `at` is the second at which it is said, None for what stands between words."""

    text: str
    at: float | None = None


class Line(msgspec.Struct, frozen=True):
    start: float
    speaker: str
    pieces: Sequence[Piece]


class Transcript(msgspec.Struct, frozen=True):
    """`lines` are there where the upstream told of times, else the text alone. `is_whole` is false for a beginning."""

    text: str
    lines: Sequence[Line]
    recording: Asset | None
    language: str
    kinds: Sequence[str]
    is_whole: bool


def read(texts: Mapping[str, str], task: str) -> dict[str, Any]:
    return {"prompt": texts.get("prompt", "")}


def transcript(job: Job, whole: bool = False) -> Transcript:
    lines = list(islice(lines_of(job.result), None if whole else SHOWN_LINES + 1))
    text = str(job.result.get("text") or "")
    is_whole = whole or (len(lines) <= SHOWN_LINES and (bool(lines) or len(text) <= SHOWN_LETTERS))
    return Transcript(
        text=text if is_whole else f"{text[:SHOWN_LETTERS]}…",
        lines=lines if is_whole else lines[:SHOWN_LINES],
        recording=next((each.asset for each in job.inputs.all() if each.asset), None),
        language=str(job.result.get("language") or ""),
        kinds=[kind for kind in KINDS if lines or kind not in ("srt", "vtt")],
        is_whole=is_whole,
    )


def lines_of(result: Mapping[str, Any]) -> Iterator[Line]:
    """The segments, each with the words that begin before the next one does."""
    words, segments = result.get("words") or (), subtitles.segments_of(result)
    place = 0
    for number, segment in enumerate(segments, 1):
        end = segments[number]["start"] if number < len(segments) else math.inf
        first = place
        while place < len(words) and words[place]["start"] < end:
            place += 1
        pieces = list(_pieces(str(segment["text"]).strip(), words[first:place]))
        yield Line(segment["start"], str(segment.get("speaker") or ""), pieces)


def _pieces(text: str, words: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """The text as it stands, cut at the words that are found in it one after another."""
    place = 0
    for word in words:
        said = str(word["word"]).strip()
        found = text.find(said, place)
        if not said or found < 0:
            continue
        if found > place:
            yield Piece(text[place:found])
        yield Piece(said, word["start"])
        place = found + len(said)
    if place < len(text):
        yield Piece(text[place:])


def file_of(job: Job, kind: str) -> str:
    """The transcript as a file of that kind; '' where the upstream told no times for subtitles."""
    result = job.result
    if kind == "txt":
        return str(result.get("text") or "")
    if kind == "json":
        return msgspec.json.format(msgspec.json.encode(result), indent=2).decode()
    came = str(result.get("subtitles") or "")
    if came and came.startswith("WEBVTT") == (kind == "vtt"):
        return came
    segments = subtitles.segments_of(result)
    return (subtitles.vtt if kind == "vtt" else subtitles.srt)(segments) if segments else ""


TRANSCRIPTION = Family(
    name="transcription",
    label=_("Transcribe"),
    title=_("New transcript"),
    icon="transcribe",
    action=_("Transcribe"),
    prompt_label=_("Context (optional)"),
    placeholder=_("Names and words that are said in it, spelled right"),
    tasks={"": _("Transcribe"), "translate": _("Translate into English")},
    read=read,
    result=transcript,
)
