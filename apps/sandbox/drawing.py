"""Models of the chat formats that draw what was asked for, or redraw the pictures that came along."""

import base64
import binascii
from collections.abc import Callable, Mapping

from apps.wire.messages import GenerationRequest, Image, Text

from . import arrivals
from .script import Script

DRAFT = (160, 160)


def draw(request: GenerationRequest) -> Script:
    """A picture of the prompt; of what came along, if anything did."""
    from .makers import picture

    said = _prompt(request)
    given = [data for part in arrivals.carried(request) if isinstance(part, Image) and (data := _bytes(part))]
    size = picture.sized(_ratio(request))
    try:
        image = picture.edited(said, given) if given else picture.drawn(said, size)
    except picture.NotAPicture:
        return Script(parts=(Text("I cannot read the picture that you gave me."),))
    data = picture.encoded(image)
    draft = picture.encoded(image.resize(DRAFT))
    words = f"Here is your picture{', made of what you gave me' if given else ''}:"
    drawn = Image(media_type="image/png", data=base64.b64encode(data).decode())
    return Script(parts=(Text(words), drawn), drafts=(base64.b64encode(draft).decode(),))


def _prompt(request: GenerationRequest) -> str:
    last = next((message for message in reversed(request.messages) if message.role == "user"), None)
    return " ".join(part.text for part in (last.parts if last else ()) if isinstance(part, Text))


def _ratio(request: GenerationRequest) -> str:
    """Gemini's own parameter, or OpenRouter's within an object."""
    config = request.extra.get("image_config")
    within = config.get("aspect_ratio") if isinstance(config, Mapping) else None
    return str(request.parameters.get("aspectRatio") or within or "")


def _bytes(part: Image) -> bytes:
    try:
        return base64.b64decode(part.data.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return b""


DRAWING: dict[str, Callable[[GenerationRequest], Script]] = {"sandbox-banana": draw, "sandbox-image-chat": draw}
