"""The items of an answer, found by what an event tells of them."""

from collections import deque
from typing import Any

from .assembly import Assembly, Speech
from .calls import Call, Hosted, Picture
from .hosted import TOOLS
from .items import Item, Odd
from .prose import Prose, text_of
from .thought import Thought

CALLS = ("function_call", "custom_tool_call")


class Output:
    """Items by id, else by place, else the newest of the kind: converters leave away ids, places or both.

    A place is no key where ids are known, as some number everything 0. Ids that change from event to event (GitHub
    Copilot) go by the place at which an item was announced.
    """

    def __init__(self, parts: Assembly, speech: Speech) -> None:
        self.items: list[Item] = []
        self._parts, self._speech = parts, speech
        self._by_id: dict[str, Item] = {}
        self._by_place: dict[int, Item] = {}
        self._by_call: dict[Any, Item] = {}
        self._newest: dict[str, Item] = {}

    def begin(self, document: dict[str, Any], place: Any) -> Item:
        """The item that is announced; it may be known from a delta already."""
        id, kind = _text(document.get("id")), _text(document.get("type"))
        item = self._by_id.get(id)
        if item is None or item.kind != kind or item.ended:
            item = self._new(kind, id, place)
        item.announced = True
        item.tell(document)
        self._remember(document, item)
        return item

    def find(self, event: dict[str, Any], kind: str) -> Item:
        """The item that an event is about: a new one if it is about none that we know."""
        id, place = _text(event.get("item_id")), event.get("output_index")
        return self._known(id, place, kind) or self._new(kind, id, place)

    def growing(self, event: dict[str, Any], kind: str) -> Item:
        """The same for a delta: what has ended does not grow."""
        item = self.find(event, kind)
        return self._new(kind, item.id, event.get("output_index")) if item.ended else item

    def done(self, document: dict[str, Any], place: Any) -> None:
        id, kind = _text(document.get("id")), _text(document.get("type"))
        known = None if id in self._by_id else self._by_call.get(_call(document))
        item = known or self._known(id, place, kind)
        another = item is not None and item.ended and not id and item.document != document
        if item is None or another or _contradict(item, document):
            item = self._new(kind, id, place)
        item.finish(document)
        self._remember(document, item)

    def conclude(self, documents: list[dict[str, Any]]) -> None:
        """The whole output, as the end of the answer tells it once more: by id, or in order of those of one kind."""
        told = "".join(text_of(document) for document in documents if document.get("type") == "message")
        repeated = bool(told) and told == "".join(item.text for item in self.items if isinstance(item, Prose))
        left: dict[str, deque[Item]] = {}
        taken: set[int] = set()
        for item in self.items:
            left.setdefault(item.kind, deque()).append(item)
        for place, document in enumerate(documents):
            kind = _text(document.get("type"))
            match = self._match(document, left.get(kind, deque()), taken)
            if match is None and repeated and kind == "message":
                continue
            item = match or self._new(kind, _text(document.get("id")), place)
            if isinstance(item, Prose):
                item.repeated = item.repeated or repeated
            if item.ended:
                item.again(document)
            else:
                item.finish(document)

    def close(self) -> None:
        for item in self.items:
            item.close()

    def _remember(self, document: dict[str, Any], item: Item) -> None:
        if call := _call(document):
            self._by_call.setdefault(call, item)

    def _known(self, id: str, place: Any, kind: str) -> Item | None:
        item = self._by_id.get(id) if id else None
        if item:
            return item if item.kind == kind else None
        there = self._by_place.get(place) if type(place) is int else None
        if there and there.kind == kind:
            return there if there.announced or not id else None
        if id or (there is None and type(place) is int):
            return None
        return self._newest.get(kind)

    def _match(self, document: dict[str, Any], left: deque[Item], taken: set[int]) -> Item | None:
        item = self._by_id.get(_text(document.get("id"))) or self._by_call.get(_call(document))
        if item is None or item.kind != document.get("type") or id(item) in taken:
            item = None
            while left and item is None:
                first = left.popleft()
                item = None if id(first) in taken or _contradict(first, document) else first
        if item:
            taken.add(id(item))
        return item

    def _new(self, kind: str, id: str, place: Any) -> Item:
        item = self._make(kind, id)
        self.items.append(item)
        self._newest[kind] = item
        if id:
            self._by_id[id] = item
        if type(place) is int:
            self._by_place[place] = item
        return item

    def _make(self, kind: str, id: str) -> Item:
        if kind == "message":
            return Prose(self._parts, kind, id, self._speech)
        if kind == "reasoning":
            return Thought(self._parts, kind, id)
        if kind in CALLS:
            return Call(self._parts, kind, id, len(self.items))
        if kind == "image_generation_call":
            return Picture(self._parts, kind, id)
        return Hosted(self._parts, kind, id) if kind in TOOLS else Odd(self._parts, kind, id)


def _call(document: dict[str, Any]) -> Any:
    """What tells a call from others besides its id; the same for all that is no call."""
    call_id = _text(document.get("call_id"))
    return (document["type"], call_id) if call_id and document.get("type") in CALLS else None


def _contradict(item: Item, document: dict[str, Any]) -> bool:
    """Whether they are two calls."""
    ours, theirs = item.told.get("call_id"), document.get("call_id")
    return bool(ours and theirs and ours != theirs)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
