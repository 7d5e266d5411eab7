"""Models' names: behind an @ stands the pace, as in `sandbox-long@500` for 500 tokens a second; 0 is flat out."""

import re

_PACED = re.compile(r"(?P<name>.+)@(?P<rate>\d{1,6})")
# Served under vendors' names too, unlisted, as clients choose a format by the name.
ALIASES = {
    "gpt-5": "sandbox-signed",
    "o3-pro": "sandbox-responses-only",
    "claude-sonnet-4-5": "sandbox-signed",
    "gemini-2.5-flash": "sandbox-signed",
    "gemini-2.5-flash-image": "sandbox-banana",
    "nano-banana": "sandbox-banana",
}


def split(model: str) -> tuple[str, float | None]:
    """The name proper, ours for a vendor's, and the rate that was asked for."""
    paced = _PACED.fullmatch(model)
    name, rate = (paced["name"], float(paced["rate"])) if paced else (model, None)
    return ALIASES.get(name, name), rate
