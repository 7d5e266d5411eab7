"""Embeddings in Gemini's own words: one content, or a batch of them."""

import re
from typing import Any
from urllib.parse import quote, unquote

from ... import sentences
from ...exceptions import InvalidRequest
from ...gemini.counts import counted, usage_document, usage_of
from ...gemini.encoder import error_document
from ...gemini.fields import snakes
from ...messages import HttpRequest, Usage
from ...tolerant import dumps
from ..asked import body_of, post
from ..pictures import base64_of, source_at
from ..reading import NO_ANSWER, Whole, answer, items, read_json, word
from ..shapes import HttpReply, MediaReply, MediaRequest, Source
from .parameters import GEMINI
from .vectors import VECTORS_LIMIT, reply_of

ONE, MANY = "embedContent", "batchEmbedContents"
# A batch of one is answered with a list all the same: Google's own SDK asks for nothing else.
BATCH = "batch"
NAMES = tuple(parameter.name for parameter in GEMINI)
_CAMEL = snakes((*NAMES, "inlineData", "mimeType"))
_PATH = re.compile(r"/v\d+[a-z0-9]*/(?:models/)?(.+):(\w+)", re.DOTALL)


def build(request: MediaRequest) -> HttpRequest:
    """The HTTP request: each text and each picture is a content of its own, and gets its own vector.

    Raises InvalidRequest where there is nothing to embed, or a text is empty.
    """
    parts = [*({"text": text} for text in request.texts), *map(_blob, request.sources)]
    if not parts:
        raise InvalidRequest(sentences.NOTHING_TO_EMBED, "content")
    if not all(text.strip() for text in request.texts):
        raise InvalidRequest(sentences.EMPTY_TEXT, "content")
    name = f"models/{request.model.removeprefix('models/')}"
    asked = [{"model": name, "content": {"parts": [part]}, **request.parameters} for part in parts]
    body = asked[0] if len(asked) == 1 else {"requests": asked}
    place = quote(request.model.removeprefix("models/"), safe="", errors="replace")
    built = post(f"/v1beta/models/{place}:{ONE if len(asked) == 1 else MANY}", body, request.extra)
    return HttpRequest(built.method, built.path, built.headers, built.body, key_as="x-goog-api-key")


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest, naming the field."""
    found = _PATH.fullmatch(request.path.partition("?")[0])
    if not found or found.group(2) not in (ONE, MANY):
        raise InvalidRequest("The path must name a model and what to do: /v1beta/models/NAME:embedContent.", "model")
    body = _camelled(body_of(request))
    many = found.group(2) == MANY
    asked = [_camelled(each) for each in items(body.get("requests"))] if many else [body]
    if not asked:
        raise InvalidRequest(sentences.NOTHING_TO_EMBED, "requests")
    texts: list[str] = []
    sources: list[Source] = []
    for each in asked:
        _read_content(each.get("content"), texts, sources)
    told = {"requests"} if many else {"model", "content", *NAMES}
    return MediaRequest(
        model=unquote(found.group(1)),
        texts=tuple(texts),
        sources=tuple(sources),
        parameters={name: asked[0][name] for name in NAMES if asked[0].get(name) is not None},
        task=BATCH if many and len(asked) == 1 else "",
        extra={name: value for name, value in body.items() if name not in told},
    )


def reader(content_type: str, request: MediaRequest) -> Whole:
    asked = len(request.texts) + len(request.sources)
    return Whole(lambda body: read_json(body, lambda document: _reply(document, asked)), VECTORS_LIMIT)


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    """One vector for one content, else the list of them."""
    if reply.state != "succeeded":
        error = reply.error or NO_ANSWER
        return HttpReply(dumps(error_document(error)), status=error.status or 400)
    vectors = [{"values": vector} for vector in reply.result.get("vectors", ())]
    many = request.task == BATCH or len(request.texts) + len(request.sources) > 1
    document: dict[str, Any] = {"embeddings": vectors} if many else {"embedding": vectors[0]}
    if usage := usage_document(reply.usage):
        document["usageMetadata"] = usage
    return answer(document)


def _reply(document: Any, asked: int) -> MediaReply | None:
    reply = reply_of(document, asked)
    usage = usage_of(counted({}, document.get("usageMetadata"))) if isinstance(document, dict) else None
    if reply is None or usage is None:
        return reply
    return MediaReply(reply.state, result=reply.result, error=reply.error, usage=usage or Usage())


def _blob(source: Source) -> dict[str, Any]:
    if not source.data:
        return {"fileData": {"mimeType": source.media_type, "fileUri": source.url}}
    return {"inlineData": {"mimeType": source.media_type, "data": base64_of(source.data)}}


def _read_content(content: Any, texts: list[str], sources: list[Source]) -> None:
    parts = items(content.get("parts")) if isinstance(content, dict) else []
    said = "\n".join(text for part in parts if (text := word(part, "text")))
    blobs = [source for part in parts if (source := _source(_camelled(part)))]
    if said:
        texts.append(said)
    sources += blobs
    if not said and not blobs:
        raise InvalidRequest("A content must have a text or a picture.", "content")


def _source(part: dict[str, Any]) -> Source | None:
    for name, field in (("inlineData", "data"), ("fileData", "fileUri")):
        blob = part.get(name)
        if isinstance(blob, dict) and (told := word(_camelled(blob), field)):
            kind = word(_camelled(blob), "mimeType")
            return source_at("image", told if field == "fileUri" else f"data:{kind};base64,{told}")
    return None


def _camelled(found: dict[str, Any]) -> dict[str, Any]:
    return {_CAMEL.get(name, name): value for name, value in found.items()}
