"""What Chat Completions can say, and what no sane upstream would say in its words."""

import base64

import msgspec
from hypothesis import strategies as st

from apps.wire.events import AudioDelta, Event, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import (
    Audio,
    Citation,
    File,
    GenerationRequest,
    Image,
    Message,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Usage,
)
from apps.wire.openai_chat.counts import REASONS, reason_of

from .. import strategies as some
from ..expected.openai_chat import heard
from ..strategies import base64s, citations, counts, images, json_values, names, texts, tools, tuples, urls, words

PROSE = (Text, Reasoning, Refusal)

usages = st.builds(
    Usage,
    input_tokens=counts,
    output_tokens=counts,
    cached_tokens=counts,
    cache_write_tokens=counts,
    reasoning_tokens=counts,
    cost=st.none() | st.floats(0, 1e6),
).filter(lambda usage: usage != Usage())
signed = st.builds(
    lambda text: {"reasoning_details": [{"type": "reasoning.text", "index": 0, "text": text, "signature": "c2ln"}]},
    words,
)


signatures = st.none() | st.builds(lambda text: {"extra_content": {"google": {"thought_signature": text}}}, base64s)
samples = st.binary(min_size=2, max_size=8).map(lambda data: data[: len(data) // 2 * 2])


@st.composite
def endings(draw) -> Event:
    kind = draw(st.sampled_from(["finished", "finished", "truncated", "failed"]))
    if kind == "truncated":
        return Finished(truncated=True)
    if kind == "finished":
        raw = draw(st.sampled_from(sorted(REASONS)) | names.filter(lambda word: word != "error"))
        return Finished(reason=reason_of(raw), raw=raw)
    return draw(some.failures())


@st.composite
def streams(draw) -> list[Event]:
    """The events of a whole stream, as the decoder would number, order and end them."""
    stream = _Stream()
    for kind in draw(st.lists(st.sampled_from([*PROSE, ToolCall, Image, Citation, Audio]), max_size=5)):
        if kind is Image:
            stream.whole(draw(images))
        elif kind is Citation:
            stream.cite(draw(citations))
        elif kind is ToolCall:
            stream.call(draw(names), draw(st.lists(words, max_size=3)), draw(signatures))
        elif kind is Audio:
            stream.speak(draw(st.lists(words, max_size=2)), draw(st.lists(samples, min_size=1, max_size=3)))
        else:
            opaque = draw(st.none() | signed) if kind is Reasoning else None
            stream.say(kind, draw(st.lists(words, min_size=1, max_size=3)), opaque)
    used = [UsageReported(draw(usages))] if draw(st.booleans()) else []
    fingerprint = draw(names | st.just(""))
    return [Started(draw(names), draw(names), fingerprint), *stream.ended(), *used, draw(endings())]


class _Stream:
    """Numbers parts as they come; prose ends where another part begins, a tool call at the end."""

    def __init__(self):
        self.events, self.count, self.last_kind, self.kinds = [], 0, None, set()
        self.prose: PartEnded | None = None
        self.open: list[PartEnded] = []

    def say(self, kind, texts, opaque):
        if kind is not self.last_kind:
            index = self._begin(kind())
            self.events += [PartDelta(index, text) for text in texts]
            self.prose = PartEnded(index, Reasoning(opaque=opaque) if opaque else None)

    def call(self, name, texts, opaque):
        index = self._begin(ToolCall(id=f"call_{self.count}", name=name))
        self.events += [PartDelta(index, text) for text in texts]
        self.open.append(PartEnded(index, ToolCall(opaque=opaque) if opaque else None))

    def speak(self, texts, pieces):
        """An answer has one sound."""
        if Audio in self.kinds or _looks_coded(pieces[0]):
            return
        index = self._begin(Audio())
        self.events += [PartDelta(index, text) for text in texts]
        self.events += [AudioDelta(index, base64.b64encode(piece).decode()) for piece in pieces]
        self.open.append(PartEnded(index, Audio("audio/wav", heard(b"".join(pieces)))))

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
        self.kinds.add(type(part))
        self.events.append(PartStarted(self.count, part))
        self.count += 1
        return self.count - 1


@st.composite
def replies(draw) -> list[Event]:
    """The events of an answer that both a stream and a whole reply can say: each kind once, in the reply's order."""
    parts: list = [kind(draw(words)) for kind in (Reasoning, Text, Refusal) if draw(st.booleans())]
    parts += draw(st.lists(images, max_size=2))
    for place in range(draw(st.integers(0, 2))):
        parts.append(ToolCall(f"call_{place}", draw(names), draw(words), draw(signatures)))
    parts += draw(st.lists(citations, max_size=2, unique=True))
    events: list[Event] = [Started(draw(names), draw(names), draw(names | st.just("")))]
    for index, part in enumerate(parts):
        if isinstance(part, PROSE):
            events += [PartStarted(index, type(part)()), PartDelta(index, part.text), PartEnded(index)]
        elif isinstance(part, ToolCall):
            events += [PartStarted(index, ToolCall(part.id, part.name)), PartDelta(index, part.arguments)]
            events.append(PartEnded(index, ToolCall(opaque=part.opaque) if part.opaque else None))
        else:
            events += [PartStarted(index, part), PartEnded(index)]
    if draw(st.booleans()):
        events.append(UsageReported(draw(usages)))
    return [*events, draw(endings())]


calls = st.builds(ToolCall, id=names, name=names, arguments=words | st.just(""), opaque=signatures)
audio = st.builds(Audio, media_type=st.sampled_from(["audio/wav", "audio/mpeg"]), data=base64s)
files = (
    st.builds(File, name=names, media_type=st.sampled_from(["application/pdf", "text/plain"]), data=base64s)
    | st.builds(File, name=names, media_type=st.just("application/pdf"), url=urls)
    | st.builds(File, media_type=st.sampled_from(["video/mp4", "video/webm"]), data=base64s)
    | st.builds(File, media_type=st.just("video/mp4"), url=urls)
)
results = st.builds(ToolResult, call_id=names, content=words | st.just(""))


@st.composite
def answers(draw):
    opaque = draw(st.none() | signed)
    parts = [Reasoning(opaque=opaque)] if opaque else []
    parts += draw(st.lists(texts, max_size=2))
    parts += [draw(st.builds(Refusal, words))] if draw(st.booleans()) else []
    return Message("assistant", (*parts, *draw(st.lists(calls, max_size=2))))


messages = st.one_of(
    st.builds(Message, st.just("user"), tuples(texts | images | audio | files, max_size=3)),
    st.builds(Message, st.just("system"), tuples(texts, min_size=2, max_size=2)),
    answers(),
    st.builds(Message, st.just("tool"), tuples(results, min_size=1, max_size=2)),
)


def _apart(found: list[Message]) -> tuple[Message, ...]:
    """Tool results of neighbouring messages cannot be told apart on the wire."""
    pairs = zip(found, [None, *found], strict=False)
    return tuple(one for one, before in pairs if before is None or not one.role == before.role == "tool")


plain_requests = st.builds(
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
    tools=tuples(tools, max_size=2),
    tool_choice=st.sampled_from(["", "auto", "none", "required", "get_weather"]),
    response_schema=st.none() | some.response_schemas,
    web_search=st.booleans(),
    stream=st.booleans(),
    extra=st.dictionaries(names.map(lambda name: f"x_{name}"), json_values, max_size=2),
)


def _narrowed(request: GenerationRequest) -> GenerationRequest:
    """The same with options for its search."""
    options = {"web_search_options": {"search_context_size": "low"}} if request.web_search else {}
    return msgspec.structs.replace(request, parameters={**request.parameters, **options})


requests = plain_requests | plain_requests.map(_narrowed)

FIELDS = [
    *("id", "model", "choices", "delta", "message", "content", "reasoning", "reasoning_content", "reasoning_details"),
    *("refusal", "images", "image_url", "url", "audio", "data", "transcript", "tool_calls", "function", "name"),
    *("arguments", "index", "type", "text", "thinking", "annotations", "url_citation", "finish_reason", "usage"),
    *("prompt_tokens", "completion_tokens_details", "reasoning_tokens", "cost", "error", "code", "success", "detail"),
    *("citations", "search_results", "x_groq", "function_call", "multi_mod_content", "inline_data", "mood"),
    *("video_url", "file", "file_data", "filename", "response_format", "json_schema", "schema", "extra_content"),
    *("messages", "role", "tools", "tool_choice", "tool_call_id", "input_audio", "loc", "msg", "details", "retryDelay"),
]
odd_json = some.odd_json(FIELDS)
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
odd_documents = odd_chunks | odd_deltas | odd_json
odd_requests = some.odd_requests_of(
    "openai_chat",
    odd_json,
    lambda body: [
        body,
        {"model": "m", "messages": body if isinstance(body, list) else [body]},
        {"model": "m", "messages": [{"role": "user"}], "tools": body},
        {"model": "m", "messages": [{"role": "user"}], "response_format": body, "web_search_options": body},
    ],
)
SCRAPS = [b'{"choices":[{"delta":{"content":"a"}}]}', b'{"error":{"message":"x"}}', b'{"choices":[]}']


def _looks_coded(sound: bytes) -> bool:
    return sound.startswith((b"RIFF", b"ID3", b"OggS", b"fLaC"))


def spoiled() -> st.SearchStrategy[bytes]:
    return some.spoiled("openai_chat", SCRAPS)
