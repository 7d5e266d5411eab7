"""The figures at the top: each with how it changed against as many days before."""

import msgspec
from django.utils.translation import gettext as _

from apps.work.figures import decimal, dollars

from . import figures, names
from .sums import Ledger, Total
from .wanted import Wanted, latest

BETTER, WORSE = "ok", "error"


class Tile(msgspec.Struct, frozen=True):
    """`note` is the quiet addition to the value, `change` the stressed part of the line below, `than` the rest of it.

    `state` is ok where the change is a good one, error where it is not.
    """

    label: str
    value: str
    note: str = ""
    change: str = ""
    than: str = ""
    state: str = ""


def tiles(person=None, days: int = 30) -> list[Tile]:
    """Of a person, or of everybody: what the last days came to, for a page of an upper layer."""
    wanted = latest(days, person.pk if person is not None else None)
    ledger = Ledger(wanted)
    return of(ledger, ledger.total(), before(wanted))


def before(wanted: Wanted) -> Total:
    """What the figures are compared with."""
    return Ledger(wanted.before).total(of=("calls", "failed", "cost"))


def of(ledger: Ledger, now: Total, before: Total) -> list[Tile]:
    than = _("on the %(days)s days before") % {"days": ledger.wanted.days}
    return [_spend(now, before, than), _requests(now, before), _tokens(now), _failed(ledger, now, before)]


def _spend(now: Total, before: Total, than: str) -> Tile:
    change = figures.change(float(now.cost), float(before.cost))
    notes = []
    if now.estimated:
        notes.append(_("%(share)s by our prices") % {"share": figures.percent(_share(now), 0)})
    if now.unpriced:
        notes.append(_("%(count)s without a price") % {"count": figures.count(now.unpriced)})
    return Tile(_("Spend"), dollars(now.cost), note=", ".join(notes), change=change, than=than if change else "")


def _share(now: Total) -> float:
    return float(now.estimated / now.cost) if now.cost else 0.0


def _requests(now: Total, before: Total) -> Tile:
    retried = _("%(count)s retried") % {"count": figures.count(now.retries)} if now.retries else ""
    return Tile(_("Requests"), figures.count(now.calls), note=retried, change=figures.change(now.calls, before.calls))


def _tokens(now: Total) -> Tile:
    cached = figures.percent(now.cached_tokens / now.input_tokens, 0) if now.cached_tokens and now.input_tokens else ""
    return Tile(_("Tokens"), figures.short(now.tokens), change=cached, than=_("read from cache") if cached else "")


def _failed(ledger: Ledger, now: Total, before: Total) -> Tile:
    value, change, state = figures.percent(now.failure, 2), "", ""
    if now.failure is not None and before.failure is not None and (now.failed or before.failed):
        points = 100 * (now.failure - before.failure)
        change = _("%(number)s points") % {"number": f"{'+' if points > 0 else ''}{decimal(points, 1)}"}
        state = WORSE if points >= 0.05 else BETTER if points <= -0.05 else ""
    return Tile(_("Failed"), value, change=change, than=_mostly(ledger) if now.failed else "", state=state)


def _mostly(ledger: Ledger) -> str:
    causes = errors(ledger)
    return _("mostly: %(cause)s") % {"cause": causes[0].label} if causes else ""


class Cause(msgspec.Struct, frozen=True):
    label: str
    count: str
    share: str
    width: str
    address: str


def errors(ledger: Ledger) -> list[Cause]:
    """Why calls failed, the commonest first."""
    found = ledger.causes
    whole, most = sum(found.values()), max(found.values(), default=0)
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [
        Cause(
            names.cause(cause),
            figures.count(number),
            figures.percent(number / whole, 0),
            f"{100 * number / most:.0f}%",
            ledger.wanted.address(outcome="failed", cause=cause),
        )
        for cause, number in ordered
    ]
