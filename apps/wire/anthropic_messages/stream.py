"""What an upstream answers, streamed or whole, into events. Both go one way: a reply is a message with its blocks."""

from collections.abc import Callable
from typing import Any

from ..decoding import StreamDecoder
from ..errors import read_failure
from ..events import Failed, Finished, Started, UsageReported
from ..messages import Part, Reasoning, Refusal
from ..tolerant import shown
from . import fields
from .blocks import KINDS, Block, Blocks
from .citations import citation_of
from .counts import merge_counts, reason_of, usage_of
from .encoder import Encoder
from .hosted import is_result, kept
from .pieces import image_of

__all__ = ["Decoder", "Encoder"]

BLOCK_OF_DELTA = {
    "text_delta": "text",
    "citations_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "thinking",
    "input_json_delta": "tool_use",
}


class Decoder(StreamDecoder):
    """Events of a Messages reply. Blocks are found by the wire's `index`, which may begin anywhere or be missing."""

    def __init__(self, content_type: str = "text/event-stream"):
        super().__init__(content_type)
        self._blocks = Blocks()
        self._out = self._blocks.out
        self._at: dict[Any, Block] = {}
        self._latest: Block | None = None
        self._started = self._whole = self._cut = False
        self._reason = ""
        self._counted: dict[str, Any] = {}

    def _taken(self) -> list[Any]:
        taken = self._out
        self._out = self._blocks.out = []
        return taken

    def _document(self, document: dict[str, Any]) -> None:
        kind = _kind(document)
        read = _READERS.get(kind)
        if (read is None or document.get("error")) and (failed := read_failure(document)):
            self._fail(failed)
        elif kind == "error":
            self._fail(Failed(message=shown(document)[:500]))
        elif read is None:
            self._unrecognized(document, "unknown event")
        else:
            self._recognized = True
            read(self, document)
            if not self.done and read is not Decoder._message and not fields.EVENT.issuperset(document):
                self._unknown("", document, fields.EVENT)

    def _start(self, document: dict[str, Any]) -> None:
        message = document.get("message")
        if type(message) is dict:
            self._head(message, started=True)
            self._content(message.get("content"))
        else:
            self._unrecognized(document, "no message in this event")

    def _message(self, document: dict[str, Any]) -> None:
        """The whole reply; in a stream it only repeats what its deltas have said."""
        self._head(document, started=False)
        if not self._blocks.count:
            self._content(document.get("content"))
        self._ended(document)
        self._whole = bool(self._reason)

    def _head(self, message: dict[str, Any], started: bool) -> None:
        id, model = message.get("id"), message.get("model")
        if not self._started and (id or model):
            self._started = True
            self._out.append(Started(id=id if type(id) is str else "", model=model if type(model) is str else ""))
        self._count(message.get("usage"), started)
        if not fields.MESSAGE.issuperset(message):
            self._unknown("message.", message, fields.MESSAGE)

    def _content(self, content: Any) -> None:
        if type(content) is str:
            content = [{"type": "text", "text": content}] if content else []
        for entry in content if type(content) is list else []:
            if type(entry) is dict:
                self._blocks.stop(self._begin(entry))
            else:
                self._unrecognized(entry, "not a block")

    def _block_start(self, document: dict[str, Any]) -> None:
        """A start at an index that is in use ends what was there: its stop was left out."""
        raw, key = document.get("content_block"), _key(document)
        if type(raw) is not dict:
            self._unrecognized(document, "no block in this event")
            return
        self._stop_at(key)
        self._latest = self._at[key] = self._begin(raw)

    def _begin(self, raw: dict[str, Any]) -> Block:
        kind = str(raw.get("type"))
        if is_result(kind):
            self._blocks.result(raw)
            return _spent("whole")
        if part := _whole_part(kind, raw):
            self._blocks.add(part)
            return _spent("whole")
        if kind not in KINDS:
            self._unrecognized(raw, "unknown block")
        elif KINDS.get(kind) in ("text", "thinking", "tool") and not fields.BLOCK.issuperset(raw):
            self._unknown(f"{kind}.", raw, fields.BLOCK)
        block = self._blocks.begin(raw)
        citations = raw.get("citations") if block.kind == "text" else None
        for citation in citations if type(citations) is list else []:
            self._cite(block, citation)
        return block

    def _block_delta(self, document: dict[str, Any]) -> None:
        delta = document.get("delta")
        kind = str(delta.get("type")) if type(delta) is dict else ""
        read = _DELTAS.get(kind)
        block = self._block_for(_key(document), BLOCK_OF_DELTA.get(kind))
        if read is None or type(delta) is not dict or block.kind in ("whole", "other"):
            block.length += 1
            self._unrecognized(document, "unknown delta")
            return
        read(self, block, delta)
        if not fields.DELTA.issuperset(delta):
            self._unknown("delta.", delta, fields.DELTA)

    def _block_for(self, key: Any, kind: str | None) -> Block:
        """The block of that index. Converters leave out starts and indexes: a delta of another kind begins a block."""
        block = self._at.get(key) or (self._latest if key is None else None)
        if kind is None:
            return block or _spent("none")
        ours = KINDS[kind]
        if block and block.open and (block.kind == ours or {block.kind, ours} == {"tool", "hosted"}):
            return block
        if block and block.kind in ("whole", "other"):
            return block
        self._stop_at(key)
        self._latest = self._at[key] = self._begin({"type": kind})
        return self._latest

    def _block_stop(self, document: dict[str, Any]) -> None:
        key = _key(document)
        if key is None and self._latest:
            self._blocks.stop(self._latest)
        self._stop_at(key)

    def _stop_at(self, key: Any) -> None:
        if block := self._at.pop(key, None):
            self._blocks.stop(block)

    def _grow(self, block: Block, delta: dict[str, Any]) -> None:
        for name in ("text", "thinking", "partial_json"):
            value = delta.get(name)
            if type(value) is str:
                self._blocks.grow(block, value)
            elif value is not None:
                self._unrecognized({name: value}, f"{name} is not a text")

    def _sign(self, block: Block, delta: dict[str, Any]) -> None:
        """Replaced, not joined: Anthropic's own clients do so too."""
        if type(delta.get("signature")) is str:
            block.signature = delta["signature"]

    def _quote(self, block: Block, delta: dict[str, Any]) -> None:
        self._cite(block, delta.get("citation"))

    def _cite(self, block: Block, citation: Any) -> None:
        if citation_of(citation, 0, 0):
            block.citations.append(citation)
        else:
            self._unrecognized(citation, "unknown citation")

    def _message_delta(self, document: dict[str, Any]) -> None:
        delta = document.get("delta")
        if type(delta) is dict:
            self._ended(delta)
            self._count(delta.get("usage"), False)
            if not fields.MESSAGE_DELTA.issuperset(delta):
                self._unknown("delta.", delta, fields.MESSAGE_DELTA)
        self._count(document.get("usage"), False)

    def _ended(self, found: dict[str, Any]) -> None:
        """Why it ended. A refusal may be explained, in words that are no part of the content."""
        reason, details = found.get("stop_reason"), found.get("stop_details")
        if type(reason) is str:
            self._reason = reason or self._reason
        elif reason is not None:
            self._unrecognized({"stop_reason": reason}, "not a stop reason")
        explanation = details.get("explanation") if type(details) is dict else None
        if type(explanation) is str and explanation:
            self._blocks.add(Refusal(explanation), is_block=False)

    def _message_stop(self, document: dict[str, Any]) -> None:
        self._count(document.get("usage"), False)
        self._whole = True
        self._end()

    def _ping(self, document: dict[str, Any]) -> None:
        """Keeps the connection alive."""

    def _count(self, found: Any, started: bool) -> None:
        if type(found) is dict:
            merge_counts(self._counted, found, started)

    def _end(self) -> None:
        """OpenAI's mark of the end after nothing that we know: a gateway that does not speak this format."""
        if self._recognized or not self._strange:
            super()._end()
        else:
            self._fail(Failed(message="What the upstream sent is no answer of this format.", code="no_answer"))

    def _end_of_bytes(self) -> None:
        """Without `message_stop` or OpenAI's mark of the end, the answer may be cut, whatever it said before."""
        self._cut = not self._whole
        super()._end_of_bytes()

    def _close(self) -> Finished:
        self._blocks.close()
        if usage := usage_of(self._counted):
            self._out.append(UsageReported(usage))
        raw = self._reason
        return Finished(
            reason=reason_of(raw) if raw else "stop", raw=raw, truncated=self._cut or not (raw or self._whole)
        )


def _kind(document: dict[str, Any]) -> str:
    """The event's name; guessed by its fields where it has none."""
    kind = document.get("type")
    if type(kind) is str:
        return kind
    found: Any = document.get("delta")
    if type(found) is dict:
        return "message_delta" if "stop_reason" in found else "content_block_delta"
    for name, event in (("content_block", "content_block_start"), ("message", "message_start")):
        if type(document.get(name)) is dict:
            return event
    return "message" if type(document.get("content")) is list and document.get("role") == "assistant" else ""


def _whole_part(kind: str, raw: dict[str, Any]) -> Part | None:
    """Blocks that have no deltas."""
    if kind == "container_upload":
        return kept(raw)
    if kind == "redacted_thinking" and type(raw.get("data")) is str:
        return Reasoning(opaque={"redacted": raw["data"]})
    return image_of(raw) if kind == "image" else None


def _spent(kind: str) -> Block:
    """Stands for a block that has said all, or was never begun."""
    block = Block(kind, -1, -1, {})
    block.open = False
    return block


def _key(document: dict[str, Any]) -> int | None:
    index = document.get("index")
    return index if type(index) is int else None


_READERS: dict[str, Callable[[Decoder, dict[str, Any]], None]] = {
    "message_start": Decoder._start,
    "content_block_start": Decoder._block_start,
    "content_block_delta": Decoder._block_delta,
    "content_block_stop": Decoder._block_stop,
    "message_delta": Decoder._message_delta,
    "message_stop": Decoder._message_stop,
    "message": Decoder._message,
    "ping": Decoder._ping,
}
_DELTAS: dict[str, Callable[[Decoder, Block, dict[str, Any]], None]] = {
    "text_delta": Decoder._grow,
    "thinking_delta": Decoder._grow,
    "input_json_delta": Decoder._grow,
    "signature_delta": Decoder._sign,
    "citations_delta": Decoder._quote,
}
