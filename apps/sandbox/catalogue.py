"""What `/v1/models` lists, in new-api's shape."""

from typing import Any

from .faults import FAULTS
from .scenarios import SCENARIOS

CREATED = 1_626_777_600
COUNTS = ("sandbox-count-200-50", "sandbox-count-300-40", "sandbox-count-400-40")
STATUSES = ("fault-400", "fault-401", "fault-403", "fault-404", "fault-429", "fault-429-once", "fault-500", "fault-502")


def document() -> dict[str, Any]:
    """The models by name. Any other count, status, size or pace may be asked for, too, without being listed."""
    names = [*SCENARIOS, *COUNTS, *sorted([*FAULTS, *STATUSES])]
    return {"success": True, "object": "list", "data": [_entry(name) for name in names]}


def _entry(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": CREATED,
        "owned_by": "sandbox",
        "supported_endpoint_types": ["openai"],
    }
