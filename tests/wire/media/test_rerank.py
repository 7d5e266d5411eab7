"""Reranking: the shapes of both requests and of all rankings."""

import json

import pytest

from apps.wire.exceptions import InvalidRequest
from apps.wire.media import dialects
from apps.wire.media.shapes import MediaReply, MediaRequest, Source
from apps.wire.messages import HttpRequest, Usage

from . import answering
from .reading import FIXTURES

JINA, COHERE = "jina_rerank", "cohere_rerank"
ASKED = MediaRequest("m", "capital of the US", texts=("Carson", "Washington", "Oslo"))


def recorded(file: str, name: str = JINA) -> MediaReply:
    return answering.reply(name, ASKED, (FIXTURES / name / file).read_bytes())


def ranks(found: MediaReply) -> list[tuple[int, float]]:
    return [(score["index"], score["score"]) for score in found.result["scores"]]


def test_both_formats_ask_with_a_query_and_documents():
    request = MediaRequest("m", "q", texts=("a", "b"), parameters={"top_n": 9})
    body = {"model": "m", "query": "q", "documents": ["a", "b"], "top_n": 2}
    for name, path in ((JINA, "/v1/rerank"), (COHERE, "/v2/rerank")):
        assert (answering.built(name, request), dialects.get(name).build(request).path) == (body, path)
    picture = MediaRequest("jina-reranker-m0", "q", texts=("a",), sources=(Source("image", url="https://e.x/a.png"),))
    assert answering.built(JINA, picture)["documents"] == ["a", {"image": "https://e.x/a.png"}]


def test_no_query_no_documents_or_none_wanted_is_refused():
    for wrong in (MediaRequest("m", " ", texts=("a",)), MediaRequest("m", "q")):
        with pytest.raises(InvalidRequest):
            dialects.get(JINA).build(wrong)
    with pytest.raises(InvalidRequest):
        dialects.get(COHERE).build(MediaRequest("m", "q", sources=(Source("image", url="https://e.x/a"),)))
    for body in ({"query": "", "documents": ["a"]}, {"query": "q", "documents": []}, {"query": "q", "documents": [1]}):
        with pytest.raises(InvalidRequest):
            dialects.get(JINA).parse(HttpRequest("POST", "/v1/rerank", body=json.dumps({"model": "m"} | body).encode()))
    with pytest.raises(InvalidRequest) as refused:
        sent = b'{"model":"m","query":"q","documents":["a"],"top_n":0}'
        dialects.get(JINA).parse(HttpRequest("POST", "/v1/rerank", body=sent))
    assert refused.value.param == "top_n"


def test_documents_may_be_objects():
    documents = ["a", {"text": "b"}, {"title": "c", "body": "d"}, {"image": "https://e.x/a.png"}]
    sent = json.dumps({"model": "m", "query": "q", "documents": documents}).encode()
    found = dialects.get(JINA).parse(HttpRequest("POST", "/v1/rerank", body=sent))
    assert found.texts == ("a", "b", "c\nd")
    assert found.sources == (Source("image", url="https://e.x/a.png"),)


@pytest.mark.parametrize(
    ("name", "file", "ranked", "tokens"),
    [
        (JINA, "newapi.json", [(1, 0.9999)], 158),
        (JINA, "jina.json", [(1, 0.87), (0, 0.27)], 815),
        (JINA, "siliconflow.json", [(0, 0.9)], 10),
        (JINA, "voyage.json", [(0, 0.9)], 7),
        (JINA, "dashscope.json", [(0, 0.9)], 8),
        (JINA, "tei.json", [(0, 0.9), (1, -2.5)], None),
        (COHERE, "cohere.json", [(2, 0.99), (0, 0.2)], None),
    ],
)
def test_every_servers_ranking_is_read_best_first(name, file, ranked, tokens):
    found = recorded(file, name)
    assert ranks(found) == ranked
    assert found.usage.input_tokens == tokens


def test_cohere_counts_searches():
    assert (recorded("cohere.json", COHERE).unit, recorded("cohere.json", COHERE).units) == ("request", 1)


def test_places_that_were_not_asked_about_and_seconds_of_one_are_left_out():
    odd = [
        {"index": 7, "relevance_score": 1},
        {"index": -1, "relevance_score": 1},
        {"index": 0, "relevance_score": None},
        {"index": 1, "relevance_score": 0.5},
        {"index": 1, "relevance_score": 0.4},
        {"index": 2, "relevance_score": 0.5, "document": None},
        "text",
    ]
    assert ranks(answering.reply(JINA, ASKED, {"results": odd})) == [(1, 0.5), (2, 0.5)]


def test_an_error_in_any_shape_is_one():
    assert recorded("refused.json").error.message == "Query must not be empty."
    assert recorded("refused.json", COHERE).error.message == "invalid request: documents must not be empty"
    for nothing in ({"results": []}, {}, [], {"results": {"index": 0}}):
        assert answering.reply(JINA, ASKED, nothing).state == "failed"


def test_documents_go_back_unless_they_are_not_wanted():
    done = MediaReply("succeeded", result={"scores": [{"index": 2, "score": 0.5}]}, usage=Usage(input_tokens=3))
    write = dialects.get(JINA).write
    assert json.loads(write(done, ASKED).body)["results"] == [
        {"index": 2, "relevance_score": 0.5, "document": {"text": "Oslo"}}
    ]
    unwanted = MediaRequest("m", "q", {"return_documents": False}, texts=ASKED.texts)
    assert json.loads(write(done, unwanted).body)["results"] == [{"index": 2, "relevance_score": 0.5}]
