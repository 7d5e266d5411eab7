"""What the dialects of reranking can say."""

import json

from hypothesis import strategies as st

from apps.wire.media.shapes import MediaReply, MediaRequest
from apps.wire.messages import HttpRequest, Usage

from ... import strategies as some
from ...strategies import tuples, words
from . import Saying
from .images import counts, extras, failed, links, prompts, sources

FIELDS = ["results", "data", "output", "index", "relevance_score", "score", "document", "text", "usage", "meta"]
FIELDS += ["tokens", "billed_units", "search_units", "total_tokens", "error", "message", "detail", "query", "documents"]
pictures = sources("image") | links("image")
documents = tuples(words, min_size=1, max_size=4)
jina = st.fixed_dictionaries({}, optional={"top_n": st.just(1), "return_documents": st.booleans()})
cohere = st.fixed_dictionaries({}, optional={"top_n": st.just(1), "max_tokens_per_doc": st.integers(1, 9000)})


def requests(settings, seen) -> st.SearchStrategy[MediaRequest]:
    return st.builds(
        MediaRequest, model=prompts, prompt=prompts, texts=documents, sources=seen, parameters=settings, extra=extras
    )


jina_requests = requests(jina, tuples(pictures, max_size=2))
cohere_requests = requests(cohere, st.just(()))


@st.composite
def scored(draw, asked: MediaRequest) -> dict:
    count = len(asked.texts) + len(asked.sources)
    places = draw(st.sets(st.integers(0, count - 1), min_size=1))
    scores = [{"index": place, "score": draw(st.floats(-50, 50))} for place in places]
    return {"scores": sorted(scores, key=lambda each: (-each["score"], each["index"]))}


@st.composite
def jina_replies(draw) -> tuple[MediaRequest, MediaReply]:
    asked = draw(jina_requests)
    usage = Usage(input_tokens=draw(counts), output_tokens=0)
    done = MediaReply("succeeded", result=draw(scored(asked)), usage=usage)
    return asked, draw(st.just(done) | some.failures().map(failed))


@st.composite
def cohere_replies(draw) -> tuple[MediaRequest, MediaReply]:
    asked = draw(cohere_requests)
    usage = draw(st.just(Usage()) | st.builds(Usage, input_tokens=counts))
    units = draw(st.none() | st.integers(0, 100).map(float))
    billed = {} if units is None else {"unit": "request", "units": units}
    done = MediaReply("succeeded", result=draw(scored(asked)), usage=usage, **billed)
    return asked, draw(st.just(done) | some.failures().map(failed))


def odd_requests(value) -> list[HttpRequest]:
    told = {"model": "m", "query": "x"}
    bodies = [value, told | {"documents": value}, told | {"documents": [value]}, told | {"query": value}]
    return [HttpRequest("POST", "/v1/rerank", {}, json.dumps(body).encode()) for body in bodies]


scraps = (b'"relevance_score":', b"-1e999", b'"index":', b"null")
SAYINGS = {
    "jina_rerank": Saying(
        requests=jina_requests,
        replies=jina_replies(),
        odd=some.odd_json(FIELDS),
        odd_requests=odd_requests,
        scraps=scraps,
    ),
    "cohere_rerank": Saying(
        requests=cohere_requests,
        replies=cohere_replies(),
        odd=some.odd_json(FIELDS),
        odd_requests=odd_requests,
        scraps=scraps,
    ),
}
