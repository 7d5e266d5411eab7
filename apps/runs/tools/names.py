"""What a tool may be called: what all vendors take."""

import re

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text))
