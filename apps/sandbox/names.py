"""Models' names: behind an @ stands the pace, as in `sandbox-long@500` for 500 tokens a second; 0 is flat out."""

import re

_PACED = re.compile(r"(?P<name>.+)@(?P<rate>\d{1,6})")


def split(model: str) -> tuple[str, float | None]:
    """The name proper and the rate that was asked for."""
    paced = _PACED.fullmatch(model)
    return (paced["name"], float(paced["rate"])) if paced else (model, None)
