"""Numbers that the same words always give, where a model would throw dice."""

import hashlib


def of(*words: object) -> int:
    """A number below 2**64."""
    said = "\0".join(map(str, words)).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big")


def between(least: float, most: float, *words: object) -> float:
    return least + (most - least) * (of(*words) / 2**64)
