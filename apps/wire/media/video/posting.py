"""What the dialects share that are asked in JSON with pictures in it."""

from collections.abc import Mapping
from typing import Any

from ...exceptions import InvalidRequest
from ..pictures import address_of, source_at
from ..shapes import MediaRequest, Source
from .models import roles_of

ORDER = ("first_frame", "image", "last_frame", "reference")


def pictures(request: MediaRequest) -> list[str]:
    """The pictures as they are sent: the first frame first. As data URIs, for http addresses may be passed over."""
    found = [source for source in request.sources if source.role in ORDER]
    return [address_of(source) for source in sorted(found, key=lambda source: ORDER.index(source.role))]


def films(request: MediaRequest) -> list[str]:
    return [address_of(source) for source in request.sources if source.role == "video"]


def sources_of(addresses: list[str], model: str) -> tuple[Source, ...]:
    """The pictures with the roles that the model gives them. Raises InvalidRequest."""
    roles = roles_of(model)
    read = []
    for place, address in enumerate(addresses):
        source = source_at(roles[place] if place < len(roles) else "reference", address)
        if source is None:
            raise InvalidRequest("A picture must be an address, a data URI or base64.", "images")
        read.append(source)
    return tuple(read)


def texts_of(body: Mapping[str, Any], *names: str) -> list[str]:
    """The texts of these fields, each one or a list of them, none twice. Raises InvalidRequest."""
    found: list[str] = []
    for name in names:
        value = body.get(name)
        entries = value if isinstance(value, list) else [value] if value else []
        if not all(isinstance(entry, str) for entry in entries):
            raise InvalidRequest(f"{name} must be addresses.", name)
        found += [entry for entry in entries if entry and entry not in found]
    return found


def in_texts(parameters: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Numbers under these names as texts: `"seconds": 8` is refused where a text is read."""
    return {name: str(value) if name in names else value for name, value in parameters.items()}
