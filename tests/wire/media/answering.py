"""What a dialect's reader makes of bytes."""

import json
from typing import Any

from apps.wire.media import dialects
from apps.wire.media.shapes import MediaEvent, MediaReply, MediaRequest


def events(
    name: str, request: MediaRequest, *chunks: bytes, content_type: str = "application/json"
) -> list[MediaEvent]:
    reader = dialects.get(name).reader(content_type, request)
    return [event for chunk in chunks for event in reader.feed(chunk)] + reader.finish()


def reply(name: str, request: MediaRequest, body: Any, content_type: str = "application/json") -> MediaReply:
    """The reply to a body: bytes, or a document to be written as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return events(name, request, data, content_type=content_type)[-1].reply


def built(name: str, request: MediaRequest) -> dict[str, Any]:
    """The JSON body of the request."""
    return json.loads(dialects.get(name).build(request).body)


def stream(*documents: Any) -> bytes:
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents)
