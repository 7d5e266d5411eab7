"""Subtitles: written from what a transcript knows of times, and read where an upstream answers with them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LONGEST, MOST = 7.0, 84
_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_CUE = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\n]*")
_SPEAKER = re.compile(r"<v(?:\.[^ >]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"<[^>\n]{1,100}>")
_END = re.compile(r"[.!?。！？…]['\"”’)]*$")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")

Segment = Mapping[str, Any]


def srt(segments: Sequence[Segment]) -> str:
    """Numbered cues; milliseconds behind a comma."""
    cues = enumerate(segments, 1)
    return "\n".join(f"{place}\n{_times(cue, ',')}\n{_named(cue)}\n" for place, cue in cues)


def vtt(segments: Sequence[Segment]) -> str:
    """WebVTT; milliseconds behind a dot, a speaker as its voice."""
    cues = (f"\n{_times(cue, '.')}\n{_voiced(cue)}\n" for cue in segments)
    return "".join(["WEBVTT\n", *cues])


def segments_of(result: Mapping[str, Any]) -> list[Segment]:
    """The transcript's segments; where there are none its words, put together into lines as they are read."""
    return list(result.get("segments") or ()) or _lines(result.get("words") or ())


def read(text: str) -> list[dict[str, Any]]:
    """The cues of SRT or WebVTT as segments; what is neither time nor text (numbers, notes, styles) is left away."""
    found: list[dict[str, Any]] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.strip("\n").split("\n")
        place = next((place for place, line in enumerate(lines[:2]) if _CUE.fullmatch(line)), None)
        if place is not None:
            found.append(_segment(lines[place], "\n".join(lines[place + 1 :])))
    return found


def said(segments: Iterable[Segment]) -> str:
    """The segments' texts as one."""
    texts = [" ".join(str(segment["text"]).split()) for segment in segments]
    return _joined(text for text in texts if text)


def _segment(times: str, text: str) -> dict[str, Any]:
    found = _CUE.fullmatch(times)
    moments = found.groups() if found else ()
    voice = _SPEAKER.search(text)
    segment = {"start": _seconds(moments[:4]), "end": _seconds(moments[4:]), "text": _plain(text)}
    return segment | ({"speaker": voice.group(1).strip()} if voice else {})


def _plain(text: str) -> str:
    text = _TAG.sub("", text).strip()
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _seconds(moments: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (moment or "0" for moment in moments)
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return (whole * 1000 + int(fraction.ljust(3, "0"))) / 1000


def _times(cue: Segment, point: str) -> str:
    return f"{_clock(cue['start'], point)} --> {_clock(cue['end'], point)}"


def _clock(seconds: float, point: str) -> str:
    whole, thousandths = divmod(max(0, round(seconds * 1000)), 1000)
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}{point}{thousandths:03}"


def _named(cue: Segment) -> str:
    speaker = cue.get("speaker")
    return f"{speaker}: {_line(cue)}" if speaker else _line(cue)


def _voiced(cue: Segment) -> str:
    """What is text must not look like markup, nor like the next cue's times."""
    text = _line(cue).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    speaker = re.sub(r"[<>&\n]", " ", str(cue.get("speaker") or "")).strip()
    return f"<v {speaker}>{text}" if speaker else text


def _line(cue: Segment) -> str:
    """An empty line would end the cue."""
    return "\n".join(line.strip() for line in str(cue["text"]).splitlines() if line.strip()).replace("-->", "→")


def _lines(words: Iterable[Segment]) -> list[Segment]:
    lines: list[list[Segment]] = [[]]
    for word in words:
        if lines[-1] and _is_full(lines[-1], word):
            lines.append([])
        lines[-1].append(word)
    return [
        {"start": line[0]["start"], "end": line[-1]["end"], "text": _joined(str(word["word"]).strip() for word in line)}
        for line in lines
        if line
    ]


def _is_full(line: Sequence[Segment], word: Segment) -> bool:
    """A line ends with its sentence, and before it is too long to read."""
    letters = sum(len(str(each["word"])) + 1 for each in (*line, word))
    return bool(_END.search(str(line[-1]["word"]))) or letters > MOST or word["end"] - line[0]["start"] > LONGEST


def _joined(texts: Iterable[str]) -> str:
    """With spaces between, but not between signs that are written without."""
    whole = ""
    for text in texts:
        bare = whole and text and _WIDE.match(whole[-1]) and _WIDE.match(text[0])
        whole += ("" if bare or not whole else " ") + text
    return whole
