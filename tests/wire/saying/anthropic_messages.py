"""What Messages can say, and what no sane upstream would say in its words."""

import base64

from hypothesis import strategies as st

from apps.wire.anthropic_messages.counts import WORDS
from apps.wire.anthropic_messages.hosted import hosted_tool, name_of, status_of
from apps.wire.errors import is_retryable
from apps.wire.events import Event, Failed, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from apps.wire.messages import (
    Citation,
    File,
    GenerationRequest,
    HostedTool,
    Message,
    Reasoning,
    Refusal,
    ResponseSchema,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Usage,
)
from apps.wire.tolerant import shown

from .. import strategies as some
from ..strategies import base64s, images, json_values, names, tuples, urls, words

ids = st.text("abcdEFGH_-0123456789", min_size=1, max_size=10)
said = words.filter(str.strip)
inputs = st.dictionaries(words, json_values, max_size=2)
tokens = st.integers(0, 2**40)
called_by = st.just({"caller": {"type": "code_execution_20260120", "tool_id": "srvtoolu_1"}})


@st.composite
def usages(draw) -> Usage:
    """All of the input is what was read from the cache, what was written to it, and the rest."""
    read, written = draw(st.none() | tokens), draw(st.none() | tokens)
    plain = draw(tokens if read is None and written is None else st.none() | tokens)
    return Usage(
        input_tokens=(plain or 0) + (read or 0) + (written or 0),
        output_tokens=draw(st.integers(1, 2**40)),
        cached_tokens=read,
        cache_write_tokens=written,
        reasoning_tokens=draw(st.none() | tokens),
        cost=draw(st.none() | st.floats(0.001, 1e6)),
    )


@st.composite
def sources(draw) -> list[dict]:
    """Citations of one text, no two of the same passage."""
    found = draw(st.lists(st.tuples(urls, words, words), max_size=2, unique=True))
    return [
        {"type": "web_search_result_location", "url": url, "title": title, "encrypted_index": "x", "cited_text": text}
        for url, title, text in found
    ]


FOUND = {"type": "web_search_result", "url": "https://e.x", "title": "T", "encrypted_content": "Eq"}
PLAIN = {"type": "text", "media_type": "text/plain", "data": "x"}
GIVEN = {
    "web_search": [FOUND],
    "web_fetch": {
        "type": "web_fetch_result",
        "url": "https://e.x",
        "content": {"type": "document", "source": PLAIN, "citations": {"enabled": True}, "title": "T"},
    },
    "code_execution": {"type": "code_execution_result", "stdout": "", "stderr": "", "return_code": 1, "content": []},
}


@st.composite
def hosted_blocks(draw) -> tuple[dict, dict]:
    """A call of the upstream's own tool, and its result."""
    id, name = draw(ids), draw(st.sampled_from(sorted(GIVEN)))
    failed = {"type": f"{name}_tool_result_error", "error_code": "unavailable"}
    call = {"type": "server_tool_use", "id": id, "name": name, "input": draw(inputs)}
    content = draw(st.sampled_from([failed, GIVEN[name]]))
    return call, {"type": f"{name}_tool_result", "tool_use_id": id, "content": content}


@st.composite
def endings(draw) -> Event:
    kind = draw(st.sampled_from(["finished", "finished", "truncated", "failed"]))
    if kind == "truncated":
        return Finished(truncated=True)
    if kind == "finished":
        raw = draw(st.sampled_from(sorted(WORDS)))
        return Finished(reason=WORDS[raw], raw=raw)
    failed = draw(some.failures())
    type = failed.type or "api_error"
    return Failed(failed.message, type, failed.code, failed.param, 0, is_retryable(0, failed.code or type))


@st.composite
def streams(draw) -> list[Event]:
    """The events of a whole stream, as the decoder would number, order and end them."""
    stream = _Stream(draw)
    for kind in draw(st.lists(st.sampled_from(_Stream.KINDS), max_size=5)):
        getattr(stream, kind)()
    left = stream.tool_running() if draw(st.booleans()) else []
    end = draw(endings())
    if isinstance(end, Finished) and end.raw == "refusal" and draw(st.booleans()):
        stream.whole(Refusal(draw(words)))
    used = [UsageReported(draw(usages()))] if draw(st.booleans()) else []
    return [Started(draw(names), draw(names)), *stream.events, *left, *used, end]


replies = streams


class _Stream:
    KINDS = ("text", "thought", "call", "calls_at_once", "tool", "picture", "redacted", "upload", "lone_result")

    def __init__(self, draw):
        self.draw, self.events, self.count, self.offset = draw, [], 0, 0

    def whole(self, part):
        self.events += [PartStarted(self.count, part), PartEnded(self.count)]
        self.count += 1

    def grown(self, part, pieces, end=None):
        self.events += [PartStarted(self.count, part), *(PartDelta(self.count, piece) for piece in pieces)]
        self.events.append(PartEnded(self.count, end))
        self.count += 1

    def text(self):
        pieces, found = self.draw(st.lists(words, max_size=3)), self.draw(sources())
        self.grown(Text(), pieces, Text(opaque={"citations": found}) if found else None)
        start, self.offset = self.offset, self.offset + len("".join(pieces))
        for raw in found:
            citation = Citation(raw["url"], raw["title"], start, self.offset, raw["cited_text"])
            if all(getattr(event, "part", None) != citation for event in self.events):
                self.whole(citation)

    def thought(self):
        signature = self.draw(st.none() | base64s)
        end = Reasoning(opaque={"signature": signature}) if signature else None
        self.grown(Reasoning(), self.draw(st.lists(words, max_size=2)), end)

    def call(self):
        opaque = self.draw(st.none() | called_by)
        self.grown(ToolCall(self.draw(ids), self.draw(names), opaque=opaque), [shown(self.draw(inputs))])

    def calls_at_once(self):
        begun = [PartStarted(self.count + place, ToolCall(self.draw(ids), "f")) for place in (0, 1)]
        grown = [PartDelta(event.index, shown(self.draw(inputs))) for event in reversed(begun)]
        self.events += [*begun, *grown, *(PartEnded(event.index) for event in begun)]
        self.count += 2

    def tool(self):
        call, result = self.draw(hosted_blocks())
        opaque = {"server_tool_use": call, "tool_result": result}
        end = HostedTool(status=status_of(result), opaque=opaque)
        arguments = [shown(call["input"])] if call["input"] else []
        self.grown(HostedTool(call["id"], name_of(call), status="running"), arguments, end)

    def tool_running(self):
        """A tool whose result never came: it ends with the answer."""
        call = {"type": "server_tool_use", "id": "last", "name": "web_search", "input": {"query": "x"}}
        self.grown(HostedTool("last", "web_search", status="running"), [shown(call["input"])])
        index = self.events.pop().index
        return [PartEnded(index, HostedTool(opaque={"server_tool_use": call}))]

    def picture(self):
        self.whole(self.draw(images))

    def redacted(self):
        self.whole(Reasoning(opaque={"redacted": self.draw(base64s)}))

    def upload(self):
        raw = {"type": "container_upload", "file_id": self.draw(ids)}
        self.whole(HostedTool(name="code_interpreter", status="completed", opaque={"content_block": raw}))

    def lone_result(self):
        raw = {"type": "web_search_tool_result", "tool_use_id": "nobody", "content": []}
        self.whole(HostedTool("nobody", "web_search", status="completed", opaque={"tool_result": raw}))


pdfs = st.builds(File, words | st.just(""), st.just("application/pdf"), base64s)
pdf_links = st.builds(lambda name, url: File(name, "application/pdf", url=url), words, urls)
text_files = st.builds(
    lambda name, text: File(name, "text/plain", base64.b64encode(text.encode()).decode()), words, words
)
texts = st.builds(Text, said)
cited_texts = st.builds(lambda text, found: Text(text, opaque={"citations": found} if found else None), said, sources())
thoughts = st.builds(lambda text, data: Reasoning(text, opaque={"signature": data}), words | st.just(""), base64s)
redacted = st.builds(lambda data: Reasoning(opaque={"redacted": data}), base64s)
calls = st.builds(ToolCall, ids, names, inputs.map(shown), opaque=st.none() | called_by)
hosted = hosted_blocks().map(lambda blocks: (hosted_tool(*blocks),))
uploads = st.builds(
    lambda id: HostedTool(
        "", "code_interpreter", "", "completed", {"content_block": {"type": "container_upload", "file_id": id}}
    ),
    ids,
)
crossed = st.tuples(hosted_blocks(), hosted_blocks()).map(
    lambda pairs: tuple(
        hosted_tool(call | {"id": f"h{n}"}, result | {"tool_use_id": f"h{n}"}, 2)
        for n, (call, result) in enumerate(pairs)
    )
)
pieces = st.one_of(
    *(strategy.map(lambda part: (part,)) for strategy in (cited_texts, thoughts, redacted, uploads)), hosted, crossed
)


@st.composite
def conversations(draw) -> tuple[Message, ...]:
    """Users and assistants in turn, each call with its result."""
    found = [Message("user", draw(tuples(texts | images | pdfs | pdf_links | text_files, min_size=1, max_size=3)))]
    for _ in range(draw(st.integers(0, 2))):
        parts = [part for group in draw(st.lists(pieces, max_size=2)) for part in group] or [draw(texts)]
        called = draw(st.lists(calls, max_size=2, unique_by=lambda call: call.id))
        found.append(Message("assistant", (*_unlike(parts), *called)))
        results = [ToolResult(call.id, draw(words | st.just("")), draw(st.booleans())) for call in called]
        found += [Message("tool", tuple(results))] if results else []
        if not results or draw(st.booleans()):
            found.append(Message("user", draw(tuples(texts, min_size=1, max_size=2))))
    if draw(st.booleans()):
        found.append(Message("assistant", (draw(hosted_blocks().map(lambda blocks: hosted_tool(blocks[0], None))),)))
    return tuple(found)


def _unlike(parts: list) -> list:
    """Two tools of one id cannot be told apart."""
    seen: set[str] = set()
    return [part for part in parts if not isinstance(part, HostedTool) or not (part.id in seen or seen.add(part.id))]


@st.composite
def settings(draw) -> dict:
    given = draw(
        st.fixed_dictionaries(
            {"max_tokens": st.integers(4097, 100_000)},
            optional={
                "temperature": st.floats(0, 1),
                "stop_sequences": st.lists(words, max_size=3),
                "effort": st.sampled_from(["low", "max"]),
                "user_id": words,
                "anthropic_beta": st.lists(ids, min_size=1, max_size=2),
                "cache_control": st.just(True),
                "mcp_servers": st.lists(inputs, max_size=1),
            },
        )
    )
    kind = draw(st.sampled_from(["", "adaptive", "enabled", "disabled"]))
    if kind:
        given["thinking"] = kind
    if kind == "enabled":
        given["thinking_budget"] = draw(st.integers(1024, 4096))
    if kind in ("adaptive", "enabled") and draw(st.booleans()):
        given["thinking_display"] = "summarized"
    if given.get("cache_control") and draw(st.booleans()):
        given["cache_ttl"] = draw(st.sampled_from(["5m", "1h"]))
    return given


tools = st.builds(
    lambda name, about, schema, strict: Tool(name, about, {**schema, "type": "object"}, strict),
    names,
    words | st.just(""),
    inputs,
    st.booleans(),
)
schemas = st.builds(
    lambda names: ResponseSchema(
        "answer",
        {"type": "object", "properties": {name: {"type": "string"} for name in names}, "additionalProperties": False},
    ),
    st.lists(names, max_size=2),
)


@st.composite
def whole_requests(draw) -> GenerationRequest:
    messages, given = draw(conversations()), draw(settings())
    if any(isinstance(part, File) for message in messages for part in message.parts) and draw(st.booleans()):
        given["citations"] = True
    own, searches = draw(tuples(tools, max_size=2)), draw(st.booleans())
    choice = ""
    if searches and draw(st.booleans()):
        given |= {"web_search_version": "web_search_20260209", "web_search_max_uses": 3}
        given |= {"web_search_allowed_domains": ["e.x"]}
    if own or searches:
        choice = draw(st.sampled_from(["", "auto", "none", "required", "get_weather"]))
    if choice not in ("", "none") and draw(st.booleans()):
        given["parallel_tool_calls"] = draw(st.booleans())
    return GenerationRequest(
        model=draw(words),
        messages=messages,
        system=draw(said | st.just("")),
        parameters=given,
        tools=own,
        tool_choice=choice,
        response_schema=draw(st.none() | schemas),
        web_search=searches,
        stream=draw(st.booleans()),
        extra=draw(st.dictionaries(names.map(lambda name: f"x_{name}"), json_values, max_size=2)),
    )


requests = whole_requests()

FIELDS = [
    *("type", "index", "message", "content_block", "delta", "usage", "error", "content", "role", "id", "model"),
    *("text", "thinking", "signature", "data", "name", "input", "partial_json", "citation", "citations", "url"),
    *("title", "cited_text", "source", "media_type", "tool_use_id", "is_error", "caller", "stop_reason"),
    *("stop_details", "explanation", "input_tokens", "output_tokens", "cache_read_input_tokens", "mood"),
    *("output_tokens_details", "thinking_tokens", "messages", "system", "tools", "tool_choice", "cache_control"),
    *("input_schema", "budget_tokens", "format", "schema", "effort", "user_id", "ttl", "enabled"),
]
TYPES = [
    *("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta"),
    *("message_stop", "message", "ping", "error", "text", "thinking", "redacted_thinking", "tool_use", "image"),
    *("server_tool_use", "mcp_tool_use", "web_search_tool_result", "mcp_tool_result", "container_upload", "mood"),
    *("text_delta", "thinking_delta", "signature_delta", "input_json_delta", "citations_delta", "document"),
    *("tool_result", "base64", "url", "auto", "tool", "custom", "web_search_20250305", "enabled", "json_schema"),
]
odd_json = some.odd_json(FIELDS)
odd_typed = st.builds(
    lambda value, type: {**value, "type": type},
    st.dictionaries(st.sampled_from(FIELDS), odd_json, max_size=4),
    st.sampled_from(TYPES),
)
odd_events = st.builds(
    lambda value, type, name, inner, index: {**value, "type": type, name: inner, "index": index},
    st.dictionaries(st.sampled_from(FIELDS), odd_json, max_size=2),
    st.sampled_from(TYPES[:9]),
    st.sampled_from(["content_block", "delta", "message"]),
    odd_typed,
    st.sampled_from([0, 1, None, "0"]),
)
odd_replies = st.lists(odd_typed, max_size=3).map(
    lambda content: {"type": "message", "role": "assistant", "content": content}
)
odd_documents = odd_events | odd_typed | odd_replies | odd_json
odd_requests = some.odd_requests_of(
    "anthropic_messages",
    odd_typed | odd_json,
    lambda body: [
        body,
        {"model": "m", "messages": body if isinstance(body, list) else [body]},
        {"model": "m", "messages": [{"role": "user", "content": [body]}], "system": [body]},
        {"model": "m", "messages": [{"role": "assistant", "content": body}], "thinking": body, "metadata": body},
        {"model": "m", "messages": [{"role": "user", "content": "x"}], "tools": body, "output_config": body},
        {"model": "m", "messages": [{"role": "user", "content": "x"}], "tools": [body], "tool_choice": body},
    ],
    path="/v1/messages",
)
SCRAPS = [
    b'{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}',
    b'{"type":"content_block_stop","index":0}',
    b'{"type":"message_stop"}',
    b'{"type":"error","error":{"message":"x"}}',
]


def spoiled() -> st.SearchStrategy[bytes]:
    return some.spoiled("anthropic_messages", SCRAPS)
