"""Parts in the making: numbers them in order of appearance, and ends each exactly once."""

from typing import Any

from ..events import AudioDelta, Event, PartDelta, PartEnded, PartStarted
from ..messages import Audio, Citation, HostedTool, Part, Reasoning, Text, ToolCall
from ..sound import Sound
from ..tolerant import shown
from . import partial
from .hosted import key_of, whole
from .pieces import made_id

Prose = type[Text] | type[Reasoning]
Opaque = dict[str, Any] | None


class Assembly:
    """Prose is one open part at a time. What is signed is a part of its own: a signature covers its own piece only."""

    def __init__(self) -> None:
        self.out: list[Event] = []
        self.id = ""
        self.calls = 0
        self.hosted: set[str] = set()
        self._next = 0
        self._kind: Prose | None = None
        self._prose = -1
        self._running: dict[str, tuple[int, HostedTool]] = {}
        self._call: tuple[int, dict[str, Any]] | None = None
        self._sound: tuple[int, Sound] | None = None
        self._cited: set[Citation] = set()

    def say(self, kind: Prose, text: str, opaque: Opaque = None) -> None:
        if opaque:
            self._end_prose()
            index = self._begin(kind(opaque=opaque))
            if text:
                self.out.append(PartDelta(index, text))
            self.out.append(PartEnded(index))
            return
        if not text:
            return
        if self._kind is not kind:
            self._end_prose()
            self._kind, self._prose = kind, self._begin(kind())
        self.out.append(PartDelta(self._prose, text))

    def add(self, part: Part) -> None:
        """A part that comes whole."""
        self._end_prose()
        self.out.append(PartEnded(self._begin(part)))

    def cite(self, citation: Citation) -> None:
        if citation not in self._cited:
            self._cited.add(citation)
            self.add(citation)

    def call(self, id: str, name: str, arguments: str, opaque: Opaque) -> None:
        """A function call that comes whole."""
        self._end_call()
        index = self._begin_call(id or self._made(name, arguments), name, opaque)
        self.out += [PartDelta(index, arguments), PartEnded(index)]

    def call_in_pieces(self, id: str, name: str, found: dict[str, Any], opaque: Opaque) -> list[Any]:
        """A piece of a call whose arguments are streamed; gives back those that could not be placed."""
        if name or not self._call:
            self._end_call()
            self._call = (self._begin_call(id or self._made(name, ""), name, opaque), {})
        arguments = self._call[1]
        if isinstance(found.get("args"), dict):
            arguments |= found["args"]
        pieces = found.get("partialArgs")
        strange = [piece for piece in pieces or () if not partial.place(arguments, piece)]
        if not found.get("willContinue"):
            self._end_call()
        return strange

    @property
    def calling(self) -> bool:
        """Whether the arguments of a call are still coming."""
        return self._call is not None

    def run(self, tool: HostedTool) -> None:
        """A tool that the upstream began to run."""
        self._end_prose()
        self._stop(key_of(tool))
        self.hosted.add(tool.name)
        self._running[key_of(tool)] = (self._begin(tool), tool)

    def ran(self, end: HostedTool) -> None:
        """What came of it: its part is whole now. A result of nothing we know is a part by itself."""
        index, tool = self._running.pop(key_of(end), (-1, None))
        if tool is None:
            self.hosted.add(end.name)
            self.add(end)
        else:
            self.out.append(PartEnded(index, HostedTool(status=end.status, opaque=whole(tool, end).opaque)))

    def sound(self, media_type: str, data: str) -> None:
        """A piece of sound. Raises ValueError if it is none."""
        if self._sound is None or self._sound[1].told != media_type:
            sound = Sound(media_type)
            piece = sound.take(data)
            self._end_sound()
            self._end_prose()
            self._sound = (self._begin(Audio(media_type=sound.media_type)), sound)
        else:
            piece = self._sound[1].take(data)
        if piece:
            self.out.append(AudioDelta(self._sound[0], piece))

    def transcribe(self, text: str) -> None:
        if self._sound:
            self.out.append(PartDelta(self._sound[0], text))
        else:
            self.say(Text, text)

    def close(self) -> None:
        """Ends what is open, in the order in which it began."""
        opened: list[tuple[int, Any]] = [(index, key) for key, (index, _tool) in self._running.items()]
        opened += [(self._call[0], self._end_call)] if self._call else []
        opened += [(self._sound[0], self._end_sound)] if self._sound else []
        opened += [(self._prose, self._end_prose)] if self._kind else []
        for _index, end in sorted(opened, key=lambda entry: entry[0]):
            if isinstance(end, str):
                self._stop(end)
            else:
                end()

    def _begin(self, part: Part) -> int:
        index = self._next
        self._next += 1
        self.out.append(PartStarted(index, part))
        return index

    def _begin_call(self, id: str, name: str, opaque: Opaque) -> int:
        self._end_prose()
        self.calls += 1
        return self._begin(ToolCall(id=id, name=name, opaque=opaque))

    def _made(self, name: str, arguments: str) -> str:
        return made_id(f"{self.id} {name} {arguments}", self.calls)

    def _end_prose(self) -> None:
        if self._kind is not None:
            self.out.append(PartEnded(self._prose))
            self._kind = None

    def _end_call(self) -> None:
        if self._call:
            index, arguments = self._call
            self.out += [PartDelta(index, shown(arguments)), PartEnded(index)]
            self._call = None

    def _end_sound(self) -> None:
        if self._sound:
            index, sound = self._sound
            found = sound.whole()
            self.out.append(PartEnded(index, Audio(media_type=found[0], data=found[1]) if found else None))
            self._sound = None

    def _stop(self, key: str) -> None:
        """The end, without a result, of a tool that was running."""
        if key in self._running:
            index, _tool = self._running.pop(key)
            self.out.append(PartEnded(index, HostedTool(status="failed")))
