"""The quiet line under an answer: model, format, times, tokens, cost, each with its unit and its source."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.usage.meter import Measured
from apps.usage.models import Call
from apps.wire.tokens import estimate

from .progress import Progress


def live_metrics(progress: Progress, measured: Measured) -> list[str]:
    """Metrics of a run that is still answering; its tokens are our estimate."""
    tokens = estimate(progress.text)
    elapsed = measured.elapsed_ms()
    return [
        *_first_token(measured.first_token_ms),
        *_speed(tokens, elapsed, measured.first_token_ms),
        _("about %(tokens)s out") % {"tokens": number_format(tokens, force_grouping=True)},
        _("%(seconds)s s") % {"seconds": number_format(elapsed / 1000, 1)},
    ]


def final_metrics(call: Call | None) -> list[str]:
    """Metrics of a run that has ended, from its row in the ledger."""
    if call is None:
        return []
    return [
        *_first_token(call.first_token_ms),
        *_speed(call.output_tokens, call.duration_ms, call.first_token_ms),
        *_tokens(call),
        *_cost(call),
    ]


def _first_token(first_token_ms: int | None) -> list[str]:
    if first_token_ms is None:
        return []
    return [_("first token %(time)s") % {"time": _duration(first_token_ms)}]


def _speed(tokens: int | None, duration_ms: int | None, first_token_ms: int | None) -> list[str]:
    """Tokens a second from the first token on; nothing is said of a stream too short to tell."""
    if not tokens or duration_ms is None or first_token_ms is None or duration_ms - first_token_ms < 20:
        return []
    rate = number_format(tokens * 1000 / (duration_ms - first_token_ms), 1)
    return [_("%(rate)s tok/s") % {"rate": rate}]


def _used(call: Call) -> bool:
    """A request that was refused used nothing; then there is nothing to say of tokens, nor that they were free."""
    return bool(call.input_tokens or call.output_tokens)


def _tokens(call: Call) -> list[str]:
    if not _used(call):
        return []
    numbers = {
        "in": "–" if call.input_tokens is None else number_format(call.input_tokens, force_grouping=True),
        "out": "–" if call.output_tokens is None else number_format(call.output_tokens, force_grouping=True),
    }
    if call.tokens_source == Call.Source.ESTIMATED:
        return [_("about %(in)s in, %(out)s out (estimated)") % numbers]
    return [_("%(in)s in, %(out)s out") % numbers]


def _cost(call: Call) -> list[str]:
    if call.cost is None or (call.cost == 0 and not _used(call)):
        return []
    if call.cost == 0:
        return [_("free")]
    shown = _dollars(call.cost)
    return [shown] if call.cost_source == Call.Source.REPORTED else [_("about %(cost)s") % {"cost": shown}]


def _dollars(cost: Decimal) -> str:
    return f"${number_format(cost, 4 if cost >= Decimal('0.001') else 6)}"


def _duration(milliseconds: int) -> str:
    if milliseconds < 1000:
        return _("%(number)s ms") % {"number": milliseconds}
    return _("%(seconds)s s") % {"seconds": number_format(milliseconds / 1000, 1)}
