"""What an upstream answers, streamed or whole, into events. Both go one way: a reply is a stream of one document."""

from collections.abc import Iterable
from typing import Any

from ..errors import read_failure
from ..events import Finished, Started, UsageReported
from ..messages import Citation, Refusal
from ..sse import BOM
from . import fields
from .array import ArrayDecoder
from .counts import BLOCKED, UNSAID, counted, reason_of, usage_of
from .encoder import Encoder
from .grounding import Ruler, Sources
from .parts import PartDecoder, text_of

__all__ = ["Decoder", "Encoder"]

SNIFFED = 2048
PLAIN = frozenset({"content", "index"})


class Decoder(PartDecoder):
    """Events of a GenerateContentResponse, or of many.

    Usage comes once, at the end: it is cumulative. So do searches and sources, but for citations that can be placed
    while more text is still coming.
    """

    def __init__(self, content_type: str = "text/event-stream"):
        super().__init__(content_type)
        self._sources = Sources()
        self._started = False
        self._index: int | None = None
        self._reason = self._remark = self._blocked = ""
        self._counts: dict[str, int] = {}
        self._before: list[int] = []
        self._ruler = Ruler(self._said, self._before)

    def _hold(self, chunk: bytes) -> None:
        super()._hold(chunk)
        if self._held_size <= SNIFFED or len(self._held) == 1:
            self._sniff()

    def _read_held(self) -> None:
        self._sniff()
        if not self._streaming:
            super()._read_held()

    def _sniff(self) -> None:
        """An array of objects is a stream too, and is read as it comes."""
        if not self._streaming:
            start = b"".join(self._held).removeprefix(BOM).lstrip()
            if start[:1] == b"[" and start[1:].lstrip()[:1] == b"{":
                self._sse = ArrayDecoder()
                self._stream_held()

    def _take(self, document: Any, data: bytes) -> None:
        if type(document) is list and all(type(entry) is dict for entry in document):
            for entry in document:
                if not self.done:
                    self._document(entry)
        else:
            super()._take(document, data)

    def _document(self, document: dict[str, Any]) -> None:
        if not fields.RESPONSE.issuperset(document):
            document = fields.camelled(document)
        if document.get("error") or fields.RESPONSE.isdisjoint(document):
            self._other(document)
            return
        self._recognized = True
        if not self._started:
            self._start(document)
        candidates = document.get("candidates")
        for candidate in candidates if type(candidates) is list else [candidates] if candidates else ():
            if type(candidate) is dict:
                self._candidate(candidate)
            else:
                self._unrecognized(candidate, "not a candidate")
        if document.get("promptFeedback"):
            self._feedback(document["promptFeedback"])
        if document.get("usageMetadata"):
            self._count(document["usageMetadata"])
        self._unknown("", document, fields.RESPONSE)

    def _other(self, document: dict[str, Any]) -> None:
        """An object without an answer in it: an error, or something new."""
        if failed := read_failure(document):
            self._fail(failed)
        else:
            self._unrecognized(document, "no candidates in this object")

    def _start(self, document: dict[str, Any]) -> None:
        self._started = True
        self._parts.id = text_of(document.get("responseId"))
        self._out.append(Started(id=self._parts.id, model=text_of(document.get("modelVersion"))))

    def _candidate(self, candidate: dict[str, Any]) -> None:
        if not fields.CANDIDATE.issuperset(candidate):
            candidate = fields.camelled(candidate)
        index = candidate.get("index") or 0
        if self._index is None:
            self._index = index
        elif index != self._index:
            self._unrecognized(candidate, "another candidate than the first")
            return
        if content := candidate.get("content"):
            self._content(content)
        if not PLAIN.issuperset(candidate):
            self._beside(candidate)

    def _content(self, content: Any) -> None:
        parts = content.get("parts") if type(content) is dict else content
        if parts:
            self._cite(self._sources.settled(self._ruler.read()))
        for part in parts if type(parts) is list else [parts] if parts else ():
            self._before.append(len(self._said))
            if type(part) is dict:
                self._part(part)
            else:
                self._unrecognized(part, "not a part")
        if type(content) is dict and not fields.CONTENT.issuperset(content):
            self._unknown("candidates.content.", content, fields.CONTENT)

    def _beside(self, candidate: dict[str, Any]) -> None:
        """Why it ended and what it rests on. A reason may come with each chunk (Gemini 1), or not at all."""
        reason = candidate.get("finishReason")
        if reason and type(reason) is not str:
            self._unrecognized({"finishReason": reason}, "not a finish reason")
        elif reason and reason != UNSAID:
            self._reason = reason
        self._remark = text_of(candidate.get("finishMessage")) or self._remark
        for name, take in (
            ("groundingMetadata", self._ground),
            ("urlContextMetadata", lambda found: self._sources.fetch(fields.camelled(found))),
            ("citationMetadata", lambda found: self._sources.cite(fields.camelled(found))),
        ):
            found = candidate.get(name)
            if type(found) is dict:
                take(found)
            elif found:
                self._unrecognized({name: found}, f"{name} is no object")
        self._unknown("candidates.", candidate, fields.CANDIDATE)

    def _ground(self, found: dict[str, Any]) -> None:
        found = fields.camelled(found)
        self._sources.ground(found)
        self._unknown("candidates.groundingMetadata.", found, fields.GROUNDING)

    def _feedback(self, feedback: Any) -> None:
        """A blocked prompt is answered with 200 and no candidates."""
        feedback = fields.camelled(feedback) if type(feedback) is dict else {}
        self._blocked = text_of(feedback.get("blockReason")) or self._blocked
        self._remark = text_of(feedback.get("blockReasonMessage")) or self._remark

    def _count(self, found: Any) -> None:
        self._counts = counted(self._counts, fields.camelled(found) if type(found) is dict else {})

    def _close(self) -> Finished:
        self._parts.close()
        raw = self._reason or (f"{BLOCKED}{self._blocked}" if self._blocked else "")
        reason = "content_filter" if self._blocked and not self._reason else reason_of(raw, self._parts.calls > 0)
        self._told(reason)
        for tool in self._sources.tools():
            if tool.name not in self._parts.hosted:
                self._parts.add(tool)
        self._cite(self._sources.citations(self._ruler.read()))
        if usage := usage_of(self._counts):
            self._out.append(UsageReported(usage))
        return Finished(reason=reason if raw else "stop", raw=raw, truncated=not raw)

    def _cite(self, citations: Iterable[Citation]) -> None:
        for citation in citations:
            self._parts.cite(citation)

    def _told(self, reason: str) -> None:
        """The upstream's remark on an end that is not a plain one."""
        if self._remark and reason == "content_filter":
            self._parts.add(Refusal(self._remark))
        elif self._remark and reason == "other":
            self._unrecognized(self._remark, f"the upstream's remark on its end, {self._reason}")
