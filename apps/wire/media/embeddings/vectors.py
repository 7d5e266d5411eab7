"""Vectors in an answer: in whatever place, as numbers or as base64 of little-endian floats."""

import base64
import binascii
import math
import struct
from collections.abc import Sequence
from typing import Any

from ... import sentences
from ...counting import usage_of
from ...events import Failed
from ...messages import Usage
from ..reading import failed, items
from ..shapes import MediaReply
from .parameters import DASHSCOPE

# Two thousand vectors of three thousand numbers each, as they are written out.
VECTORS_LIMIT = 128 * 1024 * 1024
PLACES = ("data", "embeddings", "embedding", "output", "float")


def reply_of(document: Any, asked: int) -> MediaReply | None:
    """The vectors in the order of the inputs, whatever their order was; None if there are none, or not all readable.

    One vector where several things were put in is of all of them.
    """
    found = _found(document)
    vectors = [vector for item in found if (vector := vector_of(item))]
    if not vectors or len(vectors) < len(found):
        return None
    fused = _is_object(document) or (len(vectors) == 1 and asked > 1)
    if not fused and asked and len(vectors) != asked:
        return failed(Failed(message=sentences.MISCOUNTED.format(given=len(vectors), asked=asked), code="miscounted"))
    result = {"vectors": vectors, "fused": fused and asked > 1}
    return MediaReply("succeeded", result=result, usage=_usage(document))


def vector_of(found: Any) -> list[float] | None:
    """The numbers of an item: a list, base64 of 32-bit floats, or an object around either. None if it is neither."""
    if isinstance(found, dict):
        found = next((found[name] for name in ("embedding", "values", "float", "vector") if found.get(name)), None)
        return None if isinstance(found, dict) and "embedding" in found else vector_of(found)
    if isinstance(found, str):
        return _unpacked(found)
    if not isinstance(found, list) or not found or not all(type(value) in (int, float) for value in found):
        return None
    vector = [float(value) for value in found]
    return vector if all(map(math.isfinite, vector)) else None


def packed(vector: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def vectors_document(reply: MediaReply, model: str, pack: bool, shape: str) -> dict[str, Any]:
    """The list as OpenAI has it; one object where one vector is of all inputs; DashScope's place where it was asked."""
    vectors = [packed(vector) if pack else vector for vector in reply.result.get("vectors", ())]
    usage = _usage_document(reply.usage)
    if shape == DASHSCOPE and not reply.result.get("fused"):
        listed = [{"index": place, "embedding": vector} for place, vector in enumerate(vectors)]
        return {"output": {"embeddings": listed}, "usage": usage}
    data: Any = [{"object": "embedding", "index": place, "embedding": vector} for place, vector in enumerate(vectors)]
    if reply.result.get("fused"):
        data = {"object": "embedding", "embedding": vectors[0]}
    return {"object": "list", "data": data, "model": model, "usage": usage}


def _found(document: Any) -> list[Any]:
    """What may be vectors, sorted by their indexes where all have one."""
    for _ in range(3):
        inner = _inner(document)
        if inner is None:
            break
        document = inner
    if not isinstance(document, list):
        return [document] if document else []
    if document and type(document[0]) in (int, float):
        return [document]
    indexed = items(document)
    if len(indexed) == len(document) and all(type(item.get("index")) is int for item in indexed):
        return sorted(indexed, key=lambda item: item["index"])
    return document


def _inner(document: Any) -> Any:
    if not isinstance(document, dict):
        return None
    return next((document[name] for name in PLACES if isinstance(document.get(name), list | dict)), None)


def _is_object(document: Any) -> bool:
    return isinstance(document, dict) and isinstance(document.get("data"), dict)


def _unpacked(text: str) -> list[float] | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not data or len(data) % 4:
        return None
    vector = list(struct.unpack(f"<{len(data) // 4}f", data))
    return vector if all(map(math.isfinite, vector)) else None


def _usage(document: Any) -> Usage:
    told = usage_of(document.get("usage")) if isinstance(document, dict) else None
    if told or not isinstance(document, dict) or not isinstance(document.get("usage"), dict):
        return told or Usage()
    return usage_of({"prompt_tokens": document["usage"].get("total_tokens")}) or Usage()


def _usage_document(usage: Usage) -> dict[str, Any]:
    count = usage.input_tokens or 0
    return {"prompt_tokens": count, "total_tokens": count}
