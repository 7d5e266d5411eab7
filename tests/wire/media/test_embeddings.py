"""Embeddings: the shapes of inputs, and of vectors that come back."""

import base64
import json

import pytest

from apps.wire.exceptions import InvalidRequest
from apps.wire.media import dialects
from apps.wire.media.embeddings.vectors import vector_of
from apps.wire.media.shapes import MediaReply, MediaRequest, Source
from apps.wire.messages import HttpRequest, Usage

from . import answering
from .reading import FIXTURES

NAME, GEMINI = "openai_embeddings", "gemini_embeddings"
TWO = MediaRequest("text-embedding-3-small", texts=("red kite", "blue sea"))
PNG = b"\x89PNG\r\n\x1a\n"
PICTURE = Source("image", "image/png", data=PNG)
LINK = Source("image", url="https://e.x/a.png")
CODED = base64.b64encode(PNG).decode()


def reply(body, request=TWO, name=NAME) -> MediaReply:
    return answering.reply(name, request, body)


def recorded(file: str, request=TWO, name=NAME) -> MediaReply:
    return reply((FIXTURES / name / file).read_bytes(), request, name)


def parse(document) -> MediaRequest:
    return dialects.get(NAME).parse(HttpRequest("POST", "/v1/embeddings", body=json.dumps(document).encode()))


def test_the_encoding_is_always_said():
    built = {"model": "text-embedding-3-small", "input": ["red kite", "blue sea"], "encoding_format": "float"}
    assert answering.built(NAME, TWO) == built
    packed = MediaRequest("m", texts=("a",), parameters={"encoding_format": "base64", "dimensions": 8})
    assert answering.built(NAME, packed) == {
        "model": "m",
        "input": ["a"],
        "encoding_format": "base64",
        "dimensions": 8,
    }


def test_texts_are_sent_as_they_are():
    told = (" a\nb ", "query: x")
    assert answering.built(NAME, MediaRequest("bge-m3", texts=told))["input"] == list(told)


def test_vectors_are_put_in_the_order_of_the_inputs():
    listed = recorded("listed.json")
    assert listed.result == {"vectors": [[0.0123, -0.0456], [0.02, 0.01]], "fused": False}
    assert listed.usage == Usage(input_tokens=5)
    assert recorded("dashscope.json").result["vectors"] == [[1.0, 2.0], [3.0, 4.0]]


def test_base64_is_little_endian_floats_and_each_item_says_itself_what_it_is():
    assert recorded("base64.json", MediaRequest("m", texts=("x",))).result["vectors"] == [[1.0, -2.0]]
    mixed = {"data": [{"index": 0, "embedding": "AACAPwAAAMA="}, {"index": 1, "embedding": [0.5, 1]}]}
    assert reply(mixed).result["vectors"] == [[1.0, -2.0], [0.5, 1.0]]


@pytest.mark.parametrize(
    "odd", ["AAA=", "?", "", [], ["x"], [True], [1e400], None, {"embedding": {"embedding": [1]}}, 7]
)
def test_what_is_no_vector_is_none(odd):
    assert vector_of(odd) is None
    assert reply({"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": odd}]}).state == "failed"


@pytest.mark.parametrize(
    "document",
    [
        {"embeddings": [[1, 2], [3, 4]]},
        {"embeddings": {"float": [[1, 2], [3, 4]]}},
        {"embeddings": [{"values": [1, 2]}, {"values": [3, 4]}]},
        [{"embedding": [1, 2]}, {"embedding": [3, 4]}],
        [[1, 2], [3, 4]],
        {"output": {"embeddings": [{"embedding": [1, 2]}, {"embedding": [3, 4]}]}},
    ],
)
def test_vectors_are_found_where_each_server_puts_them(document):
    assert reply(document).result["vectors"] == [[1, 2], [3, 4]]


def test_one_vector_of_several_inputs_is_of_all_of_them():
    assert recorded("fused.json").result == {"vectors": [[0.5, -0.5]], "fused": True}
    assert recorded("fused.json", MediaRequest("m", texts=("x",))).result["fused"] is False
    assert reply({"data": [{"index": 0, "embedding": [1]}]}).result["fused"] is True


def test_more_vectors_or_fewer_than_inputs_are_not_matched_by_guessing():
    three = {"data": [{"index": place, "embedding": [1]} for place in range(3)]}
    assert reply(three).error.message == "The upstream gave 3 vectors for 2 inputs."


def test_usage_may_be_missing():
    assert reply({"embeddings": [[1], [2]]}).usage == Usage()
    assert recorded("dashscope.json").usage == Usage(input_tokens=9)


def test_an_error_or_an_empty_list_is_no_answer():
    assert recorded("refused.json").error.param == "dimensions"
    for nothing in ({"data": []}, {}, [], {"object": "list"}):
        assert reply(nothing).state == "failed"


def test_an_empty_text_is_refused_before_the_batch_fails():
    for wrong in (MediaRequest("m"), MediaRequest("m", texts=("a", " "))):
        for name in (NAME, GEMINI):
            with pytest.raises(InvalidRequest):
                dialects.get(name).build(wrong)
    with pytest.raises(InvalidRequest) as refused:
        dialects.get(NAME).build(MediaRequest("m", sources=(PICTURE,), parameters={"shape": "plain"}))
    assert refused.value.param == "shape"


def test_texts_and_pictures_are_put_together_as_the_vendor_does():
    def told(model, **parameters):
        request = MediaRequest(model, texts=("a kite",), sources=(LINK, PICTURE), parameters=parameters)
        return answering.built(NAME, request)

    assert told("jina-clip-v2")["input"] == [{"text": "a kite"}, {"image": "https://e.x/a.png"}, {"image": CODED}]
    assert told("doubao-embedding-vision")["input"] == [
        {"type": "text", "text": "a kite"},
        {"type": "image_url", "image_url": {"url": "https://e.x/a.png"}},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{CODED}"}},
    ]
    dashscope = told("multimodal-embedding-v1", dimensions=1024)
    assert dashscope == {
        "model": "multimodal-embedding-v1",
        "input": {
            "contents": [
                {"text": "a kite"},
                {"image": "https://e.x/a.png"},
                {"image": f"data:image/png;base64,{CODED}"},
            ]
        },
        "parameters": {"dimension": 1024},
    }
    assert told("some-clip", shape="doubao")["input"][0]["type"] == "text"


def test_every_shape_of_input_is_understood():
    assert parse({"model": "m", "input": "one"}).texts == ("one",)
    assert parse({"model": "m", "input": [1, 2]}).texts == ("1 2",)
    assert parse({"model": "m", "input": [[1], [2, 3]]}).texts == ("1", "2 3")
    clip = parse({"model": "m", "input": [{"text": "a"}, {"image": CODED}, "b"]})
    assert (clip.texts, clip.sources, clip.parameters) == (("a", "b"), (PICTURE,), {})
    for wrong in ("", [], [""], [{"text": ""}], [{"audio": "x"}], None, 7, {"contents": []}):
        with pytest.raises(InvalidRequest):
            parse({"model": "m", "input": wrong})


def test_a_model_is_offered_what_it_has():
    def named(model):
        return {parameter.name: parameter for parameter in dialects.get(NAME).parameters(model, "")}

    assert named("text-embedding-3-small")["dimensions"].maximum == 1536
    assert "dimensions" not in named("text-embedding-ada-002")
    assert "late_chunking" in named("jina-embeddings-v3") and "late_chunking" not in named("bge-m3")
    assert "shape" in named("jina-clip-v2")
    assert dialects.get(NAME).inputs("jina-clip-v2", "").most == {"image": 16}
    assert dialects.get(NAME).inputs("text-embedding-3-small", "").most == {}


def test_gemini_is_asked_for_one_content_or_for_a_batch():
    build = dialects.get(GEMINI).build
    settings = {"taskType": "CLUSTERING", "outputDimensionality": 768}
    one = build(MediaRequest("gemini-embedding-001", texts=("x",), parameters=settings))
    assert (one.path, one.key_as) == ("/v1beta/models/gemini-embedding-001:embedContent", "x-goog-api-key")
    asked = {"model": "models/gemini-embedding-001", "content": {"parts": [{"text": "x"}]}, **settings}
    assert json.loads(one.body) == asked
    many = build(MediaRequest("gemini-embedding-001", texts=("x", "x"), parameters=settings))
    assert many.path.endswith(":batchEmbedContents")
    assert json.loads(many.body) == {"requests": [asked, asked]}


def test_geminis_vectors_and_names_in_either_case_are_read():
    one = MediaRequest("m", texts=("x",))
    assert recorded("one.json", one, GEMINI).result["vectors"] == [[0.1, 0.2]]
    assert recorded("many.json", TWO, GEMINI).usage == Usage(input_tokens=7)
    assert recorded("refused.json", TWO, GEMINI).error.type == "RESOURCE_EXHAUSTED"
    snake = b'{"content":{"parts":[{"inline_data":{"mime_type":"image/png","data":"' + CODED.encode() + b'"}}]},'
    sent = HttpRequest("POST", "/v1beta/models/m:embedContent", body=snake + b'"task_type":"CLUSTERING"}')
    parsed = dialects.get(GEMINI).parse(sent)
    assert (parsed.sources, parsed.parameters) == ((PICTURE,), {"taskType": "CLUSTERING"})
