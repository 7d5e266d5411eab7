"""What an upstream answers, streamed or whole, into events. Both go one way: a reply is the end of a stream."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from .. import sentences
from ..counting import usage_of
from ..decoding import StreamDecoder
from ..errors import read_failure
from ..events import Failed, Finished, Started, UsageReported
from ..messages import Citation, Usage
from ..sse import ServerSentEvent
from ..tolerant import shown
from . import fields
from .assembly import Assembly, Speech
from .calls import Hosted, Picture
from .counts import TERMINAL, UNDER_WAY, finished
from .encoder import Encoder
from .hosted import sources_of
from .output import CALLS, Output
from .prose import Prose
from .request import PATH
from .told import STATES, SUMMARY, TEXTS, THOUGHT, Told, place_of

__all__ = ["Decoder", "Encoder"]

_ID = re.compile(r"[\w:=+-][\w.:=+-]{0,500}", re.ASCII)


class Decoder(StreamDecoder):
    """Events of a Responses reply. `poll` is set from the first news of a background answer to its end, `resume` where
    a stream of it broke off.

    An answer that goes on in the background may be fed one reply after the other, `finish` at the end of each.
    """

    def __init__(self, content_type: str = "text/event-stream"):
        super().__init__(content_type)
        self._parts = Assembly()
        self._out = self._parts.out
        self._speech = Speech(self._parts)
        self._output = Output(self._parts, self._speech)
        self._started: Started | None = None
        self._finished: Finished | None = None
        self._usage: Usage | None = None
        self._sources: list[str] = []
        self._sequence, self._resumed_after = -1, -1
        self._is_numbered, self._is_resumed = True, False

    def _taken(self) -> list[Any]:
        taken = self._out
        self._out = self._parts.out = []
        return taken

    def _document(self, document: dict[str, Any]) -> None:
        number = document.get("sequence_number")
        if type(number) is int and not self._is_new(number):
            return
        kind = _text(document.get("type"))
        read = READERS.get(kind)
        if read:
            self._recognized = True
            if not fields.EVENT.issuperset(document):
                self._unknown("", document, fields.EVENT)
            read(self, document)
        elif document.get("object") == "response" or type(document.get("output")) is list:
            self._reply(document)
        elif kind not in fields.IGNORED:
            self._other(document)
        if self._parts.strange:
            self._show_strange()

    def _is_new(self, number: int) -> bool:
        """Whether this event was not told before: some tell all of a stream again that is to go on where it was cut."""
        if number > self._sequence:
            self._sequence = number
            return True
        self._is_numbered = self._is_numbered and self._is_resumed
        return not self._is_resumed

    def _expect_another(self) -> None:
        """A stream that brought something goes on behind its last event; converters number all events alike."""
        brought = self._streaming and self._is_numbered and self._sequence > self._resumed_after
        self.resume = f"{self.poll}?stream=true&starting_after={self._sequence}" if brought else ""
        self._resumed_after, self._is_resumed = self._sequence, True
        super()._expect_another()

    def _read_prose(self, data: bytes, event: ServerSentEvent) -> None:
        """An event that the end cut off is told again where the answer goes on in the background."""
        if not (event.cut and self.poll):
            super()._read_prose(data, event)

    def _other(self, document: dict[str, Any]) -> None:
        if failed := read_failure(document):
            self._fail(failed)
        else:
            self._unrecognized(document, "unknown event")

    def _reply(self, document: dict[str, Any]) -> None:
        """The whole answer, or how far it is if it is made in the background."""
        self._recognized = True
        if document.get("status") in UNDER_WAY:
            self._snapshot(document)
            self.poll = self._address(document)
        else:
            self._conclude(document, "failed" if document.get("error") else "completed")

    def _snapshot(self, response: Any) -> None:
        """What each event about the whole answer tells: who answers, what it used, whether in the background."""
        if type(response) is not dict:
            self._unrecognized({"response": response}, "not a response")
            return
        self._start(response)
        if response.get("background") is True:
            self.poll = self._address(response)
        self._usage = usage_of(response.get("usage")) or self._usage
        self._unknown("response.", response, fields.RESPONSE)

    def _start(self, response: dict[str, Any]) -> None:
        """llama.cpp names its model only at the end: then this is told twice."""
        before = self._started or Started()
        started = Started(id=before.id or _text(response.get("id")), model=before.model or _text(response.get("model")))
        if started != self._started:
            self._started = started
            self._out.append(started)

    def _address(self, response: dict[str, Any]) -> str:
        id = _text(response.get("id")) or (self._started.id if self._started else "")
        return f"{PATH}/{quote(id, safe='')}" if _ID.fullmatch(id) else ""

    def _conclude(self, response: Any, status: str) -> None:
        self._snapshot(response)
        response = response if type(response) is dict else {}
        status = response["status"] if response.get("status") in TERMINAL else status
        output = response.get("output")
        entries = output if type(output) is list else []
        documents = [entry for entry in entries if type(entry) is dict]
        self._output.conclude(documents)
        for document in documents:
            self._note(document)
        self._output.close()
        if status == "failed":
            self._fail(read_failure(response) or Failed(message=sentences.SAYS_FAILED))
        else:
            self._finished = finished(response, status, self._parts.called)
            self._end()

    def _end(self) -> None:
        """The mark of the end, which this format does not have, ends no answer that goes on in the background."""
        if self._finished or not self.poll:
            if self._finished or self._recognized or self._broken:
                super()._end()
            else:
                super()._end_of_bytes()

    def _end_of_bytes(self) -> None:
        if self.poll:
            self._expect_another()
        else:
            super()._end_of_bytes()

    def _close(self) -> Finished:
        self.poll = self.resume = ""
        self._output.close()
        self._speech.close()
        for url in dict.fromkeys(self._sources):
            if not self._parts.cites(url):
                self._parts.cite(Citation(url=url))
        self._show_strange()
        if self._usage:
            self._out.append(UsageReported(self._usage))
        return self._finished or Finished(truncated=True)

    def _show_strange(self) -> None:
        """Once each: an item is told up to four times."""
        strange, self._parts.strange = self._parts.strange, []
        for value, why in strange:
            known = f"{why} {shown(value)}"
            if known not in self._reported:
                self._reported.add(known)
                self._unrecognized(value, why)

    def _item_added(self, event: dict[str, Any]) -> None:
        item = event.get("item")
        if type(item) is dict:
            self._output.begin(item, event.get("output_index"))
        else:
            self._unrecognized(event, "not an item")

    def _item_done(self, event: dict[str, Any]) -> None:
        item = event.get("item")
        if type(item) is dict:
            self._output.done(item, event.get("output_index"))
            self._note(item)
        else:
            self._unrecognized(event, "not an item")

    def _note(self, item: dict[str, Any]) -> None:
        if item.get("type") == "web_search_call":
            self._sources += sources_of(item)
        elif item.get("type") in ("message", "reasoning", *CALLS):
            self._unknown("item.", item, fields.ITEM)

    def _part(self, event: dict[str, Any]) -> None:
        """A content as it begins or as it is when it is done; what a reasoning's begins with, its deltas bring."""
        part = event.get("part")
        if type(part) is not dict:
            self._unrecognized(event, "not a part")
        elif part.get("type") == "reasoning_text":
            self._whole(THOUGHT, event, part.get("text"))
        elif part.get("type") == "summary_text":
            self._whole(SUMMARY, event, part.get("text"))
        else:
            item = self._output.find(event, "message")
            if isinstance(item, Prose) and not item.ended:
                item.content(place_of(event, "content_index"), part)

    def _annotation(self, event: dict[str, Any]) -> None:
        item = self._output.find(event, "message")
        if isinstance(item, Prose):
            item.cite(place_of(event, "content_index"), event.get("annotation"))

    def _delta(self, told: Told, event: dict[str, Any]) -> None:
        delta = event.get("delta")
        if type(delta) is dict:
            delta = delta.get("text") if type(delta.get("text")) is str else shown(delta)
        if type(delta) is not str:
            self._unrecognized(event, "the delta is not a text")
        elif delta:
            self._output.growing(event, told.kind).delta(told.section(event), delta)

    def _whole(self, told: Told, event: dict[str, Any], text: Any) -> None:
        item = self._output.find(event, told.kind)
        named = {name: event[name] for name in ("name", "call_id") if type(event.get(name)) is str and event[name]}
        if named and not item.ended and told.kind in ("function_call", "custom_tool_call"):
            item.tell({**named, **item.told})
        if type(text) is str and not item.ended:
            item.whole(told.section(event), text)

    def _state(self, kind: str, word: str, event: dict[str, Any]) -> None:
        item = self._output.find(event, kind)
        if isinstance(item, Hosted) and not item.ended:
            item.news(word)

    def _partial_image(self, event: dict[str, Any]) -> None:
        data = event.get("partial_image_b64")
        if type(data) is not str or not data:
            self._unrecognized(event, "not an image")
            return
        item = self._output.find(event, "image_generation_call")
        if isinstance(item, Picture) and not item.ended:
            item.show(data, event.get("output_format"))

    def _play(self, event: dict[str, Any]) -> None:
        try:
            self._speech.play(_text(event.get("delta")))
        except ValueError:
            self._unrecognized(event, "not an audio")

    def _transcribe(self, event: dict[str, Any]) -> None:
        if type(event.get("delta")) is str and event["delta"]:
            self._speech.tell(event["delta"])

    def _error(self, event: dict[str, Any]) -> None:
        """Flat, as documented, or nested, as sent."""
        self._fail(read_failure(event) or Failed(message=sentences.UNSAID_IN_STREAM))


def _text(value: Any) -> str:
    return value if type(value) is str else ""


Reader = Callable[[Decoder, dict[str, Any]], None]


def _readers() -> dict[str, Reader]:
    readers: dict[str, Reader] = {
        "error": Decoder._error,
        "response.error": Decoder._error,
        "response.output_item.added": Decoder._item_added,
        "response.output_item.done": Decoder._item_done,
        "response.content_part.added": Decoder._part,
        "response.content_part.done": Decoder._part,
        "response.reasoning_summary_part.added": Decoder._part,
        "response.reasoning_summary_part.done": Decoder._part,
        "response.output_text.annotation.added": Decoder._annotation,
        "response.output_text_annotation.added": Decoder._annotation,
        "response.image_generation_call.partial_image": Decoder._partial_image,
        "response.audio.delta": Decoder._play,
        "response.audio.transcript.delta": Decoder._transcribe,
    }
    for name in ("created", "in_progress", "queued"):
        readers[f"response.{name}"] = lambda decoder, event: decoder._snapshot(event.get("response"))
    for name, status in {"done": "completed", **{status: status for status in TERMINAL}}.items():
        readers[f"response.{name}"] = _concluding(status)
    for name, told in TEXTS.items():
        readers[f"response.{name}.delta"] = _growing(told)
        readers[f"response.{name}.done"] = _whole(told)
    for kind, words in STATES.items():
        for word in words:
            readers[f"response.{kind}.{word}"] = _changing(kind, word)
    return readers


def _concluding(status: str) -> Reader:
    return lambda decoder, event: decoder._conclude(event.get("response"), status)


def _growing(told: Told) -> Reader:
    return lambda decoder, event: decoder._delta(told, event)


def _whole(told: Told) -> Reader:
    return lambda decoder, event: decoder._whole(told, event, event.get(told.field))


def _changing(kind: str, word: str) -> Reader:
    return lambda decoder, event: decoder._state(kind, word, event)


READERS = _readers()
