"""What Responses can say, and what no sane upstream would say in its words."""

import json

from hypothesis import strategies as st

from apps.wire.events import (
    Event,
    Finished,
    PartDelta,
    PartEnded,
    PartStarted,
    PartUpdated,
    Started,
    UsageReported,
)
from apps.wire.messages import (
    Citation,
    File,
    GenerationRequest,
    HostedTool,
    Image,
    Message,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    Usage,
)

from .. import strategies as some
from ..strategies import base64s, counts, json_values, names, response_schemas, texts, tools, tuples, urls, words
from .openai_chat import audio, images

usages = st.builds(
    Usage,
    input_tokens=counts,
    output_tokens=counts,
    cached_tokens=counts,
    cache_write_tokens=counts,
    reasoning_tokens=counts,
    cost=st.none() | st.floats(0, 1e6),
).filter(lambda usage: usage != Usage())
pictures = st.builds(Image, media_type=st.sampled_from(["image/png", "image/webp", "image/jpeg"]), data=base64s)
pieces = st.lists(words, min_size=1, max_size=3)
searches = words.map(lambda query: {"type": "search", "query": query})


@st.composite
def endings(draw, truncated: bool, called: bool) -> Event:
    kind = draw(st.sampled_from(["completed", "completed", "length", "content_filter", "other", "truncated", "failed"]))
    if kind == "failed":
        return draw(some.failures())
    if kind == "truncated" and truncated:
        return Finished(truncated=True)
    if kind in ("completed", "truncated"):
        return Finished(reason="tool_calls" if called else "stop", raw="completed")
    raws = {"length": "max_output_tokens", "content_filter": "content_filter", "other": "cancelled"}
    return Finished(reason=kind, raw=raws[kind])


@st.composite
def streams(draw, whole: bool = False) -> list[Event]:
    """The events of a whole stream, as the decoder would number, order and end them."""
    stream = _Stream(draw, whole)
    kinds = ["text", "text", "refusal", "reasoning", "call", "custom", "search", "mcp", "picture", "citation"]
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=5)):
        getattr(stream, kind)()
    ending = draw(endings(truncated=not whole, called=stream.called))
    told = not getattr(ending, "truncated", False) and draw(st.booleans())
    used = [UsageReported(draw(usages))] if told else []
    return [Started(draw(names), draw(names)), *stream.events, *used, ending]


def replies() -> st.SearchStrategy[list[Event]]:
    """The events of an answer that both a stream and a whole reply can say: all but an end that nobody told."""
    return streams(whole=True)


class _Stream:
    """Parts one after the other; what follows a reasoning that goes back has its id."""

    def __init__(self, draw, whole):
        self.draw, self.whole = draw, whole
        self.events, self.count, self.length, self.before = [], 0, 0, 0
        self.signed = self.called = False
        self.last: type | None = None

    def text(self):
        index, said = self._begin(Text()), self.draw(pieces)
        self.events += [PartDelta(index, text) for text in said]
        self.before, self.length = self.length, self.length + len("".join(said))
        item = {"id": f"msg_{index}"} if self.signed else {}
        if self.draw(st.booleans()):
            item = {"id": f"msg_{index}", "phase": "commentary"}
        self._end(index, Text(opaque={"item": item}) if item else None)

    def refusal(self):
        index = self._begin(Refusal())
        self.events += [PartDelta(index, text) for text in self.draw(pieces)]
        self._end(index)

    def reasoning(self):
        index, said = self._begin(Reasoning()), self.draw(st.lists(words, max_size=3))
        self.events += [PartDelta(index, text) for text in said]
        if not self.draw(st.booleans()):
            self._end(index)
            return
        self.signed = True
        summary = [{"type": "summary_text", "text": "".join(said)}] if said else []
        item = {"id": f"rs_{index}", "type": "reasoning", "summary": summary, "encrypted_content": self.draw(base64s)}
        self._end(index, Reasoning(opaque={"item": item}))

    def call(self):
        self._call({}, f"fc_{self.count}")

    def custom(self):
        self._call({"item": {"type": "custom_tool_call"}}, f"ctc_{self.count}")

    def search(self):
        id, action = f"ws_{self.count}", self.draw(searches)
        index = self._begin(HostedTool(id=id, name="web_search", status="running"))
        status = self.draw(st.sampled_from(["completed", "failed"]))
        if self.draw(st.booleans()):
            self.events.append(PartUpdated(index, HostedTool(status=status)))
        item = {"id": id, "type": "web_search_call", "status": status, "action": action}
        asked = _text({"query": action["query"]})
        self._end(index, HostedTool(arguments=asked, status=status, opaque={"item": item}))

    def mcp(self):
        id, said = f"mcp_{self.count}", self.draw(st.lists(words, max_size=3))
        index = self._begin(HostedTool(id=id, name="mcp", status="running"))
        self.events += [PartDelta(index, text) for text in said]
        item = {"id": id, "type": "mcp_call", "status": "completed", "arguments": "".join(said), "output": "y"}
        self._end(index, HostedTool(status="completed", opaque={"item": item}))

    def picture(self):
        id, image = f"ig_{self.count}", self.draw(pictures)
        tool = self._begin(HostedTool(id=id, name="image_generation", status="running"))
        partial = self.draw(st.lists(pictures, max_size=2))
        index = self._begin(partial[0] if partial else Image())
        self.events += [PartUpdated(index, found) for found in partial[1:]]
        self._end(index, image)
        format = image.media_type.removeprefix("image/")
        item = {"id": id, "type": "image_generation_call", "status": "completed", "output_format": format}
        self._end(tool, HostedTool(status="completed", opaque={"item": item}))

    def citation(self):
        """A whole reply tells its sources with the text, a stream at any time after it has begun."""
        if not self.length or (self.whole and self.last not in (Text, Citation)):
            return
        offsets = st.none() | st.integers(self.before, 2**40)
        url = f"https://{self.count}.example/"
        citation = Citation(url=url, title=self.draw(words), start=self.draw(offsets), end=self.draw(offsets))
        self._end(self._begin(citation))

    def _call(self, opaque, id):
        self.called = True
        call = ToolCall(id=f"call_{self.count}", name=self.draw(names), opaque=opaque or None)
        index = self._begin(call)
        self.events += [PartDelta(index, text) for text in self.draw(st.lists(words, max_size=3))]
        item = {**opaque.get("item", {}), "id": id}
        self._end(index, ToolCall(opaque={"item": item}) if self.signed else None)

    def _begin(self, part):
        self.events.append(PartStarted(self.count, part))
        self.last = type(part)
        self.count += 1
        return self.count - 1

    def _end(self, index, part=None):
        self.events.append(PartEnded(index, part))


def _text(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


files = st.builds(File, name=names, media_type=st.just("application/pdf"), data=base64s) | st.builds(File, url=urls)
results = st.builds(ToolResult, call_id=names, content=words | st.just(""))
reasonings = st.builds(
    lambda text, secret: Reasoning(
        text=text,
        opaque={
            "item": {
                "id": "rs_1",
                "type": "reasoning",
                "summary": [{"type": "summary_text", "text": text}],
                "encrypted_content": secret,
            }
        },
    ),
    words,
    base64s,
)
hosted = st.builds(
    lambda id, query: HostedTool(
        id=id,
        name="web_search",
        arguments=_text({"query": query}),
        status="completed",
        opaque={
            "item": {
                "id": id,
                "type": "web_search_call",
                "status": "completed",
                "action": {"type": "search", "query": query},
            }
        },
    ),
    names,
    words,
)


@st.composite
def answers(draw):
    """With reasoning that goes back, the rest may have ids; without, it has none."""
    signed = draw(st.booleans())
    parts: list = [draw(reasonings)] if signed else []
    for place, kind in enumerate(draw(st.lists(st.sampled_from([Text, Refusal, ToolCall, HostedTool]), max_size=4))):
        id = {"item": {"id": f"x_{place}"}} if signed and draw(st.booleans()) else None
        if kind is Text:
            parts.append(Text(draw(words), opaque=id))
        elif kind is Refusal:
            parts.append(Refusal(draw(words)))
        elif kind is ToolCall:
            custom = {"type": "custom_tool_call"} if draw(st.booleans()) else {}
            item = custom | (id["item"] if id else {})
            opaque = {"item": item} if item else None
            parts.append(ToolCall(draw(names), draw(names), draw(words | st.just("")), opaque=opaque))
        else:
            parts.append(draw(hosted))
    return Message("assistant", tuple(parts))


messages = st.one_of(
    st.builds(Message, st.just("user"), tuples(texts | images | audio | files, max_size=3)),
    st.builds(Message, st.just("system"), tuples(texts, min_size=2, max_size=2)),
    answers().filter(lambda message: message.parts),
    st.builds(Message, st.just("tool"), tuples(results, min_size=1, max_size=2)),
)


def _apart(found: list[Message]) -> tuple[Message, ...]:
    """Neighbouring messages of an assistant or of tools cannot be told apart on the wire."""
    pairs = zip(found, [None, *found], strict=False)
    return tuple(one for one, before in pairs if before is None or one.role != before.role or one.role == "user")


@st.composite
def _requests(draw) -> GenerationRequest:
    searches = draw(st.booleans())
    kept = draw(st.booleans())
    schema = draw(st.none() | response_schemas)
    turns = draw(st.lists(messages, min_size=1, max_size=4))
    turns = _apart([message for message in turns if not (kept and message.role == "assistant")])
    optional = {
        "temperature": st.floats(0, 2),
        "max_output_tokens": st.integers(1, 100_000),
        "reasoning.effort": st.sampled_from(["low", "high"]),
        "reasoning.summary": st.just("auto"),
        "text.verbosity": st.just("low"),
        "store": st.booleans(),
        "background": st.booleans(),
        "metadata": st.dictionaries(names, words, max_size=2),
        "include": st.just(["file_search_call.results"]),
        "tools": st.just([{"type": "image_generation", "partial_images": 2}]),
    }
    if searches:
        optional["web_search_type"] = st.just("web_search_preview")
        optional["web_search_options"] = st.just({"search_context_size": "low"})
    if schema is None:
        optional["text.format"] = st.just({"type": "json_object"})
    return GenerationRequest(
        model=draw(words),
        messages=turns,
        system=draw(words | st.just("")),
        parameters=draw(st.fixed_dictionaries({}, optional=optional)),
        tools=draw(tuples(tools, max_size=2)),
        tool_choice=draw(st.sampled_from(["", "auto", "none", "required", "get_weather"])),
        response_schema=schema,
        web_search=searches,
        previous_id="resp_1" if kept else "",
        stream=draw(st.booleans()),
        extra=draw(st.dictionaries(names.map(lambda name: f"x_{name}"), json_values, max_size=2)),
    )


requests = _requests()

FIELDS = [
    *("type", "id", "item", "item_id", "output_index", "content_index", "summary_index", "part", "delta", "text"),
    *("refusal", "response", "model", "status", "output", "content", "role", "summary", "encrypted_content", "phase"),
    *("call_id", "name", "arguments", "input", "action", "sources", "url", "title", "annotations", "annotation"),
    *("start_index", "end_index", "result", "output_format", "partial_image_b64", "error", "code", "message", "param"),
    *("usage", "input_tokens", "output_tokens", "output_tokens_details", "reasoning_tokens", "incomplete_details"),
    *("reason", "image_url", "file_data", "file_url", "input_audio", "data", "format", "tools", "tool_choice", "mood"),
    *("sequence_number", "queries", "namespace", "caller", "transcript"),
]
EVENTS = [
    *("created", "completed", "incomplete", "failed", "output_item.added", "output_item.done", "content_part.added"),
    *("content_part.done", "output_text.delta", "output_text.done", "output_text.annotation.added", "refusal.delta"),
    *("refusal.done", "function_call_arguments.delta", "function_call_arguments.done", "custom_tool_call_input.delta"),
    *("reasoning_summary_part.added", "reasoning_summary_text.delta", "reasoning_text.delta", "reasoning_text.done"),
    *("web_search_call.searching", "web_search_call.completed", "image_generation_call.partial_image", "audio.delta"),
    *("code_interpreter_call_code.delta", "code_interpreter_call_code.done", "mcp_call_arguments.delta", "mood"),
    *("audio.transcript.delta", "image_generation_call.completed", "mcp_list_tools.failed"),
]
ITEMS = [
    *("message", "reasoning", "function_call", "custom_tool_call", "web_search_call", "image_generation_call"),
    *("code_interpreter_call", "mcp_call", "compaction", "mood"),
]
odd_json = some.odd_json(FIELDS)
odd_items = st.fixed_dictionaries(
    {"type": st.sampled_from(ITEMS)}, optional={name: odd_json for name in FIELDS[1:] if name not in ("item", "type")}
)
odd_contents = st.fixed_dictionaries(
    {"type": st.sampled_from(["output_text", "refusal", "summary_text", "reasoning_text", "output_audio", "mood"])},
    optional={"text": odd_json, "refusal": odd_json, "annotations": odd_json, "data": odd_json, "image_url": odd_json},
)
odd_messages = st.fixed_dictionaries({"type": st.just("message"), "content": st.lists(odd_contents, max_size=2)})
odd_events = st.fixed_dictionaries(
    {"type": st.sampled_from(EVENTS).map(lambda name: f"response.{name}")},
    optional=dict.fromkeys(FIELDS[3:9], odd_json) | {"item": odd_items | odd_messages, "part": odd_contents},
)
odd_replies = st.fixed_dictionaries(
    {"output": st.lists(odd_items | odd_messages | odd_json, max_size=3)}, optional={"status": odd_json, "id": odd_json}
)
odd_ends = odd_replies.map(lambda reply: {"type": "response.completed", "response": reply})
odd_documents = odd_events | odd_replies | odd_ends | odd_json
odd_requests = some.odd_requests_of(
    "openai_responses",
    odd_json | odd_items | odd_messages,
    lambda body: [
        body,
        {"model": "m", "input": body if isinstance(body, list) else [body]},
        {"model": "m", "input": body},
        {"model": "m", "input": "x", "tools": body, "text": {"format": body}},
        {"model": "m", "input": "x", "tool_choice": body, "include": body, "reasoning": body},
    ],
)
SCRAPS = [
    b'{"type":"response.output_text.delta","delta":"a"}',
    b'{"type":"response.completed","response":{}}',
    b'{"type":"error","message":"x"}',
]


def spoiled() -> st.SearchStrategy[bytes]:
    return some.spoiled("openai_responses", SCRAPS)
