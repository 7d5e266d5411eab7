"""What an upstream's bill says that calls cost: it takes the place of what was reported or estimated."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from apps.work.database import writing

from . import rollup
from .meter import DEAREST
from .models import Call

BATCH = 500


class NotABill(Exception):
    """The text says which line cannot be read."""


def enter(lines: Iterable[Mapping[str, str]]) -> tuple[int, int]:
    """Each line names a request and its cost in dollars. Gives how many calls were found, and how many lines name none.

    All of them are read before any is entered. Raises NotABill.
    """
    bill = [_read(number, line) for number, line in enumerate(lines, 2)]
    known = sum(_enter(dict(bill[start : start + BATCH])) for start in range(0, len(bill), BATCH))
    return known, len(bill) - known


def _read(number: int, line: Mapping[str, str]) -> tuple[str, Decimal]:
    try:
        request, cost = line["request_id"].strip(), Decimal(line["cost"].strip())
    except (KeyError, AttributeError, InvalidOperation) as error:
        raise NotABill(_("Line %(number)s does not have a request_id and a cost.") % {"number": number}) from error
    if not request or not 0 <= cost <= DEAREST:
        raise NotABill(_("Line %(number)s does not have a request_id and a cost.") % {"number": number})
    return request, cost


def _enter(bill: Mapping[str, Decimal]) -> int:
    """A number that several calls have tells of none of them."""
    with writing():
        ended = Call.objects.filter(request_id__in=bill).exclude(outcome=Call.Outcome.RUNNING)
        found = list(ended.values_list("pk", "request_id"))
        times = Counter(request for _pk, request in found)
        sure = {pk: bill[request] for pk, request in found if times[request] == 1}
        rollup.withdraw(Call.objects.filter(pk__in=sure))
        for pk, cost in sure.items():
            Call.objects.filter(pk=pk).update(cost=cost, cost_source=Call.Source.BILLED)
    return len(sure)
