"""What a finished job of reranking shows: its ranking, how good it is, and what moved against another order."""

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from apps.media.jobs.models import Job
from apps.work.figures import decimal

from . import ranking
from .findings import asked_of
from .rerank import labels_of

CUT = 10
QUERIES = 200
# A drawing with more lines is a tangle.
DRAWN = 30
STEP, EDGE, LETTERS = 24, 16, 24
LEFT, RIGHT = 190, 330


class Place(msgspec.Struct, frozen=True):
    """`width` is the length of its bar in percent; `moved` says how many places it won or lost."""

    rank: int
    number: int
    text: str
    score: str
    width: str
    moved: str
    way: str
    grade: str


class Ranked(msgspec.Struct, frozen=True):
    """`overall` is what the model comes to over all marked queries, "" where this is the only one."""

    places: Sequence[Place]
    facts: Sequence[str]
    marked: bool
    overall: str


class Line(msgspec.Struct, frozen=True):
    """A document's way from one order to the other; without `y2` the later one does not name it."""

    label: str
    text: str
    y1: int | None
    y2: int | None
    way: str


class Drawing(msgspec.Struct, frozen=True):
    before: str
    after: str
    lines: Sequence[Line]
    height: int
    left: int = LEFT
    right: int = RIGHT
    more: int = 0


def order_of(job: Job) -> list[int]:
    """The documents' places in the request, best first."""
    return [int(score["index"]) for score in job.result.get("scores", ())]


def ranked(job: Job, before: Sequence[int] | None = None) -> Ranked:
    """`before` is the order that it is held against; that of the request without it."""
    scores = job.result.get("scores", ())
    texts, labels, order = asked_of(job), labels_of(job), order_of(job)
    moves = {shift.index: shift for shift in ranking.shifts(before or range(len(texts)), order)}
    values = [float(score["score"]) for score in scores]
    least, most = min([0.0, *values]), max([0.0, *values])
    places = [
        Place(
            rank=rank,
            number=index + 1,
            text=texts[index] if index < len(texts) else "",
            score=decimal(value, 4),
            width=f"{100 * (value - least) / (most - least) if most > least else 0:.1f}%",
            moved=_moved(moves[index].by),
            way=_way(moves[index].by),
            grade=f"{labels[index]:g}" if index < len(labels) else "",
        )
        for rank, (index, value) in enumerate(zip(order, values, strict=True), 1)
    ]
    return Ranked(places, _facts(order, labels), bool(labels), _overall(job) if labels else "")


def _facts(order: Sequence[int], labels: Sequence[float]) -> list[str]:
    """How good it is, where documents are marked and one of them is relevant."""
    gain, first = ranking.ndcg(order, labels, CUT), ranking.reciprocal_rank(order, labels)
    if gain is None or first is None:
        return [_("No document is marked as relevant.")] if labels else []
    return _scores(gain, first)


def _scores(gain: float, first: float) -> list[str]:
    return [f"nDCG@{CUT} {decimal(gain, 3)}", f"MRR {decimal(first, 3)}"]


def _overall(job: Job) -> str:
    """The means over the owner's newest marked queries of that model, each query once."""
    asked = Job.objects.filter(owner=job.owner_id, family=job.family, model_name=job.model_name)
    newest = asked.filter(status=Job.Status.SUCCEEDED).exclude(notes={}).only("prompt", "notes", "result")[:QUERIES]
    by_query = {each.prompt: (order_of(each), labels_of(each)) for each in reversed(newest) if labels_of(each)}
    gain = ranking.mean([ranking.ndcg(order, labels, CUT) for order, labels in by_query.values()])
    first = ranking.mean([ranking.reciprocal_rank(order, labels) for order, labels in by_query.values()])
    if gain is None or first is None or len(by_query) < 2:
        return ""
    told = _("Over %(count)s marked queries: %(scores)s")
    return told % {"count": len(by_query), "scores": " · ".join(_scores(gain, first))}


def drawing(job: Job, other: Job | None) -> Drawing:
    """Where each document stood before and where it stands now."""
    texts, order = asked_of(job), order_of(job)
    before = order_of(other) if other else list(range(len(texts)))
    shifts = [shift for shift in ranking.shifts(before, order) if min(_places(shift)) <= DRAWN]
    lines = [_line(shift, texts[shift.index]) for shift in shifts if shift.index < len(texts)]
    lowest = max((y for line in lines for y in (line.y1, line.y2) if y), default=0)
    return Drawing(
        before=other.model_name if other else _("As they were given"),
        after=job.model_name,
        lines=lines,
        height=lowest + EDGE,
        more=max(0, len(texts) - len(lines)),
    )


def _places(shift: ranking.Shift) -> list[int]:
    return [place for place in (shift.before, shift.after) if place is not None]


def _line(shift: ranking.Shift, text: str) -> Line:
    short = text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
    return Line(f"{shift.index + 1} {short}", text, _y(shift.before), _y(shift.after), _way(shift.by))


def _y(place: int | None) -> int | None:
    return None if place is None or place > DRAWN else EDGE + STEP * (place - 1)


def _way(by: int | None) -> str:
    return "same" if not by else "up" if by > 0 else "down"


def _moved(by: int | None) -> str:
    return "–" if by is None else "=" if by == 0 else f"{by:+d}".replace("-", "−")
