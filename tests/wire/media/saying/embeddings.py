"""What the dialects of embeddings can say."""

import json

from hypothesis import strategies as st

from apps.wire.media.embeddings.parameters import DASHSCOPE, DOUBAO, JINA, PLAIN, shape_of
from apps.wire.media.shapes import MediaReply, MediaRequest
from apps.wire.messages import HttpRequest, Usage

from ... import strategies as some
from ...saying import gemini as of_gemini
from ...strategies import tuples, words
from . import Saying
from .images import counts, extras, failed, links, prompts, sources

FIELDS = ["data", "object", "embedding", "embeddings", "index", "values", "float", "output", "usage", "model", "input"]
FIELDS += ["contents", "content", "parts", "requests", "text", "image", "image_url", "url", "type", "inlineData"]
pictures = sources("image") | links("image")
texts = tuples(prompts, min_size=1, max_size=3)
numbers = st.floats(-1024, 1024, width=32)
settings = st.fixed_dictionaries(
    {},
    optional={
        "dimensions": st.integers(1, 4096),
        "encoding_format": st.just("base64"),
        "task": words,
        "normalized": st.booleans(),
        "input_type": words,
    },
)


@st.composite
def requests(draw) -> MediaRequest:
    """The shape is told only where it is not the model's own."""
    model, seen = draw(prompts), draw(tuples(pictures, max_size=2))
    shape = draw(st.sampled_from([JINA, DOUBAO, DASHSCOPE] if seen else [PLAIN, JINA, DOUBAO, DASHSCOPE]))
    said = draw(texts)
    usual = shape_of(model) if seen else PLAIN
    told = draw(settings) | ({} if shape == usual else {"shape": shape})
    return MediaRequest(model, parameters=told, sources=seen, texts=said, extra=draw(extras))


@st.composite
def replies(draw) -> tuple[MediaRequest, MediaReply]:
    asked = MediaRequest("m", texts=draw(texts), parameters=draw(settings))
    if draw(st.integers(0, 4)) == 0:
        return asked, failed(draw(some.failures()))
    fused, count = len(asked.texts) > 1 and draw(st.booleans()), len(asked.texts)
    if not fused and draw(st.booleans()):
        asked = MediaRequest("m", texts=asked.texts, parameters={"shape": DASHSCOPE})
    usage = Usage(input_tokens=draw(counts))
    return asked, MediaReply("succeeded", result=draw(results(1 if fused else count, fused)), usage=usage)


@st.composite
def results(draw, count: int, fused: bool = False) -> dict:
    length = draw(st.integers(1, 4))
    vector = st.lists(numbers, min_size=length, max_size=length)
    return {"vectors": draw(st.lists(vector, min_size=count, max_size=count)), "fused": fused}


gemini_requests = st.builds(
    MediaRequest,
    model=prompts,
    texts=texts,
    sources=tuples(pictures, max_size=2),
    parameters=st.fixed_dictionaries(
        {}, optional={"outputDimensionality": st.integers(1, 3072), "taskType": words, "title": words}
    ),
    extra=extras,
)


@st.composite
def gemini_replies(draw) -> tuple[MediaRequest, MediaReply]:
    asked = draw(gemini_requests)
    if draw(st.integers(0, 4)) == 0:
        return asked, failed(draw(of_gemini.failures()))
    usage = draw(st.just(Usage()) | st.builds(Usage, input_tokens=counts))
    result = draw(results(len(asked.texts) + len(asked.sources)))
    return asked, MediaReply("succeeded", result=result, usage=usage)


def odd_requests(value) -> list[HttpRequest]:
    bodies = [value, {"model": "m", "input": value}, {"model": "m", "input": [value]}, {"model": value, "input": "x"}]
    return [HttpRequest("POST", "/v1/embeddings", {}, json.dumps(body).encode()) for body in bodies]


def odd_gemini_requests(value) -> list[HttpRequest]:
    bodies = [value, {"content": value}, {"requests": value}, {"requests": [{"content": {"parts": value}}]}]
    paths = ("/v1beta/models/m:embedContent", "/v1beta/models/m:batchEmbedContents", "/v1beta/models/m")
    return [HttpRequest("POST", path, {}, json.dumps(body).encode()) for path in paths for body in bodies]


SAYINGS = {
    "openai_embeddings": Saying(
        requests=requests(),
        replies=replies(),
        odd=some.odd_json(FIELDS),
        odd_requests=odd_requests,
        scraps=(b'"AACAPwAAAMA="', b"1e999", b"NaN", b'"index":'),
    ),
    "gemini_embeddings": Saying(
        requests=gemini_requests,
        replies=gemini_replies(),
        odd=some.odd_json(FIELDS),
        odd_requests=odd_gemini_requests,
        scraps=(b'"values":', b"1e999"),
    ),
}
