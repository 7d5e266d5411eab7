"""Parts at rest: which field of a wire part is its text for people, and the way there and back."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from apps.wire import messages as wire
from apps.work import storable

from .models import Part

logger = logging.getLogger(__name__)

READ = {
    "text": "text",
    "reasoning": "text",
    "refusal": "text",
    "tool_call": "arguments",
    "tool_result": "content",
    "hosted_tool": "arguments",
    "file": "name",
    "audio": "transcript",
    "citation": "title",
}


ASSET_PATH = re.compile(r"/assets/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")


def files_of(part: wire.Part) -> list[str]:
    """The ids of the files that a part shows: its own, or those whose addresses stand in its text."""
    if isinstance(part, wire.Text):
        return ASSET_PATH.findall(part.text) if "/assets/" in part.text else []
    id = getattr(part, "asset", "")
    return [id] if id else []


def dump_part(part: wire.Part) -> dict[str, Any]:
    """The columns `kind`, `text` and `data` of a part."""
    kind = part.__struct_config__.tag
    fields = msgspec.structs.asdict(part)
    text = fields.pop(READ.get(kind, ""), "")
    if fields.get("opaque") is not None:
        fields["opaque"] = _dump_opaque(fields["opaque"])
    return {"kind": kind, "text": storable.text(text), "data": storable.data(fields)}


def _dump_opaque(value: Mapping[str, Any]) -> str | None:
    """As text: jsonb orders keys anew and changes great numbers, and a vendor may have signed what it gave us."""
    try:
        return json.dumps(value)
    except RecursionError:
        logger.warning("A vendor's data was nested too deep to be kept.")
        return None


def load_part(row: Part) -> wire.Part:
    """The wire part of a row. A row that a later or broken release wrote is shown by its text alone."""
    try:
        fields = {**row.data, READ.get(row.kind, "kind"): row.text, "kind": row.kind}
        if fields.get("opaque") is not None:
            fields["opaque"] = json.loads(fields["opaque"])
        return msgspec.convert(fields, wire.Part)
    except (msgspec.ValidationError, TypeError, ValueError):
        logger.exception("Part %s of message %s cannot be read.", row.index, row.message_id)
        return wire.Text(row.text)
