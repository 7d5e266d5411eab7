"""When a budget's period began, and when the next one does, in the time zone of the instance."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from .models import Budget

FOREVER = datetime(1970, 1, 1, tzinfo=UTC)


def zone() -> ZoneInfo:
    return ZoneInfo(settings.BUDGET_ZONE)


def start_of(period: str, now: datetime) -> datetime:
    """The beginning of the period that `now` lies in. Calls at the same time have one without end."""
    if period == Budget.Period.ONCE:
        return FOREVER
    return _local(period, now).astimezone(UTC)


def _local(period: str, now: datetime) -> datetime:
    """By the wall clock. Not to be compared: a time that a clock shows twice, or skips, equals none of another zone."""
    local = now.astimezone(zone())
    if period == Budget.Period.MINUTE:
        return local.replace(second=0, microsecond=0)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return day.replace(day=1) if period == Budget.Period.MONTH else day


def end_of(period: str, now: datetime) -> datetime | None:
    """When it renews; None for calls at the same time: that depends on them."""
    if period == Budget.Period.ONCE:
        return None
    if period == Budget.Period.MINUTE:
        return start_of(period, now) + timedelta(minutes=1)
    # 32 days behind the first of a month is in the next; a day's end is told by its wall clock, whatever its length.
    far = (_local(period, now).replace(tzinfo=None) + timedelta(days=32 if period == Budget.Period.MONTH else 1)).date()
    far = far.replace(day=1) if period == Budget.Period.MONTH else far
    return datetime(far.year, far.month, far.day, tzinfo=zone()).astimezone(UTC)
