"""Generated values of the wire that all formats share. What each can say is in `saying`."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from apps.wire.errors import is_retryable
from apps.wire.events import Failed
from apps.wire.formats import get
from apps.wire.messages import Citation, HttpRequest, Image, ResponseSchema, Text, Tool

from .reading import recorded, recordings


def law(cases: int):
    """A property over that many generated cases."""
    unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=cases, deadline=None, database=None, suppress_health_check=unhurried)


characters = st.one_of(
    st.sampled_from('aé中🚀\u2028\u0085\r\n\t"\\ \ufeff\u200d{}[]:$'), st.characters(exclude_categories=["Cs"])
)
words = st.text(characters, min_size=1, max_size=12)
names = st.text("abcdefgh_-.:0123456789", min_size=1, max_size=10)
base64s = st.text("ABCDabcd0123+/", min_size=1, max_size=12)
counts = st.none() | st.integers(0, 2**53 - 1)
urls = names.map(lambda name: f"https://{name}.example/")


def chunked(data: bytes, cuts: list[int]) -> list[bytes]:
    """The bytes cut at those places."""
    places = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


cuts = st.lists(st.integers(0, 1_000_000), max_size=12)

images = st.builds(Image, media_type=st.sampled_from(["image/png", "image/webp"]), data=base64s) | st.builds(
    Image, url=urls
)
citations = st.builds(Citation, url=urls, title=words, start=counts, end=counts)
texts = st.builds(Text, words)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
tools = st.builds(
    Tool,
    name=names,
    description=words | st.just(""),
    schema=st.dictionaries(words, json_values, max_size=2),
    strict=st.booleans(),
)

response_schemas = st.builds(
    ResponseSchema, name=names, schema=st.dictionaries(words, json_values, max_size=2), strict=st.booleans()
)


def tuples(strategy: st.SearchStrategy[Any], **sizes: int) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, **sizes).map(tuple)


@st.composite
def failures(draw) -> Failed:
    """An error within a stream, as OpenAI's error object tells it."""
    type, code, param = (draw(names | st.just("")) for _ in range(3))
    message = draw(st.text("ab 中é.", min_size=1, max_size=20).map(str.strip).filter(bool))
    return Failed(message, type, code, param, 0, is_retryable(0, code or type))


ERROR_FIELDS = ["error", "message", "msg", "detail", "details", "type", "code", "param", "status", "success", "loc"]
ERROR_FIELDS += ["metadata", "raw", "retryDelay", "choices"]
odd_scalars = st.sampled_from(
    [None, True, 0, -1, 2**70, 1.5, "", "x", "text", "image_url", "user", "tool", "error", "7s"]
)


def odd_json(fields: list[str]) -> st.SearchStrategy[Any]:
    """JSON values whose objects have those fields, with anything in them."""
    return st.recursive(
        odd_scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(fields), inner, max_size=4),
        max_leaves=10,
    )


def odd_requests_of(
    format: str, odd: st.SearchStrategy[Any], bodies: Callable[[Any], list[Any]], path: str = ""
) -> st.SearchStrategy[list[HttpRequest]]:
    """Requests whose bodies are made of an odd value."""

    def sent(body: Any) -> HttpRequest:
        return HttpRequest("POST", path or get(format).path, {}, json.dumps(body).encode())

    return odd.map(lambda value: [sent(body) for body in bodies(value)])


SCRAPS = [
    *(b"data:", b"data: ", b"\n", b"\r", b"\r\n", b"\n\n", b":", b"id: 1", b"event: error", b"event: ping"),
    *(
        b"{",
        b"}",
        b'"',
        b" ",
        b"null",
        b"[DONE]",
        b"<html>",
        b"\xef\xbb\xbf",
        b"\xe4\xb8",
        b"\\ud83d",
        b"\x00",
        b"\xff",
    ),
    *(b'{"choices":[]}', b'{"error":{"message":"x"}}', b'{"type":"ping"}', b'{"candidates":[]}'),
]
scraps = st.lists(st.sampled_from(SCRAPS), max_size=14).map(b"".join)


@st.composite
def spoiled(draw, format: str, own: list[bytes]) -> bytes:
    """A recorded stream of the format with a few bytes replaced, dropped or put in, some of them its own."""
    data = recorded(draw(st.sampled_from(recordings(format))), format)
    for _ in range(draw(st.integers(0, 4))):
        place, length = draw(st.integers(0, len(data))), draw(st.integers(0, 6))
        put = draw(st.binary(max_size=4) | scraps | st.sampled_from(own))
        data = data[:place] + put + data[place + length :]
    return data
