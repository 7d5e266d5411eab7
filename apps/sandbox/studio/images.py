"""Images: drawn, edited, shown on their way; as bytes or at a link."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator

from PIL import Image

from apps.wire.media.shapes import Made, MediaEvent, MediaReply, PartialImage, Replied
from apps.wire.messages import Usage
from apps.wire.tokens import estimate

from ..makers import picture
from .files import PAGE
from .orders import Declined, Order, moderated

LINKED = ("sandbox-image-url", "fault-image-html", "fault-image-type", "fault-image-bomb")
STREAMED, TASKED = "sandbox-image-stream", "sandbox-image-task"
MOST, MOST_STEPS, USUAL_QUALITY = 10, 3, 85
TOKENS_OF_A_PICTURE, TOKENS_DRAWN = 40, 1056
BOMB_SIDE = 30_000


def check(order: Order) -> None:
    """Raises Declined for what the vendors' own models do not take."""
    request, model = order.request, order.request.model.lower()
    if "×" in order.setting("size"):
        message = "size an unexpected error occurred in the parameter, please use 'x' instead of '×'"
        raise Declined(message, param="size")
    if order.maker.fault == "moderated":
        raise moderated()
    if model.startswith("gpt-image") and "response_format" in request.parameters:
        raise Declined("Unknown parameter: 'response_format'.", code="unknown_parameter", param="response_format")
    if model.startswith("dall-e-3") and _count(order) > 1:
        raise Declined("You must provide n=1 for this model.", code="invalid_value", param="n")
    if len(request.prompt) > (4000 if model.startswith("dall-e") else 32_000):
        raise Declined("Invalid 'prompt': string too long.", code="string_above_max_length", param="prompt")


def reply(order: Order) -> MediaReply:
    """All of the pictures. Raises Declined."""
    check(order)
    fault, count = order.maker.fault, _count(order)
    if fault == "empty":
        return MediaReply("succeeded", usage=_usage(order, 0))
    count = max(0, count - 1) if fault == "fewer" else count
    made = tuple(_made(order, nth, _bytes(order, nth)) for nth in range(count))
    return MediaReply("succeeded", made=made, usage=_usage(order, count), unit="image", units=float(count))


def streams(order: Order) -> bool:
    """A model that does not know streams ignores the wish, as gateways strip it."""
    return order.request.stream and order.maker.name == STREAMED


async def events(order: Order) -> AsyncIterator[MediaEvent]:
    """Each picture's steps, evenly over the time that the work takes, and then all of them."""
    check(order)
    steps = order.count("partial_images", 0, 0, MOST_STEPS)
    pause = order.maker.seconds / (steps * _count(order) + 1)
    for nth in range(_count(order)):
        for step, data in enumerate(await asyncio.to_thread(_steps, order, nth, steps)):
            await asyncio.sleep(pause)
            yield PartialImage(nth, Made("image", _media_type(order), data), step)
    await asyncio.sleep(pause)
    yield Replied(await asyncio.to_thread(reply, order))


def _steps(order: Order, nth: int, count: int) -> list[bytes]:
    return [_encoded(order, image) for image in picture.steps(_drawn(order, nth), count)]


def _made(order: Order, nth: int, data: bytes) -> Made:
    kind, said = _media_type(order), f"{order.request.prompt} (as the sandbox understood it)"
    wanted = order.setting("response_format") or ("url" if order.maker.name in LINKED else "b64_json")
    if wanted != "url":
        return Made("image", kind, data)
    told = "text/plain" if order.maker.fault == "type" else kind
    name = f"{order.number}-{nth}.{kind.removeprefix('image/')}"
    path = order.files.put(name, told, lambda: data, order.maker.fault)
    return Made("image", kind, url=f"{order.base}{path}", text=said)


def _bytes(order: Order, nth: int) -> bytes:
    match order.maker.fault:
        case "html":
            return PAGE
        case "bomb":
            return _bomb()
    return _encoded(order, _drawn(order, nth))


def _drawn(order: Order, nth: int) -> Image.Image:
    inputs, masks = order.inputs("image", "reference"), order.inputs("mask")
    wanted = order.setting("size", "aspect_ratio")
    try:
        if inputs:
            size = picture.sized(wanted, (0, 0))
            return picture.edited(order.said(), inputs, masks[0] if masks else b"", size if size[0] else None)
        transparent = order.setting("background") == "transparent"
        return picture.drawn(order.said(), picture.sized(wanted), transparent=transparent, nth=nth)
    except picture.NotAPicture as error:
        raise Declined(str(error), code="invalid_image_file", param="image") from error


def _encoded(order: Order, image: Image.Image) -> bytes:
    return picture.encoded(image, _media_type(order), order.count("output_compression", USUAL_QUALITY, 0, 100))


def _media_type(order: Order) -> str:
    wanted = f"image/{order.setting('output_format').lower()}"
    return wanted if wanted in picture.FORMATS else "image/png"


def _count(order: Order) -> int:
    return order.count("n", 1, 1, MOST)


def _usage(order: Order, count: int) -> Usage:
    read = estimate(order.request.prompt) + TOKENS_OF_A_PICTURE * len(order.request.sources)
    return Usage(input_tokens=read, output_tokens=TOKENS_DRAWN * count)


def _bomb() -> bytes:
    """A hundred kilobytes of PNG that unpack to nine hundred million pixels."""
    packed = zlib.compressobj(9)
    row = bytes(BOMB_SIDE // 8 + 1)
    data = b"".join(packed.compress(row * 100) for _ in range(BOMB_SIDE // 100)) + packed.flush()
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", data), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
