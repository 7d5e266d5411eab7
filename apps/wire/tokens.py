"""How many tokens a text may have, where nobody counted."""

import re

_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U0001f000-\U0003ffff]")
CHARACTERS_PER_TOKEN = 4


def estimate(text: str) -> int:
    """An estimate, within about a third for prose: 4 characters a token; Chinese, Japanese, Korean and emoji 1 each."""
    if text.isascii():
        return -(-len(text) // CHARACTERS_PER_TOKEN)
    wide = sum(1 for _ in _WIDE.finditer(text))
    return wide + -(-(len(text) - wide) // CHARACTERS_PER_TOKEN)
