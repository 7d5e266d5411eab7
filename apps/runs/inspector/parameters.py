"""The Parameters tab of a run that is over: what it was sent with."""

import json
from collections.abc import Iterator
from typing import Any

from apps.runs.models import Run
from apps.wire import formats


def sent(run: Run) -> dict[str, Any]:
    """Everything that `runs/_parameters.html` needs: values as JSON writes them, texts as they are."""
    return {
        "run": run,
        "format_label": formats.get(run.format).label,
        "rows": [(name, _shown(value)) for name, value in _rows(run)],
        "extra": json.dumps(run.extra, ensure_ascii=False, indent=2) if run.extra else "",
    }


def _rows(run: Run) -> Iterator[tuple[str, Any]]:
    yield from run.parameters.items()
    if run.web_search:
        yield "web_search", True
    if run.tools:
        yield "tools", ", ".join(str(tool.get("name", "")) for tool in run.tools if isinstance(tool, dict))
    if run.tool_choice:
        yield "tool_choice", run.tool_choice
    if run.response_schema:
        yield "response_schema", run.response_schema


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
