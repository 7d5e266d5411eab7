"""One JSON file with everything in it: files first, so that they are there when a message wants them."""

from collections.abc import Iterable, Iterator

from apps.media.models import Asset

from .. import schema
from . import assets


def envelope(
    order: schema.Order, held: Iterable[Asset], conversations: Iterable[bytes], jobs: Iterable[bytes], library: list
) -> Iterator[bytes]:
    """The file piece by piece; records are encoded."""
    head = b'{"format": "%s", "version": %d,\n"order": %s'
    yield head % (schema.FORMAT.encode(), schema.VERSION, schema.encode(order))
    yield b',\n"assets": ['
    for number, asset in enumerate(held):
        yield b",\n" if number else b"\n"
        yield from _asset(asset)
    yield from _listed("conversations", conversations)
    yield from _listed("jobs", jobs)
    yield from _listed("library", map(schema.encode, library))
    yield b"]}\n"


def _listed(name: str, records: Iterable[bytes]) -> Iterator[bytes]:
    yield b'],\n"%s": [' % name.encode()
    for number, record in enumerate(records):
        yield b",\n" if number else b"\n"
        yield record


def _asset(asset: Asset) -> Iterator[bytes]:
    yield schema.encode(assets.record_of(asset))[:-1] + b',"data":['
    for number, piece in enumerate(assets.in_base64(asset)):
        yield (b"," if number else b"") + schema.encode(piece)
    yield b"]}"
