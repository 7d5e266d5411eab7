"""Files as turns show them: those that went along with a prompt, and those that an answer brought."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.urls import NoReverseMatch, reverse

from apps.media.models import Asset
from apps.media.queries import by_id
from apps.wire.messages import Audio, File, Image, Part

from .progress import LivePart


class Gone(msgspec.Struct, frozen=True):
    """What is left of a file that was deleted: its name, where its message kept one."""

    name: str = ""
    kind: str = "gone"


def lay_in(turns: Iterable[Any], parts: Mapping[uuid.UUID, Sequence[Part]]) -> None:
    """Gives turns and their parts the files that they show: one query, and none where there are no files."""
    held = {id: [part for part in of if _asset_of(part)] for id, of in parts.items()}
    ids = [_asset_of(part) for of in held.values() for part in of]
    if not ids:
        return
    assets = by_id(ids)
    for turn in turns:
        if not held.get(turn.id):
            continue
        if turn.role == "user":
            turn.files = [assets.get(_asset_of(part)) or _gone(part) for part in held[turn.id]]
        else:
            _lay_in_parts(turn, parts[turn.id], assets)


def _lay_in_parts(turn: Any, parts: Sequence[Part], assets: Mapping[str, Asset]) -> None:
    known = {f"{turn.id}-{index}": part for index, part in enumerate(parts) if _asset_of(part)}
    for view in turn.parts:
        if part := known.get(view.id):
            view.file = assets.get(_asset_of(part)) or _gone(part)


def _asset_of(part: Part) -> str:
    return part.asset if isinstance(part, Image | Audio | File) else ""


def _gone(part: Part) -> Gone:
    return Gone(name=getattr(part, "name", ""))


def address(part: Image | Audio | File) -> str:
    """Where a kept file is, without asking the database; '' for one that is not kept."""
    if not part.asset:
        return ""
    try:
        return reverse("asset", args=[part.asset, getattr(part, "name", "") or "file"])
    except NoReverseMatch:
        return ""


def live_address(live: LivePart) -> str:
    """Where a picture that is on its way can be seen; a frame holds the address alone, as pictures are heavy."""
    if not isinstance(live.part, Image) or not live.part.data:
        return ""
    return f"{reverse('run_picture', args=[live.run_id, live.index])}?version={live.version}"
