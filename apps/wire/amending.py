"""What several formats change of a request that was refused."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from .events import Failed
from .messages import File, GenerationRequest, Part, Text

_FILE = re.compile(r"mime|file|content type|unknown variant", re.IGNORECASE)


def with_parts(request: GenerationRequest, change: Callable[[Any], Part | None]) -> GenerationRequest:
    """The request with each part changed, or left away where the change gives None."""
    messages = tuple(
        replace(message, parts=tuple(part for old in message.parts if (part := change(old)) is not None))
        for message in request.messages
    )
    return replace(request, messages=messages)


def loosened(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """Tools that need not hold to their schemas: converters, and older upstreams, know no `strict`."""
    if "strict" not in f"{failed.message} {failed.param}".lower() or not any(tool.strict for tool in request.tools):
        return None
    return replace(request, tools=tuple(replace(tool, strict=False) for tool in request.tools))


def read_out(request: GenerationRequest, failed: Failed) -> GenerationRequest | None:
    """OpenAI takes PDF alone as a file: a text can be said instead."""
    return with_parts(request, _said) if _FILE.search(failed.message) else None


def _said(part: Part) -> Part:
    if not isinstance(part, File) or not part.media_type.startswith("text/") or not part.data:
        return part
    try:
        text = base64.b64decode(part.data).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return part
    return Text(f"{part.name}\n\n{text}" if part.name else text)
