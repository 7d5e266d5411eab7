"""Embeddings as OpenAI asks for them, with the ways in which others put pictures among the texts."""

from typing import Any

from ... import sentences
from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ..asked import body_of, model_of, post
from ..reading import Whole, answer, read_json, refusal
from ..shapes import HttpReply, MediaReply, MediaRequest
from . import multimodal
from .parameters import DASHSCOPE, NAMES, PLAIN, shape_of
from .vectors import VECTORS_LIMIT, reply_of, vectors_document

PATH = "/v1/embeddings"
TOLD = frozenset({"model", "input"})


def build(request: MediaRequest) -> HttpRequest:
    """The HTTP request: the texts, then the pictures. The encoding is always said: clients differ in what they assume.

    Raises InvalidRequest for an input that would make the whole batch fail.
    """
    _check(request)
    given = {name: value for name, value in request.parameters.items() if name != "shape"}
    shape = _shape(request)
    body: dict[str, Any] = {"model": request.model, "input": multimodal.written(request, shape)}
    if shape == DASHSCOPE:
        if dimension := given.pop("dimensions", None):
            body["parameters"] = {"dimension": dimension}
    else:
        body["encoding_format"] = "float"
    return post(PATH, body | given, request.extra)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest, naming the field."""
    body = body_of(request)
    model = model_of(body)
    shape, texts, sources = multimodal.read(body.get("input"))
    parameters = {name: body[name] for name in NAMES if body.get(name) is not None}
    extra = {name: value for name, value in body.items() if name not in NAMES and name not in TOLD}
    if parameters.get("encoding_format") == "float":
        del parameters["encoding_format"]
    config = extra.get("parameters")
    if shape == DASHSCOPE and isinstance(config, dict) and config.keys() == {"dimension"}:
        parameters["dimensions"] = extra.pop("parameters")["dimension"]
    if shape != _usual(model, bool(sources)):
        parameters["shape"] = shape
    return MediaRequest(model=model, texts=texts, sources=sources, parameters=parameters, extra=extra)


def reader(content_type: str, request: MediaRequest) -> Whole:
    asked = len(request.texts) + len(request.sources)
    return Whole(lambda body: read_json(body, lambda document: reply_of(document, asked)), VECTORS_LIMIT)


def write(reply: MediaReply, request: MediaRequest) -> HttpReply:
    if reply.state != "succeeded":
        return refusal(reply.error)
    packed = request.parameters.get("encoding_format") == "base64"
    return answer(vectors_document(reply, request.model, packed, _shape(request)))


def _shape(request: MediaRequest) -> str:
    return str(request.parameters.get("shape") or _usual(request.model, bool(request.sources)))


def _usual(model: str, has_pictures: bool) -> str:
    return shape_of(model) if has_pictures else PLAIN


def _check(request: MediaRequest) -> None:
    if not request.texts and not request.sources:
        raise InvalidRequest(sentences.NOTHING_TO_EMBED, "input")
    if not all(text.strip() for text in request.texts):
        raise InvalidRequest(sentences.EMPTY_TEXT, "input")
    if request.sources and _shape(request) == PLAIN:
        raise InvalidRequest(sentences.TEXTS_ALONE, "shape")
