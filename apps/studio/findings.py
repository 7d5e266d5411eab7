"""What a finished job of the bench shows: how alike its vectors are, or its ranking."""

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.media.jobs.models import Job
from apps.media.jobs.vectors import first_of, lengths_of
from apps.work.figures import decimal

from .heat import Point, Row, points, shown_share, table

# So many vectors are compared; all of them are in the downloads.
MOST = 500
PAIRS = 10
WORDS = 120
# So much of them shows how a file of vectors begins.
HEAD, WIDTH = 20, 8


class Pair(msgspec.Struct, frozen=True):
    first: str
    second: str
    likeness: str


class Vectors(msgspec.Struct, frozen=True):
    """`wrong` says why there is nothing to compare."""

    facts: Sequence[str]
    rows: Sequence[Row] = ()
    pairs: Sequence[Pair] = ()
    points: Sequence[Point] = ()
    share: str = ""
    left: int = 0
    wrong: str = ""


class Head(msgspec.Struct, frozen=True):
    """The first vectors with what went in, and the first numbers of each; `is_cut` where that is not all of them."""

    job: Job
    facts: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    columns: Sequence[int]
    is_cut: bool


def inputs_of(job: Job) -> list[str]:
    """What went in, in its order: the texts, then the files by their names."""
    files = [given.asset.name if given.asset else _("A file that was deleted") for given in job.inputs.all()]
    return [*map(str, job.values.get("texts", ())), *files]


def asked_of(job: Job) -> list[str]:
    """The same, each in one short line."""
    found = [" ".join(text[: 2 * WORDS].split()) for text in inputs_of(job)]
    return [text if len(text) <= WORDS else f"{text[: WORDS - 1]}…" for text in found]


def vectors_of(job: Job) -> Vectors:
    lengths, labels = lengths_of(job), asked_of(job)
    facts = _facts(lengths)
    if job.result.get("fused") or len(labels) != len(lengths):
        return Vectors(facts, wrong=_("One vector of all inputs together: there is nothing to compare."))
    try:
        return _compared(first_of(job, MOST), labels[:MOST], facts, max(0, len(lengths) - MOST))
    except FileNotFoundError:
        return Vectors(facts, wrong=_("The file of the vectors was deleted."))
    except ValueError:
        return Vectors(facts, wrong=_("The vectors do not have the same number of dimensions."))


def head_of(job: Job) -> Head | None:
    """None where their file is no longer in the storage."""
    try:
        found = first_of(job, HEAD)
    except FileNotFoundError:
        return None
    lengths, labels = lengths_of(job), asked_of(job)
    rows = [
        (labels[place] if place < len(labels) else "", [decimal(number, 4) for number in vector[:WIDTH]])
        for place, vector in enumerate(found)
    ]
    columns = range(1, 1 + max((len(numbers) for _label, numbers in rows), default=0))
    return Head(job, _facts(lengths), rows, columns, len(lengths) > HEAD or max(lengths, default=0) > WIDTH)


def _compared(found: Sequence[Sequence[float]], labels: Sequence[str], facts: Sequence[str], left: int) -> Vectors:
    from . import vectors  # numpy is large: a process that compares nothing does without it

    likenesses = vectors.likeness(found)
    plane = vectors.plane(found)
    numbered = [f"{number} {label}" for number, label in enumerate(labels, 1)]
    pairs = [
        Pair(numbered[pair.first], numbered[pair.second], decimal(pair.likeness))
        for pair in vectors.nearest(likenesses, PAIRS)
    ]
    return Vectors(facts, table(likenesses, labels), pairs, points(plane, labels), shown_share(plane), left)


def _facts(lengths: Sequence[int]) -> list[str]:
    many = ngettext("%(count)s vector", "%(count)s vectors", len(lengths)) % {"count": f"{len(lengths):,}"}
    wide = _("%(count)s dimensions") % {"count": ", ".join(f"{length:,}" for length in sorted(set(lengths)))}
    return [many, wide]
