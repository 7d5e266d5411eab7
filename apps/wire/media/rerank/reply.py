"""The ranking: documents by their places in the request, best first."""

from typing import Any

from ...counting import count_of, usage_of
from ...messages import Usage
from ..reading import Whole, amount, answer, items, number, read_json, refusal
from ..shapes import HttpReply, MediaReply, MediaRequest

SCORES = ("relevance_score", "relevanceScore", "score")
PLACES = ("results", "data", "output")


def reader(content_type: str, request: MediaRequest) -> Whole:
    count = len(request.texts) + len(request.sources)
    return Whole(lambda body: read_json(body, lambda document: _reply(document, count)))


def write_jina(reply: MediaReply, request: MediaRequest) -> HttpReply:
    """The documents come back unless they are not wanted."""
    if reply.state != "succeeded":
        return refusal(reply.error)
    texts = request.texts if request.parameters.get("return_documents", True) else ()
    total = reply.usage.input_tokens or 0
    document: dict[str, Any] = {"model": request.model, "object": "list", "results": _results(reply, texts)}
    document["usage"] = {"prompt_tokens": total, "completion_tokens": 0, "total_tokens": total}
    return answer(document)


def write_cohere(reply: MediaReply, request: MediaRequest) -> HttpReply:
    if reply.state != "succeeded":
        return refusal(reply.error)
    billed = {"search_units": reply.units} if reply.unit == "request" else {}
    meta = {"api_version": {"version": "2"}, "billed_units": billed}
    if reply.usage.input_tokens is not None:
        meta["tokens"] = {"input_tokens": reply.usage.input_tokens}
    return answer({"id": "", "results": _results(reply, ()), "meta": meta})


def _results(reply: MediaReply, texts: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {"index": score["index"], "relevance_score": score["score"]}
        | ({"document": {"text": texts[score["index"]]}} if score["index"] < len(texts) else {})
        for score in reply.result.get("scores", ())
    ]


def _reply(document: Any, count: int) -> MediaReply | None:
    """None where nothing is ranked. Documents that were not asked about are left out, and a second rank of one."""
    scores = [score for item in _ranked(document) if (score := _score(item, count))]
    if not scores:
        return None
    best: dict[int, dict[str, Any]] = {}
    for score in sorted(scores, key=lambda each: (-each["score"], each["index"])):
        best.setdefault(score["index"], score)
    units = _search_units(document)
    return MediaReply(
        "succeeded",
        result={"scores": list(best.values())},
        usage=_usage(document),
        unit=None if units is None else "request",
        units=units,
    )


def _score(item: dict[str, Any], count: int) -> dict[str, Any] | None:
    index, scores = count_of(item.get("index")), [number(item.get(name)) for name in SCORES]
    score = next((score for score in scores if score is not None), None)
    return None if index is None or index >= count or score is None else {"index": index, "score": score}


def _ranked(document: Any) -> list[dict[str, Any]]:
    """The list by itself, or under one of the usual names, at most two deep."""
    for _ in range(3):
        if not isinstance(document, dict):
            break
        document = next((document[name] for name in PLACES if isinstance(document.get(name), list | dict)), None)
    return items(document)


def _usage(document: Any) -> Usage:
    """Tokens under `usage`, or under `meta` as Cohere and SiliconFlow tell them; a total alone is all input."""
    if not isinstance(document, dict):
        return Usage()
    told, meta = document.get("usage"), document.get("meta")
    if not isinstance(told, dict):
        told = (meta.get("tokens") or meta.get("billed_units")) if isinstance(meta, dict) else None
    if not isinstance(told, dict):
        return Usage()
    tokens = usage_of(told)
    total = count_of(told.get("total_tokens"))
    return tokens or (Usage(input_tokens=total) if total is not None else Usage())


def _search_units(document: Any) -> float | None:
    meta = document.get("meta") if isinstance(document, dict) else None
    billed = meta.get("billed_units") if isinstance(meta, dict) else None
    return amount(billed.get("search_units")) if isinstance(billed, dict) else None
