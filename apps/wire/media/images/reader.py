"""Reads what OpenAI's image endpoints answer: whole or streamed, whatever was asked for."""

from typing import Any

from ... import sentences
from ...counting import usage_of
from ...errors import read_failure
from ...events import Failed
from ...messages import Usage
from ..pictures import type_of
from ..reading import Whole, failed, read_json, word
from ..shapes import Made, MediaEvent, MediaReply, PartialImage
from ..streamed import Streamed
from .answers import pictures_of, read_image, read_images

CUT = Failed(message=sentences.IMAGE_CUT, code="cut")


def read(body: bytes) -> MediaReply:
    """A document, or the bare file that a few relays send."""
    media_type = type_of(body)
    if media_type.startswith("image/"):
        return pictures_of((Made("image", media_type, body),), None)
    return read_json(body, read_images, errors=True)


def poll_reader() -> Whole:
    return Whole(read)


class Pictures(Streamed):
    """The pictures that are done are the answer, also where an error follows them."""

    def __init__(self) -> None:
        super().__init__(read)
        self._made: list[Made] = []
        self._usage: Usage | None = None
        self._failed: Failed | None = None
        self._told: MediaReply | None = None
        self._steps = 0

    def _event(self, document: dict[str, Any], name: str) -> list[MediaEvent]:
        kind = word(document, "type") or name
        picture = read_image(document, word(document, "output_format"))
        if kind == "error" or document.get("error"):
            self._failed = self._failed or read_failure(document) or Failed(message=sentences.UNSAID_IN_STREAM)
        elif kind.endswith(".partial_image"):
            return self._partial(picture, document)
        elif kind.endswith(".completed") or picture:
            self._made += [picture] if picture else []
            self._usage = usage_of(document.get("usage")) or self._usage
            self._steps = 0
        else:
            self._told = read_images(document) or self._told
        return []

    def _partial(self, picture: Made | None, document: dict[str, Any]) -> list[MediaEvent]:
        if picture is None:
            return []
        told = document.get("partial_image_index")
        step = told if type(told) is int and 0 <= told < 1000 else self._steps
        self._steps = step + 1
        return [PartialImage(len(self._made), picture, step)]

    def _ended(self) -> MediaReply:
        if self._made:
            return pictures_of(tuple(self._made), self._usage)
        return failed(self._failed) if self._failed else self._told or failed(CUT)
