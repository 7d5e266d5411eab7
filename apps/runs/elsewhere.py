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
    """As rows that were never stored; of what is not told of them the run knows."""
    readers, known = _readers(), {"outcome": run.status, "model_name": run.model_name}
    told = [{name: readers[name](value) for name, value in call.items()} for call in run.brought_calls]
    return [Call(**{**known, **call}) for call in told]
