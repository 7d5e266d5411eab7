"""What Gemini's format can say, and what no sane upstream would say in its words."""

import base64

import msgspec
from hypothesis import strategies as st

from apps.wire.errors import is_retryable
from apps.wire.events import (
    AudioDelta,
    Event,
    Failed,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    Started,
    UsageReported,
)
from apps.wire.gemini.counts import BLOCKED, REASONS, reason_of
from apps.wire.gemini.encoder import STATUSES
from apps.wire.gemini.grounding import fetched, searched
from apps.wire.messages import (
    Audio,
    Citation,
    File,
    GenerationRequest,
    HostedTool,
    Image,
    Message,
    Reasoning,
    ResponseSchema,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Usage,
)
from apps.wire.sound import wav
from apps.wire.tolerant import shown

from .. import strategies as some
from ..strategies import base64s, json_values, names, texts, tuples, urls, words

signatures = st.none() | base64s.map(lambda text: {"thoughtSignature": text})
objects = st.dictionaries(words, json_values, max_size=3)
pictures = st.builds(Image, media_type=st.sampled_from(["image/png", "image/webp"]), data=base64s, opaque=signatures)
linked = st.builds(Image, media_type=st.just("image/jpeg"), url=urls, opaque=signatures)
drafts = st.builds(Image, media_type=st.just("image/png"), data=base64s, opaque=st.just({"thought": True}))
kinds = st.sampled_from(["application/pdf", "video/mp4", "text/plain", "text/csv"])
files = st.builds(File, media_type=kinds, data=base64s) | st.builds(File, media_type=kinds, url=urls)
named = st.builds(lambda file, name: msgspec.structs.replace(file, name=name), files, words)
few = st.integers(0, 2**50)


@st.composite
def usages(draw) -> Usage:
    """Thoughts are part of the output."""
    thoughts, answer = draw(st.none() | few), draw(st.none() | few)
    output = answer if thoughts is None else thoughts + (answer or 0)
    asked, cached = draw(st.none() | few), draw(st.none() | few)
    usage = Usage(input_tokens=asked, output_tokens=output, cached_tokens=cached, reasoning_tokens=thoughts)
    return usage if usage != Usage() else Usage(input_tokens=0)


@st.composite
def failures(draw) -> Failed:
    code, status = draw(st.sampled_from(sorted(STATUSES.items())))
    message = draw(st.text("ab 中é.", min_size=1, max_size=20).map(str.strip).filter(bool))
    return Failed(message, status, str(code), "", 0, is_retryable(0, str(code)))


def code_of(id: str, code: str) -> HostedTool:
    part = {"executableCode": {"id": id, "language": "PYTHON", "code": code}}
    arguments = shown({"language": "PYTHON", "code": code})
    return HostedTool(id, "code_interpreter", arguments, "running", {"parts": [part]})


def search_of(id: str, query: str) -> HostedTool:
    part = {"toolCall": {"id": id, "toolType": "GOOGLE_SEARCH_WEB", "args": {"queries": [query]}}}
    return HostedTool(id, "web_search", shown({"queries": [query]}), "running", {"parts": [part]})


def outcome_of(tool: HostedTool, output: str, signature: dict | None = None) -> HostedTool:
    """What a tool's end brings: its status and both of its parts."""
    if tool.name == "web_search":
        part = {"toolResponse": {"id": tool.id, "toolType": "GOOGLE_SEARCH_WEB", "response": {"text": output}}}
    else:
        part = {"codeExecutionResult": {"id": tool.id, "outcome": "OUTCOME_OK", "output": output}}
    return HostedTool(status="completed", opaque={"parts": [*tool.opaque["parts"], part | (signature or {})]})


class _Stream:
    """Numbers parts as they come. Prose ends where another part begins; sound and a running tool may end last."""

    def __init__(self):
        self.events, self.count, self.text = [], 0, ""
        self.prose: tuple[type, PartEnded] | None = None
        self.open: list[PartEnded] = []

    def say(self, kind, pieces, opaque=None):
        if opaque:
            index = self._begin(kind(opaque=opaque))
            self.events += [PartDelta(index, piece) for piece in pieces]
            self.events.append(PartEnded(index))
        elif self.prose is None or self.prose[0] is not kind:
            index = self._begin(kind())
            self.events += [PartDelta(index, piece) for piece in pieces]
            self.prose = kind, PartEnded(index)
        else:
            return
        self.text += "".join(pieces) if kind is Text else ""

    def call(self, part, arguments):
        index = self._begin(part)
        self.events += [PartDelta(index, arguments), PartEnded(index)]

    def whole(self, part):
        self.events.append(PartEnded(self._begin(part)))

    def run(self, tool, end):
        index = self._begin(tool)
        if end:
            self.events.append(PartEnded(index, end))
        else:
            self.open.append(PartEnded(index, HostedTool(status="failed")))

    def play(self, pieces):
        index = self._begin(Audio(media_type="audio/pcm;rate=24000"))
        coded = [base64.b64encode(piece).decode() for piece in pieces]
        self.events += [AudioDelta(index, piece) for piece in coded]
        sound = base64.b64encode(wav(b"".join(pieces), 24_000)).decode()
        self.open.append(PartEnded(index, Audio(media_type="audio/wav", data=sound)))

    def close(self):
        ends = self.open + ([self.prose[1]] if self.prose else [])
        self.events += sorted(ends, key=lambda event: event.index)
        self.prose, self.open = None, []

    def _begin(self, part):
        if self.prose:
            self.events.append(self.prose[1])
        self.prose = None
        self.events.append(PartStarted(self.count, part))
        self.count += 1
        return self.count - 1


samples = st.binary(min_size=1, max_size=4).map(lambda piece: piece * 2)
KINDS = ["text", "thought", "signed text", "signed thought", "call", "whole", "code", "search", "sound"]


@st.composite
def streams(draw) -> list[Event]:
    """The events of a whole stream, as the decoder would number, order and end them."""
    stream = _Stream()
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=5)):
        if kind in ("text", "thought"):
            stream.say({"text": Text, "thought": Reasoning}[kind], draw(st.lists(words, min_size=1, max_size=3)))
        elif kind in ("signed text", "signed thought"):
            opaque = {"thoughtSignature": draw(base64s)}
            stream.say(Text if kind == "signed text" else Reasoning, draw(st.lists(words, max_size=1)), opaque)
        elif kind == "call":
            stream.call(ToolCall(draw(names), draw(names), opaque=draw(signatures)), shown(draw(objects)))
        elif kind == "whole":
            stream.whole(draw(pictures | linked | drafts | files | named))
        elif kind == "sound" and not any(isinstance(end.part, Audio) for end in stream.open):
            stream.play(draw(st.lists(samples, min_size=1, max_size=3)))
        elif kind in ("code", "search"):
            tool = (code_of if kind == "code" else search_of)(f"{kind}_{stream.count}", draw(words))
            stream.run(tool, draw(st.none() | st.builds(outcome_of, st.just(tool), words, signatures)))
    calls = sum(isinstance(getattr(event, "part", None), ToolCall) for event in stream.events)
    searching = any(getattr(getattr(event, "part", None), "name", "") == "web_search" for event in stream.events)
    stream.close()
    for part in draw(sources(stream.text, searching)):
        stream.whole(part)
    used = [UsageReported(draw(usages()))] if draw(st.booleans()) else []
    end = draw(endings(calls > 0, stream.count == 0))
    return [Started(draw(names), draw(names)), *stream.events, *used, end]


@st.composite
def sources(draw, text: str, searching: bool) -> list[HostedTool | Citation]:
    """What stands beside the content: searches, pages, then what is cited, and what was found besides."""
    queries = [] if searching else draw(st.lists(words, max_size=2))
    pages = draw(st.dictionaries(urls, st.booleans(), max_size=2))
    tools = [searched("web_search", queries)] if queries else []
    tools += [fetched(url, well) for url, well in pages.items()]
    spans = st.tuples(st.integers(0, max(0, len(text) - 1)), st.integers(1, max(1, len(text)))).filter(
        lambda span: span[0] < span[1]
    )
    found = draw(st.lists(st.tuples(urls, words | st.just(""), words | st.just("")), max_size=3, unique=True))
    cited = [(source, draw(spans)) for source in found[:2]] if text else []
    named = [Citation(url, title, *span, quote) for (url, title, quote), span in cited]
    return [*tools, *named, *(Citation(url, title, quote=quote) for url, title, quote in found[len(cited) :])]


@st.composite
def endings(draw, calls: bool, empty: bool) -> Event:
    kind = draw(st.sampled_from(["finished", "finished", "truncated", "failed", "blocked"]))
    if kind == "truncated":
        return Finished(truncated=True)
    if kind == "failed":
        return draw(failures())
    if kind == "blocked" and empty:
        return Finished(reason="content_filter", raw=f"{BLOCKED}{draw(st.sampled_from(['SAFETY', 'OTHER']))}")
    raw = draw(st.sampled_from([*sorted(REASONS), "A_NEWER_ONE"]))
    return Finished(reason=reason_of(raw, calls), raw=raw)


replies = streams

calls = st.builds(ToolCall, id=names, name=names, arguments=objects.map(shown), opaque=signatures)
audio = st.builds(Audio, media_type=st.sampled_from(["audio/wav", "audio/mpeg"]), data=base64s)
wrapped = objects.filter(lambda found: not {"result", "output", "error"} & found.keys()).map(shown)
results = st.builds(ToolResult, call_id=names, name=names, content=words | wrapped) | st.builds(
    ToolResult, call_id=names, name=names, content=words, is_error=st.just(True)
)
signed = base64s.map(lambda text: {"thoughtSignature": text})
ran = st.builds(code_of, names, words).flatmap(
    lambda tool: st.builds(outcome_of, st.just(tool), words, signatures).map(
        lambda end: msgspec.structs.replace(tool, status=end.status, opaque=end.opaque)
    )
)
answered = st.one_of(
    texts,
    st.builds(Text, words | st.just(""), opaque=signed),
    st.builds(Reasoning, words | st.just(""), opaque=signed),
    calls,
    ran,
    pictures,
    linked,
)
messages = st.one_of(
    st.builds(Message, st.just("user"), tuples(texts | pictures | linked | audio | files, min_size=1, max_size=3)),
    st.builds(Message, st.just("assistant"), tuples(answered, min_size=1, max_size=3)),
    st.builds(Message, st.just("tool"), tuples(results, min_size=1, max_size=2)),
)


def _apart(found: list[Message]) -> tuple[Message, ...]:
    """Turns of the model are put together, and it never begins."""
    kept: list[Message] = []
    for message in found:
        if message.role != "assistant" or (kept and kept[-1].role != "assistant"):
            kept.append(message)
    return tuple(kept) or (Message("user", (Text("Hi"),)),)


plain = {"type": "OBJECT", "properties": {"city": {"type": "string", "enum": ["Oslo"]}}, "required": ["city"]}
strict = {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "additionalProperties": False}
schemas = st.sampled_from([plain, strict]) | objects
tools = st.builds(Tool, name=names, description=words | st.just(""), schema=schemas)

requests = st.builds(
    GenerationRequest,
    model=words,
    messages=st.lists(messages, min_size=1, max_size=4).map(_apart),
    system=words | st.just(""),
    parameters=st.fixed_dictionaries(
        {},
        optional={
            "temperature": st.floats(0, 2),
            "maxOutputTokens": st.integers(1, 100_000),
            "stopSequences": st.lists(words, max_size=4),
            "thinkingBudget": st.integers(-1, 1000),
            "includeThoughts": st.booleans(),
            "thinkingLevel": st.sampled_from(["low", "high"]),
            "responseMimeType": st.sampled_from(["text/x.enum", "text/plain"]),
            "responseModalities": st.lists(st.sampled_from(["TEXT", "IMAGE"]), min_size=1, max_size=2),
            "aspectRatio": st.just("16:9"),
            "imageSize": st.just("2K"),
            "voiceName": words,
            "languageCode": words,
            "safetySettings": st.lists(objects, max_size=2),
            "labels": objects,
            "codeExecution": st.just(True),
            "urlContext": st.just(True),
        },
    ),
    tools=tuples(tools, max_size=2),
    tool_choice=st.sampled_from(["", "auto", "none", "required", "get_weather"]),
    response_schema=st.none() | st.builds(ResponseSchema, name=st.just("response"), schema=schemas),
    web_search=st.booleans(),
    stream=st.booleans(),
    extra=st.dictionaries(
        names.map(lambda name: f"x_{name}"), json_values.filter(lambda value: value != {}), max_size=2
    ),
)

FIELDS = [
    *("candidates", "content", "parts", "role", "text", "thought", "thoughtSignature", "functionCall", "name", "args"),
    *("id", "partialArgs", "jsonPath", "stringValue", "numberValue", "willContinue", "inlineData", "mimeType", "data"),
    *(
        "inline_data",
        "mime_type",
        "fileData",
        "fileUri",
        "executableCode",
        "codeExecutionResult",
        "outcome",
        "toolCall",
    ),
    *("toolResponse", "toolType", "audioTranscription", "finishReason", "finish_reason", "finishMessage", "index"),
    *("groundingMetadata", "webSearchQueries", "groundingChunks", "groundingSupports", "segment", "startIndex"),
    *("endIndex", "partIndex", "groundingChunkIndices", "web", "uri", "title", "urlContextMetadata", "urlMetadata"),
    *("retrievedUrl", "citationMetadata", "citations", "promptFeedback", "blockReason", "usageMetadata"),
    *(
        "promptTokenCount",
        "totalTokenCount",
        "modelVersion",
        "responseId",
        "error",
        "code",
        "message",
        "status",
        "mood",
    ),
    *("contents", "systemInstruction", "generationConfig", "thinkingConfig", "responseSchema", "tools"),
    *("functionDeclarations", "googleSearch", "toolConfig", "functionCallingConfig", "mode", "functionResponse"),
]
odd_json = some.odd_json(FIELDS)
odd_candidates = st.dictionaries(
    st.sampled_from(
        ["finishReason", "finishMessage", "index", "groundingMetadata", "citationMetadata", "urlContextMetadata"]
    ),
    odd_json,
    max_size=4,
)
odd_parts = st.lists(st.dictionaries(st.sampled_from(FIELDS[4:30]), odd_json, max_size=4) | odd_json, max_size=3)
odd_chunks = st.builds(
    lambda parts, candidate: {"candidates": [{"content": {"parts": parts}} | candidate]}, odd_parts, odd_candidates
)
odd_grounding = st.dictionaries(st.sampled_from(FIELDS[31:50]), odd_json, max_size=4).map(
    lambda found: {"candidates": [{"content": {"parts": [{"text": "é"}]}, "groundingMetadata": found}]}
)
odd_documents = odd_chunks | odd_grounding | odd_json
odd_requests = some.odd_requests_of(
    "gemini",
    odd_json,
    lambda body: [
        body,
        {"contents": body},
        {"contents": [{"role": "model", "parts": body if isinstance(body, list) else [body]}]},
        {"contents": [{"parts": [{"text": "x"}]}], "tools": body, "toolConfig": body},
        {"contents": [{"parts": [{"text": "x"}]}], "generationConfig": body, "systemInstruction": body},
    ],
)
SCRAPS = [
    b'{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}',
    b'[{"candidates":[{"content":{"parts":[{"text":"a"}]}}]},\n',
    b'{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}',
    b'{"usageMetadata":{"promptTokenCount":1}}',
    b"[{",
    b"}]",
    b'"',
    b"\\",
]


def spoiled() -> st.SearchStrategy[bytes]:
    return some.spoiled("gemini", SCRAPS)
