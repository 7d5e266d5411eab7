"""The wire of a call, kept: sealed (masked, compressed) after its end, off the event loop, and dropped after some days.

A record is one msgpack document under zlib. Its times are microseconds.
"""

import logging
import uuid
import zlib
from datetime import timedelta
from itertools import accumulate

import msgspec
from django.conf import settings
from django.utils import timezone

from apps.upstreams.tape import MOST_EXCHANGES, NO_TAPE, Exchange, Tape
from apps.wire.media.shapes import MediaRequest
from apps.wire.messages import GenerationRequest
from apps.work.prepared import insert

from .elision import Elision, FileMark
from .masking import Mask
from .models import Call, CallRecord

BATCH = 200
LEVEL = 3

logger = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """One exchange. `at` counts from the call's start, all else from the request's; `answered` and `ended` may be None.

    `reply` is the body as it came, `sizes` and `gaps` its chunks. `was` is its length before files were cut out.
    """

    at: int
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int
    reply_headers: tuple[tuple[str, str], ...]
    answered: int | None
    ended: int | None
    error: str
    pause: float
    reply: bytes
    sizes: tuple[int, ...]
    gaps: tuple[int, ...]
    was: int

    @property
    def arrivals(self) -> list[tuple[int, int]]:
        """For each chunk its end in `reply`, and when it came."""
        return list(zip(accumulate(self.sizes), accumulate(self.gaps), strict=True))


class Record(msgspec.Struct, frozen=True):
    """All exchanges of one call; what went beyond the limits was only counted."""

    exchanges: tuple[Kept, ...]
    files: tuple[FileMark, ...] = ()
    missed_bytes: int = 0
    missed_chunks: int = 0
    missed_exchanges: int = 0


_decoder = msgspec.msgpack.Decoder(Record)


class Take:
    """The recording of one call: it begins with the request, is sealed once, and is empty where nothing is kept."""

    def __init__(self) -> None:
        self.tape: Tape = NO_TAPE
        self.began = timezone.now()
        self._key, self._request = "", None
        self._sealed: bytes | None = None

    def begin(self, key: str, request: GenerationRequest | MediaRequest | None, room: int | None = None) -> Tape:
        """`room` is for so many bytes of replies, as many as the settings say where it is not given."""
        if settings.WIRE_RECORD_DAYS:
            room = settings.WIRE_RECORD_MAX_BYTES if room is None else room
            self.tape, self._key, self._request = Tape(room), key, request
            self.began = timezone.now()
        return self.tape

    def seal(self) -> bytes | None:
        """The packed record, None if there is nothing to keep. Takes milliseconds: not for the event loop."""
        if self._sealed is None and self.tape.exchanges:
            record = _record(self.tape, Mask(self._key), Elision(self._request))
            self._sealed = zlib.compress(msgspec.msgpack.encode(record), LEVEL)
            self.tape, self._key, self._request = NO_TAPE, "", None
        return self._sealed


def seal(take: Take) -> bytes | None:
    """A record that cannot be made costs the record, never the answer."""
    try:
        return take.seal()
    except Exception:
        logger.exception("The wire of a call could not be kept.")
        return None


def keep(call: Call, take: Take) -> None:
    """Stores the wire of a run's call that has just been settled, within the same transaction."""
    if call.run_id and (packed := seal(take)):
        insert(CallRecord(call=call, packed=packed))


def add(call: Call, take: Take) -> None:
    """Stores more of the wire of a call whose exchanges come one by one, maybe from several processes."""
    if not (packed := seal(take)):
        return
    kept = CallRecord.objects.filter(call=call).first()
    if kept is None:
        insert(CallRecord(call=call, packed=packed))
        return
    shift = take.began - call.started_at
    joined = _joined(_unpacked(kept), _decoder.decode(zlib.decompress(packed)), round(shift.total_seconds() * 1e6))
    CallRecord.objects.filter(call=call).update(packed=zlib.compress(msgspec.msgpack.encode(joined), LEVEL))


def _joined(first: Record, more: Record, shift: int) -> Record:
    """Of too many exchanges those in the middle go: the first and the last tell the most."""
    later = tuple(msgspec.structs.replace(exchange, at=max(0, exchange.at + shift)) for exchange in more.exchanges)
    exchanges = (*first.exchanges, *later)
    missed = max(0, len(exchanges) - MOST_EXCHANGES)
    half = MOST_EXCHANGES // 2
    return Record(
        exchanges=(*exchanges[:half], *exchanges[half + missed :]),
        files=(*first.files, *more.files),
        missed_bytes=first.missed_bytes + more.missed_bytes,
        missed_chunks=first.missed_chunks + more.missed_chunks,
        missed_exchanges=first.missed_exchanges + more.missed_exchanges + missed,
    )


def _unpacked(kept: CallRecord) -> Record:
    return _decoder.decode(zlib.decompress(bytes(kept.packed)))


def of(call_id: uuid.UUID) -> Record | None:
    """What went over the wire; None if it was not kept, or is no longer."""
    kept = CallRecord.objects.filter(call=call_id).first()
    return _unpacked(kept) if kept else None


def sweep() -> int:
    """Drops some of the records that are older than is kept, so that nobody waits long for it; gives their number."""
    limit = timezone.now() - timedelta(days=settings.WIRE_RECORD_DAYS)
    old = list(CallRecord.objects.filter(kept_at__lte=limit).values_list("pk", flat=True)[:BATCH])
    if old:
        CallRecord.objects.filter(pk__in=old).delete()
    return len(old)


def _record(tape: Tape, mask: Mask, elision: Elision) -> Record:
    exchanges = tuple(_kept(exchange, tape.began, mask, elision) for exchange in tape.exchanges)
    return Record(
        exchanges=exchanges,
        files=tuple(elision.files),
        missed_bytes=tape.missed_bytes,
        missed_chunks=tape.missed_chunks,
        missed_exchanges=tape.missed_exchanges,
    )


def _kept(exchange: Exchange, began: float, mask: Mask, elision: Elision) -> Kept:
    start = exchange.began
    chunks = exchange.chunks
    whole = b"".join(chunks)
    content_type = exchange.reply_headers.get("content-type", "")
    reply, moved = elision.reply(mask.body(whole, is_error=exchange.status >= 400), content_type)
    ends = [moved(end) for end in accumulate(map(len, chunks))]
    arrived = [_micros(time - start) for time in exchange.times]
    return Kept(
        at=_micros(start - began),
        method=exchange.method,
        url=mask.url(exchange.url),
        headers=tuple(mask.headers(exchange.headers)),
        body=elision.of(mask.body(exchange.body)),
        status=exchange.status,
        reply_headers=tuple(mask.headers(exchange.reply_headers)),
        answered=_micros(exchange.answered - start) if exchange.answered else None,
        ended=_micros(exchange.ended - start) if exchange.ended else None,
        error=mask.text(exchange.error),
        pause=exchange.pause,
        reply=reply,
        sizes=_steps(ends),
        gaps=_steps(arrived),
        was=len(whole),
    )


def _micros(seconds: float) -> int:
    return max(0, round(seconds * 1_000_000))


def _steps(values: list[int]) -> tuple[int, ...]:
    return tuple(value - before for before, value in zip([0, *values], values, strict=False))
