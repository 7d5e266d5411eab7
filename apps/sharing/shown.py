"""A revision as its page shows it: the turns of the chat page, made of what was frozen and of nothing else."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from apps.conversations.render.escape import fit
from apps.conversations.tree import MessageNode
from apps.runs import documents, turns
from apps.runs.files import Gone
from apps.runs.models import Run
from apps.wire.messages import Audio, File, Image, Text, said

from . import content as frozen
from .models import Revision, ShareLink

# Only our own writer puts a raw quote or bracket there: everything of a text is escaped.
_PICTURE = re.compile(r'<img src="/assets/([0-9a-f-]{36})/[^"]*"')


class SharedFile(msgspec.Struct, frozen=True):
    """As the templates know an Asset; its addresses work for readers of the link alone."""

    id: str
    kind: str
    name: str
    size: int
    width: int | None
    height: int | None
    url: str
    thumbnail_url: str
    is_shared: bool = True


class SharedTurn(msgspec.Struct, frozen=True):
    number: int
    turn: turns.Turn
    parameters: str = ""


class Page(msgspec.Struct, frozen=True):
    """Everything that the page says. `branches` are (the number of the turn that they follow, their turns)."""

    link: ShareLink
    revision: Revision
    content: frozen.Content
    turns: Sequence[SharedTurn]
    branches: Sequence[tuple[int, Sequence[SharedTurn]]]

    @property
    def title(self) -> str:
        return fit(self.content.title)


def page_of(link: ShareLink, revision: Revision) -> Page:
    content = frozen.load(revision.content)
    shows = _Showing(content, _files(link, revision, content))
    branches = [(branch.after, shows.all(branch.turns)) for branch in content.branches]
    return Page(link, revision, content, shows.all(content.turns), branches)


def _files(link: ShareLink, revision: Revision, content: frozen.Content) -> dict[str, SharedFile]:
    """The revision's files that are still there."""
    found = {}
    for row in revision.files.select_related("asset") if content.files else ():
        name, asset = fit(row.name), row.asset
        small = reverse("share_thumbnail", args=[link.token, row.pk]) if asset.has_thumbnail else ""
        found[str(row.pk)] = SharedFile(
            id=str(row.pk),
            kind=asset.kind,
            name=name,
            size=asset.size,
            width=asset.width,
            height=asset.height,
            url=reverse("share_file", args=[link.token, row.pk, _in_address(name)]),
            thumbnail_url=small,
        )
    return found


def _in_address(name: str) -> str:
    return name.replace("/", "_") or "file"


class _Showing:
    def __init__(self, content: frozen.Content, files: Mapping[str, SharedFile]):
        self._content, self._files = content, files

    def all(self, shared: Sequence[frozen.Turn]) -> list[SharedTurn]:
        return [self._turn(each) for each in shared]

    def _turn(self, shared: frozen.Turn) -> SharedTurn:
        id = uuid.UUID(int=shared.number)
        made = shared.made
        node = MessageNode(id, shared.role, None)
        turn = turns.turn_of(node, shared.parts, _run(id, made) if made else None, {id: made.spent} if made else {})
        files = {f"{id}-{place}": self._file(part) for place, part in enumerate(shared.parts) if _is_file(part)}
        if shared.role == "user":
            turn.files = list(files.values())
        for view in turn.parts:
            self._lay_in(view, files, shared)
        return SharedTurn(shared.number, turn, _json(made.parameters) if made and made.parameters else "")

    def _file(self, part: Any) -> SharedFile | Gone:
        return self._files.get(part.asset) or Gone(name=getattr(part, "name", ""))

    def _lay_in(self, view: turns.PartView, files: Mapping[str, SharedFile | Gone], shared: frozen.Turn) -> None:
        view.file = files.get(view.id)
        view.result = shared.found.get(view.id.rpartition("-")[2], "")
        view.blocks = [self._addressed(block) for block in view.blocks]
        if view.document and not view.document.is_whole:
            text = said(part for part in shared.parts[int(view.id.rpartition("-")[2]) :] if isinstance(part, Text))
            view.document.tree, view.document.is_whole = documents.whole(text), True

    def _addressed(self, block: str) -> SafeString:
        def shared(found: re.Match[str]) -> str:
            file = self._files.get(found[1])
            return f'<img src="{file.url}"' if file else "<img"

        return mark_safe(_PICTURE.sub(shared, block))  # noqa: S308 (an address for an address, in cleaned HTML)


def _is_file(part: Any) -> bool:
    return isinstance(part, Image | Audio | File) and bool(part.asset)


def _json(parameters: Mapping[str, Any]) -> str:
    return fit(json.dumps(parameters, indent=2, ensure_ascii=False))


def _run(id: uuid.UUID, made: frozen.Made) -> Run:
    """A run that was never stored, for the words that a turn has for one."""
    return Run(
        id=id,
        model_name=made.model,
        format=made.format,
        status=made.status,
        finish_reason=made.finish_reason,
        truncated=made.truncated,
        answered_model=made.answered_model,
        tool_rounds=made.tool_rounds,
        error={"title": made.error} if made.error else None,
        response_schema={} if not made.is_document else {"name": ""},
    )
