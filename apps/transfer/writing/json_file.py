"""One JSON file with everything in it: files first, so that they are there when a message wants them."""

from collections.abc import Iterable, Iterator

from apps.media.models import Asset

from .. import schema
from . import assets


def envelope(held: Iterable[Asset], records: Iterable[bytes]) -> Iterator[bytes]:
    """The file piece by piece; `records` are encoded."""
    yield b'{"format": "%s", "version": %d,\n"assets": [' % (schema.FORMAT.encode(), schema.VERSION)
    for number, asset in enumerate(held):
        yield b",\n" if number else b"\n"
        yield from _asset(asset)
    yield b'],\n"conversations": ['
    for number, record in enumerate(records):
        yield b",\n" if number else b"\n"
        yield record
    yield b"]}\n"


def _asset(asset: Asset) -> Iterator[bytes]:
    yield schema.encode(assets.record_of(asset))[:-1] + b',"data":['
    for number, piece in enumerate(assets.in_base64(asset)):
        yield (b"," if number else b"") + schema.encode(piece)
    yield b"]}"
