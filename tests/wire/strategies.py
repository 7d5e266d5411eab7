"""Generated values of the wire: what a format can say, and what no sane upstream would."""

from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from apps.wire.errors import is_retryable
from apps.wire.events import (
    Event,
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    Started,
    UsageReported,
)
from apps.wire.messages import (
    Audio,
    Citation,
    GenerationRequest,
    Image,
    Message,
    Reasoning,
    Refusal,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Usage,
)
from apps.wire.openai_chat.counts import REASONS, reason_of

from .reading import NAMES, recorded

PROSE = (Text, Reasoning, Refusal)


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

usages = st.builds(
    Usage,
    input_tokens=counts,
    output_tokens=counts,
    cached_tokens=counts,
    reasoning_tokens=counts,
    cost=st.none() | st.floats(0, 1e6),
).filter(lambda usage: usage != Usage())
images = st.builds(Image, media_type=st.sampled_from(["image/png", "image/webp"]), data=base64s) | st.builds(
    Image, url=urls
)
citations = st.builds(Citation, url=urls, title=words, start=counts, end=counts)
signed = st.builds(
    lambda text: {"reasoning_details": [{"type": "reasoning.text", "index": 0, "text": text, "signature": "c2ln"}]},
    words,
)


@st.composite
def endings(draw) -> Event:
    kind = draw(st.sampled_from(["finished", "finished", "truncated", "failed"]))
    if kind == "truncated":
        return Finished(truncated=True)
    if kind == "finished":
        raw = draw(st.sampled_from(sorted(REASONS)) | names.filter(lambda word: word != "error"))
        return Finished(reason=reason_of(raw), raw=raw)
    type, code = draw(names | st.just("")), draw(names | st.just(""))
    message = draw(st.text("ab 中é.", min_size=1, max_size=20).map(str.strip).filter(bool))
    return Failed(message, type, code, draw(names | st.just("")), 0, is_retryable(0, code or type))


@st.composite
def streams(draw) -> list[Event]:
    """The events of a whole stream, as the decoder would number, order and end them."""
    stream = _Stream()
    for kind in draw(st.lists(st.sampled_from([*PROSE, ToolCall, Image, Citation]), max_size=5)):
        if kind is Image:
            stream.whole(draw(images))
        elif kind is Citation:
            stream.cite(draw(citations))
        elif kind is ToolCall:
            stream.call(draw(names), draw(st.lists(words, max_size=3)))
        else:
            opaque = draw(st.none() | signed) if kind is Reasoning else None
            stream.say(kind, draw(st.lists(words, min_size=1, max_size=3)), opaque)
    used = [UsageReported(draw(usages))] if draw(st.booleans()) else []
    return [Started(draw(names), draw(names)), *stream.ended(), *used, draw(endings())]


class _Stream:
    """Numbers parts as they come; prose ends where another part begins, a tool call at the end."""

    def __init__(self):
        self.events, self.count, self.last_kind = [], 0, None
        self.prose: PartEnded | None = None
        self.open: list[PartEnded] = []

    def say(self, kind, texts, opaque):
        if kind is not self.last_kind:
            index = self._begin(kind())
            self.events += [PartDelta(index, text) for text in texts]
            self.prose = PartEnded(index, Reasoning(opaque=opaque) if opaque else None)

    def call(self, name, texts):
        index = self._begin(ToolCall(id=f"call_{self.count}", name=name))
        self.events += [PartDelta(index, text) for text in texts]
        self.open.append(PartEnded(index))

    def whole(self, part):
        self.events.append(PartEnded(self._begin(part)))

    def cite(self, citation):
        if all(getattr(event, "part", None) != citation for event in self.events):
            self.events += [PartStarted(self.count, citation), PartEnded(self.count)]
            self.count += 1

    def ended(self):
        return self.events + sorted(self.open + [self.prose] * bool(self.prose), key=lambda event: event.index)

    def _begin(self, part):
        if self.prose:
            self.events.append(self.prose)
        self.prose, self.last_kind = None, type(part)
        self.events.append(PartStarted(self.count, part))
        self.count += 1
        return self.count - 1


@st.composite
def replies(draw) -> list[Event]:
    """The events of an answer that both a stream and a whole reply can say: each kind once, in the reply's order."""
    parts: list = [kind(draw(words)) for kind in (Reasoning, Text, Refusal) if draw(st.booleans())]
    parts += draw(st.lists(images, max_size=2))
    parts += [ToolCall(f"call_{place}", draw(names), draw(words)) for place in range(draw(st.integers(0, 2)))]
    parts += draw(st.lists(citations, max_size=2, unique=True))
    events: list[Event] = [Started(draw(names), draw(names))]
    for index, part in enumerate(parts):
        if isinstance(part, PROSE):
            events += [PartStarted(index, type(part)()), PartDelta(index, part.text), PartEnded(index)]
        elif isinstance(part, ToolCall):
            events += [PartStarted(index, ToolCall(part.id, part.name)), PartDelta(index, part.arguments)]
            events.append(PartEnded(index))
        else:
            events += [PartStarted(index, part), PartEnded(index)]
    if draw(st.booleans()):
        events.append(UsageReported(draw(usages)))
    return [*events, draw(endings())]


texts = st.builds(Text, words)
calls = st.builds(ToolCall, id=names, name=names, arguments=words | st.just(""))
audio = st.builds(Audio, media_type=st.sampled_from(["audio/wav", "audio/mpeg"]), data=base64s)
results = st.builds(ToolResult, call_id=names, content=words | st.just(""))


def _tuple(strategy, **sizes):
    return st.lists(strategy, **sizes).map(tuple)


@st.composite
def answers(draw):
    opaque = draw(st.none() | signed)
    parts = [Reasoning(opaque=opaque)] if opaque else []
    parts += draw(st.lists(texts, max_size=2))
    parts += [draw(st.builds(Refusal, words))] if draw(st.booleans()) else []
    return Message("assistant", (*parts, *draw(st.lists(calls, max_size=2))))


messages = st.one_of(
    st.builds(Message, st.just("user"), _tuple(texts | images | audio, max_size=3)),
    st.builds(Message, st.just("system"), _tuple(texts, min_size=2, max_size=2)),
    answers(),
    st.builds(Message, st.just("tool"), _tuple(results, min_size=1, max_size=2)),
)


def _apart(found: list[Message]) -> tuple[Message, ...]:
    """Tool results of neighbouring messages cannot be told apart on the wire."""
    pairs = zip(found, [None, *found], strict=False)
    return tuple(one for one, before in pairs if before is None or not one.role == before.role == "tool")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
tools = st.builds(
    Tool, name=names, description=words | st.just(""), schema=st.dictionaries(words, json_values, max_size=2)
)

requests = st.builds(
    GenerationRequest,
    model=words,
    messages=st.lists(messages, min_size=1, max_size=4).map(_apart),
    system=words | st.just(""),
    parameters=st.fixed_dictionaries(
        {},
        optional={
            "temperature": st.floats(0, 2),
            "max_tokens": st.integers(1, 100_000),
            "stop": st.lists(words, max_size=4),
            "logit_bias": st.dictionaries(names, st.integers(-100, 100), max_size=2),
            "enable_thinking": st.booleans(),
        },
    ),
    tools=_tuple(tools, max_size=2),
    tool_choice=st.sampled_from(["", "auto", "none", "required", "get_weather"]),
    stream=st.booleans(),
    extra=st.dictionaries(names.map(lambda name: f"x_{name}"), json_values, max_size=2),
)

FIELDS = [
    *("id", "model", "choices", "delta", "message", "content", "reasoning", "reasoning_content", "reasoning_details"),
    *("refusal", "images", "image_url", "url", "audio", "data", "transcript", "tool_calls", "function", "name"),
    *("arguments", "index", "type", "text", "thinking", "annotations", "url_citation", "finish_reason", "usage"),
    *("prompt_tokens", "completion_tokens_details", "reasoning_tokens", "cost", "error", "code", "success", "detail"),
    *("citations", "search_results", "x_groq", "function_call", "multi_mod_content", "inline_data", "mood"),
    *("messages", "role", "tools", "tool_choice", "tool_call_id", "input_audio", "loc", "msg", "details", "retryDelay"),
]
odd_scalars = st.sampled_from(
    [None, True, 0, -1, 2**70, 1.5, "", "x", "text", "image_url", "user", "tool", "error", "7s"]
)
odd_json = st.recursive(
    odd_scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=10,
)
odd_choices = st.fixed_dictionaries(
    {},
    optional={"delta": odd_json, "message": odd_json, "finish_reason": odd_json, "index": odd_json, "error": odd_json},
)
odd_chunks = st.fixed_dictionaries(
    {"choices": st.lists(odd_choices, max_size=2)},
    optional={"usage": odd_json, "error": odd_json, "citations": odd_json},
)
odd_deltas = st.dictionaries(st.sampled_from(FIELDS), odd_json, max_size=4).map(
    lambda delta: {"choices": [{"index": 0, "delta": delta}]}
)

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
    *(b'{"choices":[{"delta":{"content":"a"}}]}', b'{"error":{"message":"x"}}', b'{"choices":[]}'),
]
scraps = st.lists(st.sampled_from(SCRAPS), max_size=14).map(b"".join)


@st.composite
def spoiled(draw) -> bytes:
    """A recorded stream with a few bytes replaced, dropped or put in."""
    data = recorded(draw(st.sampled_from(NAMES)))
    for _ in range(draw(st.integers(0, 4))):
        place, length = draw(st.integers(0, len(data))), draw(st.integers(0, 6))
        data = data[:place] + draw(st.binary(max_size=4) | scraps) + data[place + length :]
    return data
