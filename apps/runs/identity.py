"""Who answered: whether it is the model that was asked for."""

import re

# A date or a build behind a name: gpt-4o-2024-08-06, claude-sonnet-4-5-20250929, gemini-2.0-flash-001, gpt-4-0613 …
_DATE = re.compile(r"[-@:](\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{3}|\d{2}-\d{2})$")
# … and words that choose a date or a price, not a model.
_CHANNEL = re.compile(r"[-:](latest|free|nitro|floor)$")


def same_model(asked: str, answered: str) -> bool:
    """True if both name one model: `gpt-4o` and `openai/gpt-4o-2024-08-06` do, `gpt-4o` and `gpt-4o-mini` don't.

    Two different dates are two models.
    """
    if not answered:
        return True
    one, other = _bare(asked), _bare(answered)
    return one == other or _undated(one) == other or one == _undated(other)


def _bare(name: str) -> str:
    return _CHANNEL.sub("", name.strip().lower().rpartition("/")[2])


def _undated(name: str) -> str:
    return _DATE.sub("", name)
