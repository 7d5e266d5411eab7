"""Files that records of other products name or hold, as parts of a message."""

import base64
import binascii
import datetime

from django.utils.translation import gettext as _

from apps.media.models import Asset
from apps.wire import messages as wire

from ..bringing import Files


def part_of(files: Files, reference: str, name: str, at: datetime.datetime | None = None) -> wire.Part:
    """The file of the archive, or a line that says that there was one."""
    asset = files.of_archive(reference, name, at) if reference else None
    return shown(asset) if asset else missing(name)


def missing(name: str) -> wire.Part:
    return wire.Text(_("[A file that is not in the export: {name}]").format(name=" ".join(name.split())[:150]))


def shown(asset: Asset) -> wire.Part:
    """The part by which a message shows a file that is kept."""
    fields = {"media_type": asset.media_type, "asset": str(asset.pk)}
    if asset.kind == Asset.Kind.IMAGE:
        return wire.Image(**fields)
    if asset.kind == Asset.Kind.AUDIO:
        return wire.Audio(**fields)
    return wire.File(name=asset.name, **fields)


def of_data_uri(files: Files, uri: str, name: str) -> wire.Part:
    """A picture or a file that stands in the record itself."""
    head, _comma, data = uri.partition(",")
    if not head.startswith("data:") or not head.endswith(";base64"):
        return missing(name)
    try:
        asset = files.of_bytes([base64.b64decode(data, validate=True)], name)
    except (binascii.Error, ValueError):
        return missing(name)
    return shown(asset) if asset else missing(name)


def of_text(files: Files, text: str, name: str) -> wire.Part:
    """A document of which the export has the words."""
    plain = name if name.rpartition(".")[2].lower() in ("md", "txt", "csv", "py", "js", "json") else f"{name}.txt"
    asset = files.of_bytes([text.encode("utf-8", "replace")], plain)
    return shown(asset) if asset else missing(name)
