"""What is known of an upstream's models, as a table: a row for each model and format, a cell for each check."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.upstreams.models import Model, Upstream
from apps.wire import formats

from ..models import Run
from .checks import CHECKS
from .models import ProbeResult
from .scope import possible

# Checks that a row of its own format has; the plain answer of each format has a column of its own.
IN_FULL = tuple(name for name in CHECKS if name not in ("list", "chat"))
UNTRIED = "untried"
WORDS = {
    "ok": gettext_lazy("Yes"),
    "failed": gettext_lazy("No"),
    "not_offered": gettext_lazy("Not offered"),
    UNTRIED: gettext_lazy("Not tried"),
}
Findings = dict[tuple[str, str], ProbeResult]


class Cell(msgspec.Struct, frozen=True):
    """`state` is ok, failed, not_offered or untried. `check` and `format` are what to ask again for."""

    check: str
    format: str
    state: str = UNTRIED
    sentence: str = ""
    says: str = ""
    run_id: uuid.UUID | None = None
    taken_at: datetime | None = None
    is_mine: bool = False
    conclusive: bool = True

    @property
    def label(self) -> str:
        """The check in words, with the format of a plain answer."""
        return formats.get(self.format).label if self.check == "chat" else str(CHECKS[self.check].label)

    @property
    def word(self) -> str | Promise:
        return WORDS[self.state]


class Row(msgspec.Struct, frozen=True):
    """`is_first` is the model's row of its own format; others follow it."""

    model: Model
    format: str
    label: str
    cells: Sequence[Cell]
    is_first: bool = True

    @property
    def shown(self) -> list[Cell | None]:
        """What does not depend on the row's format stands in the first row alone."""
        return [cell if self.is_first or cell.check in IN_FULL else None for cell in self.cells]


class Column(msgspec.Struct, frozen=True):
    check: str
    format: str
    label: str | Promise


def columns() -> list[Column]:
    plain = [Column("chat", name, wire.label) for name, wire in formats.FORMATS.items()]
    return [
        Column("list", "", CHECKS["list"].label),
        *plain,
        *(Column(name, "", CHECKS[name].label) for name in IN_FULL),
    ]


def matrix(upstream: Upstream, models: Iterable[Model], user=None) -> list[Row]:
    """The rows of these models; evidence can be opened by the `user` whose run it is."""
    models = list(models)
    known = results(upstream, models)
    mine = _runs_of(user, [result for found in known.values() for result in found.values()])
    return [row for model in models for row in _Maker(model, known.get(model.id, {}), mine).rows()]


def cell(model: Model, format: str, check: str, user) -> Cell:
    """One cell with all that is known of it."""
    known = results(model.upstream, [model]).get(model.id, {})
    return _Maker(model, known, _runs_of(user, known.values())).cell(check, format)


def results(upstream: Upstream, models: Iterable[Model]) -> dict[uuid.UUID, Findings]:
    """What is known of each model, by format and check."""
    found: dict[uuid.UUID, Findings] = {}
    for result in ProbeResult.objects.filter(model__upstream=upstream, model__in=[model.id for model in models]):
        found.setdefault(result.model_id, {})[result.format, result.check_name] = result
    return found


def _runs_of(user, found: Iterable[ProbeResult]) -> set[uuid.UUID]:
    """The evidence that this person may open: a run is its owner's."""
    ids = [result.run_id for result in found if result.run_id]
    return set(Run.objects.for_user(user).filter(id__in=ids).values_list("id", flat=True)) if user and ids else set()


class _Maker:
    """The rows of one model."""

    def __init__(self, model: Model, known: Findings, mine: Collection[uuid.UUID]):
        self._model, self._known, self._mine = model, known, mine
        self._possible = possible(model)

    def rows(self) -> list[Row]:
        own = self._model.default_format
        tried = {format for format, check in self._known if check in IN_FULL}
        return [self._row(own, True), *(self._row(name, False) for name in formats.FORMATS if name in tried - {own})]

    def _row(self, format: str, is_first: bool) -> Row:
        cells = [self.cell(column.check, column.format or format) for column in columns()]
        return Row(model=self._model, format=format, label=formats.get(format).label, cells=cells, is_first=is_first)

    def cell(self, check: str, format: str) -> Cell:
        format = "" if check == "list" else format
        result = self._known.get((format, check))
        if result is None:
            return Cell(check=check, format=format, state=self._untried(check, format))
        return Cell(
            check=check,
            format=format,
            state=result.state,
            sentence=result.sentence,
            says=result.says,
            run_id=result.run_id,
            taken_at=result.taken_at,
            is_mine=result.run_id in self._mine,
            conclusive=result.conclusive,
        )

    def _untried(self, check: str, format: str) -> str:
        """Nothing is known; what the vendor or the format does not have need not be tried."""
        if not format:
            return UNTRIED
        needs = CHECKS[check].question.needs
        has = format in self._possible and (not needs or needs in formats.get(format).takes)
        return UNTRIED if has else ProbeResult.State.NOT_OFFERED
