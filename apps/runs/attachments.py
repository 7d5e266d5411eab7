"""Files that go along with a prompt: whether they can, the parts they become, their content when a request is built."""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.media.models import Asset
from apps.media.queries import by_id
from apps.media.store import data_of
from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire.messages import Audio, File, GenerationRequest, Image, Message, Part, Text
from apps.work.database import DatabaseThreads

from .refusals import Refused

# For each kind of file: which of `Format.takes` carries it, and what its model must be able to do.
NEEDS: dict[str, tuple[str, str]] = {
    Asset.Kind.IMAGE: ("image", "vision"),
    Asset.Kind.PDF: ("pdf", "pdf"),
    Asset.Kind.AUDIO: ("audio", "audio"),
    Asset.Kind.VIDEO: ("video", "vision"),
    Asset.Kind.TEXT: ("text_file", "chat"),
}

_readers = DatabaseThreads(2, "files")


def part_of(asset: Asset) -> Part:
    """The part that stands for a file in a message; its content is put in when a request is built."""
    id = str(asset.pk)
    if asset.kind == Asset.Kind.IMAGE:
        return Image(media_type=asset.media_type, asset=id)
    if asset.kind == Asset.Kind.AUDIO:
        return Audio(media_type=asset.media_type, asset=id)
    return File(name=asset.name, media_type=asset.media_type, asset=id)


def check(assets: Sequence[Asset], format: str, model: Model) -> None:
    """Raises Refused with a sentence for the first file that the format or the model cannot take."""
    for asset in assets:
        if not _is_carried(asset.kind, format):
            template = _("{format} cannot carry {name}: choose another format, or remove the file.")
            raise Refused(template.format(format=formats.get(format).label, name=asset.name))
        if not model.can(_ability(asset.kind)):
            raise Refused(_unable(asset.kind).format(model=model, name=asset.name))


def _is_carried(kind: str, format: str) -> bool:
    return NEEDS.get(kind, ("", ""))[0] in formats.get(format).takes


def _ability(kind: str) -> str:
    return NEEDS.get(kind, ("", ""))[1]


def _unable(kind: str) -> str:
    if kind == Asset.Kind.PDF:
        return _("{model} cannot read PDF: choose another model, or remove {name}.")
    return _("{model} cannot take {name}: choose another model, or remove the file.")


def fitting() -> str:
    """The same for the page, as JSON, so that it can say so before anything is sent."""
    known: dict[str, Any] = {
        "takes": {name: sorted(wire.takes) for name, wire in formats.FORMATS.items()},
        "needs": {str(kind): needs for kind, needs in NEEDS.items()},
        "format": _("This format cannot carry it."),
        "model": {str(kind): _by_model(kind) for kind in NEEDS},
    }
    return msgspec.json.encode(known).decode()


def _by_model(kind: str) -> str:
    return _("This model cannot read PDF.") if kind == Asset.Kind.PDF else _("This model cannot take it.")


def unfit(format: str, model: Model) -> str:
    """The kinds of files that these two do not take, each with its sentence, as JSON."""
    found = {str(kind): _by_model(kind) for kind in NEEDS if not model.can(_ability(kind))}
    found |= {str(kind): _("This format cannot carry it.") for kind in NEEDS if not _is_carried(kind, format)}
    return msgspec.json.encode(found).decode()


async def with_data(request: GenerationRequest) -> GenerationRequest:
    """The request with the content of its files, read in a thread; one without files is given back at once."""
    wanted = [id for message in request.messages for part in message.parts if (id := _missing(part))]
    return await _readers.run(_filled, request, wanted) if wanted else request


def _missing(part: Part) -> str:
    """The asset whose content the part is without, '' for any other part."""
    return part.asset if isinstance(part, Image | Audio | File) and not part.data else ""


def _filled(request: GenerationRequest, wanted: Sequence[str]) -> GenerationRequest:
    assets = by_id(wanted)
    contents = {id: data for id, asset in assets.items() if (data := _content(asset)) is not None}
    messages = tuple(_with(message, contents) for message in request.messages)
    return msgspec.structs.replace(request, messages=messages)


def _content(asset: Asset) -> str | None:
    try:
        return data_of(asset)
    except FileNotFoundError:
        return None


def _with(message: Message, contents: dict[str, str]) -> Message:
    return msgspec.structs.replace(message, parts=tuple(_full(part, contents) for part in message.parts))


def _full(part: Part, contents: dict[str, str]) -> Part:
    """A file that is gone leaves a word in its place, so that the model does not speak of what it never got."""
    if not isinstance(part, Image | Audio | File) or not _missing(part):
        return part
    if part.asset not in contents:
        return Text("(A file that was attached here is gone.)")
    return msgspec.structs.replace(part, data=contents[part.asset])
