"""Embeddings of texts and pictures, and documents ranked by their likeness to a query."""

from apps.wire.media.shapes import MediaReply
from apps.wire.messages import Usage
from apps.wire.tokens import estimate

from ..makers import picture, vectors
from .orders import Declined, Order

MOST_INPUTS = 2048
TOKENS_OF_A_PICTURE = 64
SEES = "sandbox-embed-image"


def embed(order: Order) -> MediaReply:
    """A vector for each text and then for each picture, or one of all. Raises Declined."""
    request = order.request
    if len(request.texts) > MOST_INPUTS:
        raise Declined(f"'$.input' is invalid: at most {MOST_INPUTS} items.", param="input")
    if request.sources and order.maker.name != SEES:
        raise Declined(f"The model {request.model} takes texts only.", code="invalid_value", param="input")
    length = _length(order)
    found = [vectors.of_text(text, length) for text in request.texts]
    found += [_of_picture(order, place, length) for place in range(len(request.sources))]
    fused = request.parameters.get("shape") == "doubao" or request.model.startswith("doubao")
    if fused:
        found = [vectors.fused(found)]
    tokens = sum(estimate(text) for text in request.texts) + TOKENS_OF_A_PICTURE * len(request.sources)
    return MediaReply("succeeded", result={"vectors": found, "fused": fused}, usage=Usage(input_tokens=tokens))


def rerank(order: Order) -> MediaReply:
    """The documents that are most like the query, best first. Raises Declined."""
    request = order.request
    most = order.count("top_n", len(request.texts) + len(request.sources), 1)
    documents = [*request.texts, *(_described(order, place) for place in range(len(request.sources)))]
    ranked = vectors.ranked(request.prompt, documents)[:most]
    scores = [{"index": index, "score": score} for index, score in ranked]
    tokens = sum(estimate(text) for text in request.texts) + estimate(request.prompt) * len(request.texts)
    return MediaReply("succeeded", result={"scores": scores}, usage=Usage(input_tokens=tokens))


def _length(order: Order) -> int:
    name = "dimensions" if order.setting("dimensions") else "outputDimensionality"
    return order.count(name, vectors.DIMENSIONS, 1, vectors.DIMENSIONS)


def _of_picture(order: Order, place: int, length: int) -> list[float]:
    return vectors.of_text(_described(order, place), length)


def _described(order: Order, place: int) -> str:
    """What a picture shows, in words; of one that is not ours to look at, its address."""
    data = order.data[place]
    try:
        return vectors.described(data) if data else order.request.sources[place].url
    except picture.NotAPicture as error:
        raise Declined(str(error), param="input") from error
