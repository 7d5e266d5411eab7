"""What time it is, anywhere."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from .failure import ToolFailed


async def current_time(arguments: Mapping[str, Any]) -> str:
    """The time in the `timezone` that is named, UTC without one. Raises ToolFailed."""
    name = str(arguments.get("timezone") or "UTC")
    now = datetime.now(_zone(name)).replace(microsecond=0)
    return json.dumps({"time": now.isoformat(), "timezone": name, "weekday": f"{now:%A}"})


def _zone(name: str) -> tzinfo:
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        told = _("There is no time zone named {name}. Names look like Europe/Oslo.").format(name=name[:60])
        raise ToolFailed(told) from None
