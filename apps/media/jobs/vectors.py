"""Vectors of a job: a few stand in its row; more lie in a file, four bytes a number, and are read row by row.

The file is one of its owner's: it counts for the quota, is in the library, and goes with the job.
"""

import sys
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice

import msgspec
from django.core.files.storage import default_storage

from apps.wire.media.shapes import MediaReply

from ..models import Asset
from ..store import keep_packed
from .models import Job

# So many numbers stand in the row: about two megabytes of JSON.
IN_ROW = 100_000
# What may be asked for at once: an answer of more is larger than is read.
MOST_INPUTS, WIDEST = 2048, 3072
MOST_NUMBERS = MOST_INPUTS * WIDEST


def set_aside(job: Job, reply: MediaReply) -> tuple[MediaReply, Asset | None]:
    """The reply without its vectors and the file that has them, where they are too many for a row."""
    vectors: Sequence[Sequence[float]] = reply.result.get("vectors", ())
    lengths = [len(vector) for vector in vectors]
    if sum(lengths) <= IN_ROW:
        return reply, None
    name = f"vectors-{len(lengths)}x{max(lengths)}.f32"
    asset = keep_packed(owner=job.owner, data=b"".join(map(_packed, vectors)), name=name, job_id=job.pk)
    result = {**{key: value for key, value in reply.result.items() if key != "vectors"}, "lengths": _shortly(lengths)}
    return msgspec.structs.replace(reply, result=result), asset


def lengths_of(job: Job) -> list[int]:
    """How many numbers each vector has, in their order."""
    told = job.result.get("lengths")
    if told is None:
        return [len(vector) for vector in job.result.get("vectors", ())]
    return [length for count, length in told for _ in range(count)]


def rows_of(job: Job) -> Iterator[Sequence[float]]:
    """The vectors, one after another; those of a file with the nine digits that tell them apart.

    Raises FileNotFoundError where their file was deleted.
    """
    if "lengths" not in job.result:
        yield from job.result.get("vectors", ())
        return
    with closing(default_storage.open(_file_of(job).path)) as file:
        for length in lengths_of(job):
            yield _unpacked(file.read(4 * length))


def are_gone(job: Job) -> bool:
    """Whether their file was deleted."""
    try:
        return "lengths" in job.result and not default_storage.exists(_file_of(job).path)
    except FileNotFoundError:
        return True


def _file_of(job: Job) -> Asset:
    output = next(iter(job.outputs.all()), None)
    if output is None or output.asset is None:
        raise FileNotFoundError(job.pk)
    return output.asset


def first_of(job: Job, most: int) -> list[Sequence[float]]:
    """Raises FileNotFoundError."""
    with closing(rows_of(job)) as rows:
        return list(islice(rows, most))


def _shortly(lengths: Sequence[int]) -> list[list[int]]:
    """[[how many, of which length], …]: they are all alike, as a rule."""
    found: list[list[int]] = []
    for length in lengths:
        if found and found[-1][1] == length:
            found[-1][0] += 1
        else:
            found.append([1, length])
    return found


def _packed(vector: Sequence[float]) -> bytes:
    """What no four bytes hold becomes the largest that they do."""
    largest = 3.4028234663852886e38
    numbers = array("f", [min(largest, max(-largest, value)) for value in vector])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _unpacked(data: bytes) -> list[float]:
    numbers = array("f", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return [float(f"{value:.9g}") for value in numbers]
