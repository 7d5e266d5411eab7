"""Parts as they may be shown: without what is a vendor's own, without our ids, cut where a page cuts them."""

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from apps.conversations.parts import ASSET_PATH
from apps.runs import cards, hosted
from apps.runs.cited import MOST, TITLE, joined
from apps.runs.tools.pairs import results_of
from apps.runs.turns import RASTER
from apps.wire.messages import (
    Audio,
    Citation,
    File,
    HostedTool,
    Image,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    said,
)

Filed = Callable[[str], str]


def prompted(parts: Iterable[Part], file: Filed | None) -> tuple[Part, ...]:
    """A prompt: its words, and with `file` what went along."""
    parts = list(parts)
    text = said(parts)
    along = [part for part in parts if isinstance(part, Image | Audio | File) and part.asset]
    return (*(_kept(part, file) for part in along if file), *([Text(text)] if text else []))


def _kept(part: Image | Audio | File, file: Filed) -> Part:
    if isinstance(part, Image):
        return Image(media_type=part.media_type, asset=file(part.asset) or "gone")
    if isinstance(part, Audio):
        return Audio(media_type=part.media_type, transcript=part.transcript, asset=file(part.asset) or "gone")
    return File(name=part.name, media_type=part.media_type, asset=file(part.asset) or "gone")


class Answered:
    """An answer: `parts`, its texts joined, its citations at the end; `found` is what the upstream's own tools gave."""

    def __init__(self, parts: Sequence[Part], file: Filed, number: int):
        self._file = file
        self._names = _call_names(parts, number)
        self.found: dict[str, str] = {}
        kept: list[Part] = []
        for place, part in joined(parts):
            if isinstance(part, HostedTool) and (text := hosted.found(part)):
                self.found[str(len(kept))] = text
            kept.append(self._shown(place, part))
        citations = [_cited(part) for part in parts if isinstance(part, Citation)]
        self.parts: tuple[Part, ...] = (*kept, *citations[:MOST])

    def _shown(self, place: int, part: Part) -> Part:
        match part:
            case Text():
                for id in ASSET_PATH.findall(part.text):
                    self._file(id)
                return Text(part.text)
            case Reasoning():
                return Reasoning(part.text, seconds=part.seconds)
            case ToolCall():
                return ToolCall(id=self._names[place], name=part.name, arguments=cards.pretty(part.arguments))
            case ToolResult():
                return replace(part, call_id=self._names[place], content=_cut(cards.pretty(part.content)))
            case HostedTool():
                return HostedTool(name=part.name, arguments=cards.pretty(part.arguments), status=part.status)
            case Image() if not part.asset:
                is_raster = bool(part.data) and part.media_type in RASTER
                return Image(media_type=part.media_type, data=part.data) if is_raster else Image(url=part.url)
            case Image() | Audio() | File() if part.asset:
                return _kept(part, self._file)
            case Audio():
                return Audio(transcript=part.transcript)
            case File():
                return File(name=part.name)
        return part


def _call_names(parts: Sequence[Part], number: int) -> dict[int, str]:
    """Ids of our own for calls and their results, by their places: a vendor's are nobody's business. With the `number`
    of the turn no two are the same: a format may refuse a conversation in which they are.
    """
    answered = results_of(parts)
    names: dict[int, str] = {}
    for place, part in enumerate(parts):
        if isinstance(part, ToolCall):
            names[place] = f"call_{number}_{place}"
            if place in answered:
                names[answered[place]] = names[place]
        elif isinstance(part, ToolResult):
            names.setdefault(place, f"result_{number}_{place}")
    return names


def _cut(text: str) -> str:
    return text if len(text) <= cards.SHOWN else f"{text[: cards.SHOWN - 1]}…"


def _cited(citation: Citation) -> Citation:
    title = " ".join(citation.title.split())[:TITLE]
    return Citation(url=citation.url, title=title, start=citation.start, end=citation.end)
