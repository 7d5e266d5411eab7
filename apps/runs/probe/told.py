"""What a probe has to say: before it begins, at its end, and its findings as text and as data."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.upstreams.models import Model, Upstream
from apps.work.figures import dollars

from .cost import ASSUMED_INPUT, ASSUMED_OUTPUT, Estimate
from .matrix import Cell, Row, columns, matrix
from .models import Probe
from .scope import Scope

# Nobody is told of less than it may be.
money = partial(dollars, up=True)
SIGNS = {"ok": "yes", "failed": "NO", "not_offered": "-", "untried": "."}


def question(scope: Scope, estimate: Estimate, ceiling: Decimal | None) -> str:
    """What is about to be spent."""
    told = (_size(scope, estimate), _assumption(estimate), _limit(ceiling))
    return " ".join(sentence for sentence in told if sentence)


def _size(scope: Scope, estimate: Estimate) -> str:
    models = ngettext("%(count)d model", "%(count)d models", len(scope.models)) % {"count": len(scope.models)}
    checks = ngettext("%(count)d check", "%(count)d checks", len(scope.wanted)) % {"count": len(scope.wanted)}
    asked = ngettext("%(count)d request", "%(count)d requests", estimate.requests) % {"count": estimate.requests}
    told = {"models": models, "checks": checks, "requests": asked, "cost": money(estimate.at_most)}
    return _("Probe %(models)s × %(checks)s: about %(requests)s, at most %(cost)s.") % told


def _assumption(estimate: Estimate) -> str:
    if not estimate.assumed:
        return ""
    told = ngettext(
        "%(count)d model has no price: it is counted at $%(input)s and $%(output)s per million tokens.",
        "%(count)d models have no price: they are counted at $%(input)s and $%(output)s per million tokens.",
        estimate.assumed,
    )
    return told % {"count": estimate.assumed, "input": ASSUMED_INPUT, "output": ASSUMED_OUTPUT}


def _limit(ceiling: Decimal | None) -> str:
    return "" if ceiling is None else _("It ends before %(ceiling)s are passed.") % {"ceiling": money(ceiling)}


def ending(probe: Probe) -> str:
    """How it ended, and what it cost."""
    endings: dict[str, str] = {
        Probe.Status.RUNNING: _("At work: %(done)s of %(total)s."),
        Probe.Status.COMPLETED: _("Done: %(done)s of %(total)s."),
        Probe.Status.CANCELLED: _("Cancelled after %(done)s of %(total)s. What was found is kept."),
        Probe.Status.CEILING: _(
            "Ended after %(done)s of %(total)s, as the next question could have passed the ceiling of %(ceiling)s."
        ),
        Probe.Status.INTERRUPTED: _("Interrupted after %(done)s of %(total)s. What was found is kept."),
        Probe.Status.FAILED: _("Ended after %(done)s of %(total)s. %(error)s"),
    }
    known = {"done": probe.done, "total": len(probe.trials), "ceiling": money(probe.ceiling), "error": probe.error}
    return f"{endings[probe.status] % known} {_spent(probe)}"


def _spent(probe: Probe) -> str:
    told = _("Spent: about %(cost)s.") if probe.assumed else _("Spent: %(cost)s.")
    return told % {"cost": money(probe.spent)}


def findings(upstream: Upstream, models: Sequence[Model]) -> list[dict[str, Any]]:
    """The cells as data for scripts."""
    return [
        {
            "model": row.model.name,
            "format": cell.format,
            "check": cell.check,
            "state": cell.state,
            "sentence": cell.sentence,
            "upstream_says": cell.says,
            "run": str(cell.run_id) if cell.run_id else None,
            "taken_at": cell.taken_at.isoformat() if cell.taken_at else None,
        }
        for row in matrix(upstream, models)
        for cell in row.shown
        if cell
    ]


def table(upstream: Upstream, models: Sequence[Model]) -> str:
    """The matrix for a terminal, and below it why something is red."""
    rows = matrix(upstream, models)
    head = [_("Model"), *(str(column.label) for column in columns())]
    lines = [head, *([_named(row), *(SIGNS[cell.state] if cell else "" for cell in row.shown)] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    told = ["  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*told, "", *_reasons(rows)])


def _named(row: Row) -> str:
    return plain(row.model.name if row.is_first else f"  {row.label}")


def _reasons(rows: Sequence[Row]) -> list[str]:
    return [
        plain(f"{row.model.name}, {_place(row, cell)}: {cell.sentence} {cell.says}")
        for row in rows
        for cell in row.shown
        if cell and cell.state == "failed"
    ]


def _place(row: Row, cell: Cell) -> str:
    return cell.label if row.is_first else f"{cell.label} ({row.label})"


def plain(text: str) -> str:
    """One line without a terminal's control characters: names and errors are strangers' words."""
    return "".join(letter if letter.isprintable() else " " for letter in text).rstrip()
