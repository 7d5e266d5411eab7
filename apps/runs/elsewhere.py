"""What imported answers took, where they were made: shown with them, and no part of this instance's ledger."""

from collections.abc import Callable
from functools import cache
from typing import Any

from apps.usage.models import Call

from .models import Run


@cache
def _readers() -> dict[str, Callable[[Any], Any]]:
    return {field.name: field.to_python for field in Call._meta.concrete_fields}


def calls_of(run: Run) -> list[Call]:
    """As rows that were never stored."""
    readers = _readers()
    return [Call(**{name: readers[name](value) for name, value in call.items()}) for call in run.brought_calls]
