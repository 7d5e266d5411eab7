"""A query and the documents that it is measured against."""

from typing import Any

from ... import sentences
from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ..asked import body_of, model_of, parted, post, text_of
from ..pictures import address_of, source_at
from ..shapes import MediaRequest, Source
from .parameters import NAMES

JINA_PATH, COHERE_PATH = "/v1/rerank", "/v2/rerank"
TOLD = frozenset({"model", "query", "documents"})


def build_jina(request: MediaRequest) -> HttpRequest:
    """The HTTP request: the texts, then the pictures. Raises InvalidRequest."""
    return post(JINA_PATH, _body(request), request.extra)


def build_cohere(request: MediaRequest) -> HttpRequest:
    """The HTTP request. Raises InvalidRequest; the format knows texts alone."""
    if request.sources:
        raise InvalidRequest(sentences.TEXTS_ALONE, "documents")
    return post(COHERE_PATH, _body(request), request.extra)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest, naming the field."""
    body = body_of(request)
    model, query = model_of(body), text_of(body, "query", sentences.NO_QUERY)
    found = body.get("documents")
    if not isinstance(found, list) or not found:
        raise InvalidRequest(sentences.NO_DOCUMENTS, "documents")
    parameters, extra = parted(body, NAMES, TOLD)
    if parameters.get("top_n", 1) == 0:
        raise InvalidRequest("top_n must be at least 1.", "top_n")
    pictures = [source for entry in found if (source := _picture(entry))]
    texts = [_text(entry) for entry in found if not _picture(entry)]
    return MediaRequest(model, query, parameters, tuple(pictures), tuple(texts), extra=extra)


def _body(request: MediaRequest) -> dict[str, Any]:
    """Asking for more documents than there are is refused by some."""
    if not request.prompt.strip():
        raise InvalidRequest(sentences.NO_QUERY, "query")
    documents = [*request.texts, *({"image": address_of(source)} for source in request.sources)]
    if not documents:
        raise InvalidRequest(sentences.NO_DOCUMENTS, "documents")
    body = {"model": request.model, "query": request.prompt, "documents": documents, **request.parameters}
    if isinstance(body.get("top_n"), int):
        body["top_n"] = min(body["top_n"], len(documents))
    return body


def _text(entry: Any) -> str:
    """A document is a text or an object with one: of Cohere's older objects, all their texts."""
    if isinstance(entry, dict):
        text = entry.get("text")
        entry = text if isinstance(text, str) else "\n".join(each for each in entry.values() if isinstance(each, str))
    if not isinstance(entry, str):
        raise InvalidRequest("Each document must be a text or an object with one.", "documents")
    return entry


def _picture(entry: Any) -> Source | None:
    address = entry.get("image") if isinstance(entry, dict) and "text" not in entry else None
    return source_at("image", address) if isinstance(address, str) else None
