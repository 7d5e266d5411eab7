"""Kept exchanges, made of what came and when."""

from itertools import accumulate

from apps.usage.records import Kept


def kept(*chunks: tuple[int, bytes], status: int = 200, kind: str = "text/event-stream", body: bytes = b"{}") -> Kept:
    """`chunks` are pairs of the gap before each, in microseconds, and its bytes."""
    gaps = tuple(gap for gap, _chunk in chunks)
    reply = b"".join(chunk for _gap, chunk in chunks)
    return Kept(
        at=0,
        method="POST",
        url="https://example.org/v1/chat/completions",
        headers=(("authorization", "Bearer [key]"), ("content-type", "application/json")),
        body=body,
        status=status,
        reply_headers=(("content-type", kind),),
        answered=gaps[0] if gaps else None,
        ended=list(accumulate(gaps))[-1] + 1000 if gaps else None,
        error="",
        pause=0,
        reply=reply,
        sizes=tuple(len(chunk) for _gap, chunk in chunks),
        gaps=gaps,
        was=len(reply),
    )


def delta(**fields: str) -> bytes:
    """An event of a chat stream with these fields in its delta."""
    told = ", ".join(f'"{name}": "{value}"' for name, value in fields.items())
    return f'data: {{"choices": [{{"index": 0, "delta": {{{told}}}}}]}}\n\n'.encode()
