"""A conversation of another product as a record of ours, from its messages as a tree."""

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from django.utils import timezone

from apps.wire import messages as wire
from apps.work.ids import new_id

from .. import schema
from ..writing.records import part_record

MILLISECONDS_FROM, LATEST = 100_000_000_000, 4_102_444_800


class Node(msgspec.Struct, kw_only=True):
    """A message there. `parent` may be of a node without parts, or of none: it then hangs on the nearest that has some.

    `error` is the sentence with which an answer ended.
    """

    id: str
    parent: str = ""
    role: str = "assistant"
    at: datetime.datetime | None = None
    parts: list[wire.Part] = []
    model: str = ""
    error: str = ""
    calls: list[dict[str, Any]] = []


class About(msgspec.Struct, kw_only=True):
    """What is known of the whole conversation. `upstream` is the product that it comes from."""

    upstream: str
    title: str = ""
    created_at: datetime.datetime | None = None
    updated_at: datetime.datetime | None = None
    format: str = "openai_chat"
    head: str = ""
    model: str = ""
    system: str = ""
    archived: bool = False
    pinned: bool = False
    folder: str = ""
    tags: Sequence[str] = ()


def grown(about: About, nodes: Iterable[Node]) -> schema.Conversation:
    """Answers that follow one upon another, as with tools, become one; versions stay in the order of the nodes."""
    kept, place = _kept(list(nodes))
    created = about.created_at or min((node.at for node in kept if node.at), default=None) or timezone.now()
    updated = about.updated_at or max((node.at for node in kept if node.at), default=None) or created
    ids = dict(zip((node.id for node in kept), sorted(new_id() for _ in kept), strict=True))
    messages = [_message(node, ids, about, node.at or created) for node in kept]
    head = place.get(about.head) or (kept[-1].id if kept else "")
    return schema.Conversation(
        id=new_id(),
        title=_fits(about.title, 200),
        title_source="person" if about.title else "words",
        model=schema.ModelName(upstream=about.upstream, name=_fits(about.model, 300)) if about.model else None,
        format=about.format,
        system_prompt=about.system,
        head=ids.get(head),
        pinned_at=updated if about.pinned else None,
        archived_at=updated if about.archived else None,
        created_at=created,
        updated_at=updated,
        folder=[_fits(about.folder, 80)] if about.folder.strip() else [],
        tags=[schema.Tag(name=name) for name in dict.fromkeys(_fits(tag, 40) for tag in about.tags) if name],
        messages=messages,
    )


def _fits(text: str, most: int) -> str:
    return " ".join(text.replace("\0", "").split())[:most]


def _kept(nodes: list[Node]) -> tuple[list[Node], dict[str, str]]:
    """Nodes with something in them, parents first, and where each node has gone."""
    there = {node.id: node for node in nodes}
    children: dict[str, list[Node]] = {}
    for node in there.values():
        children.setdefault(node.parent if node.parent in there and node.parent != node.id else "", []).append(node)
    order = children.get("", [])[:]
    for node in order:  # grows while it is walked
        order += children.get(node.id, ())
    place: dict[str, str] = {}
    many = {id for id, below in children.items() if len(below) > 1}
    kept: dict[str, Node] = {}
    for node in order:
        above = kept.get(place.get(node.parent, ""))
        if not node.parts and not node.error:
            place[node.id] = above.id if above else ""
        elif above and above.role == node.role == "assistant" and node.parent not in many and above.id not in many:
            _join(above, node)
            place[node.id] = above.id
        else:
            kept[node.id] = msgspec.structs.replace(node, parent=above.id if above else "", parts=list(node.parts))
            place[node.id] = node.id
        if place[node.id] and node.id in many:
            many.add(place[node.id])
    return list(kept.values()), place


def _join(above: Node, node: Node) -> None:
    above.parts += node.parts
    above.model, above.error = node.model or above.model, node.error or above.error
    above.calls = [*above.calls, *node.calls]


def _message(node: Node, ids: Mapping[str, uuid.UUID], about: About, at: datetime.datetime) -> schema.Message:
    return schema.Message(
        id=ids[node.id],
        parent=ids.get(node.parent),
        role="user" if node.role == "user" else "assistant",
        created_at=at,
        parts=[part_record(part) for part in node.parts],
        runs=[] if node.role == "user" else [_run(node, about, at)],
    )


def _run(node: Node, about: About, at: datetime.datetime) -> schema.Run:
    model = _fits(node.model or about.model, 300)
    about_call = {"started_at": at, "upstream_name": about.upstream, "model_name": model, "format": about.format}
    return schema.Run(
        id=new_id(),
        turn_id=uuid.uuid4(),
        status="failed" if node.error else "completed",
        upstream=about.upstream,
        model=model,
        format=about.format,
        created_at=at,
        finished_at=at,
        error={"title": node.error[:2000]} if node.error else None,
        calls=[schema.Call(**about_call, **call) for call in node.calls],
    )


def time_of(value: Any) -> datetime.datetime | None:
    """Seconds or milliseconds since 1970, or ISO 8601; None for anything else."""
    if isinstance(value, str):
        with suppress(ValueError):
            found = datetime.datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    seconds = value / 1000 if value > MILLISECONDS_FROM else value
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC) if 0 < seconds < LATEST else None


def text_of(value: Any) -> str:
    """A text as it is, nothing for nothing, anything else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; other things have no business there."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def counted(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None
