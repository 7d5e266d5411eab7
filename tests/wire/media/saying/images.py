"""What the image dialects can say."""

import json

import msgspec
from hypothesis import strategies as st

from apps.wire import sentences
from apps.wire.events import Failed
from apps.wire.media.shapes import Made, MediaReply, MediaRequest, PartialImage, Replied, Source
from apps.wire.messages import HttpRequest, Usage

from ... import strategies as some
from ...saying import gemini as of_gemini
from ...strategies import json_values, names, tuples, urls, words
from . import Saying

TYPES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/webp": b"RIFF\x04\x00\x00\x00WEBP",
}
FILES = st.builds(lambda kind, tail: (kind, TYPES[kind] + tail), st.sampled_from(sorted(TYPES)), st.binary(max_size=9))
prompts = words.filter(str.strip)
counts = st.integers(0, 2**40)
usages = st.just(Usage()) | st.builds(Usage, input_tokens=counts, output_tokens=counts)
nothing = st.just("")
texts = nothing | words.filter(str.strip)


def held(kind: str = "image", text: st.SearchStrategy[str] = texts) -> st.SearchStrategy[Made]:
    return st.builds(lambda file, text: Made(kind, file[0], file[1], text=text), FILES, text)


linked = st.builds(lambda url, text: Made("image", url=url, text=text), urls, texts)


def sources(*roles: str, name: st.SearchStrategy[str] = nothing) -> st.SearchStrategy[Source]:
    """Files that go along."""
    return st.builds(lambda role, file, name: Source(role, file[0], name, file[1]), st.sampled_from(roles), FILES, name)


def links(role: str) -> st.SearchStrategy[Source]:
    return st.builds(lambda url: Source(role, url=url), urls)


def pictures(made: tuple[Made, ...], usage: Usage) -> MediaReply:
    return MediaReply("succeeded", made=made, usage=usage, unit="image", units=float(len(made)))


def failed(error: Failed) -> MediaReply:
    return MediaReply("failed", error=error)


extras = st.dictionaries(names.map(lambda name: f"x_{name}"), json_values, max_size=2)
spoken = st.dictionaries(names.map(lambda name: f"x_{name}"), words, max_size=2)
settings = st.fixed_dictionaries(
    {},
    optional={
        "n": st.integers(1, 10),
        "size": st.sampled_from(["1024x1024", "auto", "16:9"]),
        "quality": st.sampled_from(["high", "hd"]),
        "background": st.just("transparent"),
        "output_compression": st.integers(0, 100),
        "watermark": st.booleans(),
    },
)
streamed = st.builds(lambda found, count: found | {"partial_images": count}, settings, st.integers(0, 3))


@st.composite
def generations(draw) -> MediaRequest:
    stream = draw(st.booleans())
    return MediaRequest(
        draw(prompts),
        draw(prompts),
        draw(streamed if stream else settings),
        draw(tuples(sources("reference") | links("reference"), max_size=3)),
        stream=stream,
        extra=draw(extras),
    )


@st.composite
def edits(draw) -> MediaRequest:
    """A form; JSON where an address is among the pictures."""
    stream, far = draw(st.booleans()), draw(st.booleans())
    named = nothing if far else names
    found = draw(tuples(sources("image", name=named), min_size=0 if far else 1, max_size=2))
    found += (draw(links("image")),) if far else ()
    found += draw(tuples(sources("mask", name=named), max_size=1))
    return MediaRequest(
        draw(prompts),
        draw(prompts),
        draw(streamed if stream else settings),
        found,
        task="edit",
        stream=stream,
        extra=draw(extras if far else spoken),
    )


def one_format(made: tuple[Made, ...]) -> bool:
    return len({one.media_type for one in made if one.data}) < 2


drawn = tuples(held() | linked, min_size=1, max_size=3).filter(one_format)
failures = some.failures().map(failed)
tasks = st.builds(lambda id: MediaReply("queued", id), names)
answers = st.builds(pictures, drawn, usages) | failures | tasks
polls = (
    st.builds(MediaReply, st.sampled_from(["queued", "running"]), names, st.none() | st.integers(0, 99))
    | st.builds(lambda made: pictures(made, Usage()), drawn)
    | st.builds(
        lambda id, progress, message: MediaReply("failed", id, progress, error=Failed(message=message)),
        names,
        st.none() | st.integers(0, 99),
        some.failures().map(lambda error: error.message),
    )
)


@st.composite
def streams(draw):
    steps = [PartialImage(0, draw(held()), step) for step in range(draw(st.integers(0, 3)))]
    return draw(generations() | edits()), [*steps, Replied(draw(answers))]


# Of chat models: the words stand beside the pictures, or alone.
def beside(first: Made, others: tuple[Made, ...], usage: Usage) -> MediaReply:
    return pictures((first, *others), usage)


said = st.text("ab é中", min_size=1, max_size=9).map(str.strip).filter(bool)
plain = held(text=nothing) | urls.map(lambda url: Made("image", url=f"{url}a.png"))
first = st.builds(lambda made, text: msgspec.structs.replace(made, text=text), plain, nothing | said)
conversed = st.builds(beside, first, tuples(plain, max_size=2), usages)


def wordy(reasons: list[tuple[str, str]]) -> st.SearchStrategy[MediaReply]:
    """Answers without a picture: a reason, or words."""

    def refused(pair: tuple[str, str], told: str, usage: Usage) -> MediaReply:
        template = sentences.NO_IMAGE_BUT if told else sentences.NO_IMAGE_WORD
        error = Failed(message=template.format(told=told, word=pair[1]), type=pair[0], code=pair[1])
        return MediaReply("failed", error=error, usage=usage)

    return st.builds(refused, st.sampled_from(reasons), nothing | said, usages)


GEMINI = [("content_filter", "IMAGE_SAFETY"), ("other", "NO_IMAGE"), ("content_filter", "blockReason SAFETY")]
CHAT = [("content_filter", "content_filter"), ("stop", "stop")]
gemini_replies = conversed | wordy(GEMINI[:2]) | of_gemini.failures().map(failed)
blocked = wordy(GEMINI[2:]).filter(lambda reply: "without" not in reply.error.message)
chat_replies = conversed | wordy(CHAT) | some.failures().map(failed)


def conversations(settings, far) -> st.SearchStrategy[MediaRequest]:
    return st.builds(
        MediaRequest,
        prompts,
        prompts,
        settings,
        tuples(sources("reference") | far, max_size=3),
        stream=st.booleans(),
        extra=extras,
    )


gemini_requests = conversations(
    st.fixed_dictionaries({}, optional={"aspectRatio": st.just("16:9"), "imageSize": st.just("2K"), "seed": counts}),
    st.builds(lambda url: Source("reference", "image/png", url=url), urls),
)
chat_requests = conversations(
    st.fixed_dictionaries({}, optional={"image_config": st.just({"aspect_ratio": "1:1"}), "seed": counts}),
    links("reference"),
)


@st.composite
def gemini_streams(draw):
    drafts = [PartialImage(0, draw(held(text=nothing)), step) for step in range(draw(st.integers(0, 2)))]
    return draw(gemini_requests), [*drafts, Replied(draw(gemini_replies | blocked))]


FIELDS = [
    *("data", "b64_json", "url", "revised_prompt", "images", "image", "mask", "prompt", "model", "n", "size", "stream"),
    *("type", "partial_image_index", "usage", "error", "message", "code", "task_id", "id", "status", "progress"),
    *("output", "outputs", "fail_reason", "image_url", "output_format", "input_tokens", "created", "metadata"),
]
odd = some.odd_json(FIELDS) | st.fixed_dictionaries({"data": some.odd_json(FIELDS)})


def odd_requests(value) -> list[HttpRequest]:
    body, form = json.dumps(value).encode(), {"content-type": "multipart/form-data; boundary=b"}
    named = json.dumps({"model": "m", "prompt": "p", "image": value, "mask": value, "n": value}).encode()
    part = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\n' % body[:20]
    fields = b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n%s\r\n--b--' % body
    return [
        *(
            HttpRequest("POST", f"/v1/images/{path}", {}, data)
            for path in ("generations", "edits", body.decode()[:9])
            for data in (body, named)
        ),
        *(HttpRequest("POST", "/v1/images/edits", form, data) for data in (body, part, fields, part + b"\r\n--b--")),
    ]


def odd_chats(path: str):
    def asked(value) -> list[HttpRequest]:
        bodies = [value, {"model": "m", "messages": [value]}, {"contents": [value]}, {"contents": value}]
        return [HttpRequest("POST", path, {}, json.dumps(body).encode()) for body in bodies]

    return asked


EVENTS = (b"event: error\n", b'{"data":[{"url":"https://a.b/c"}]}', b'"b64_json":"iVBORw0="', b'{"task_id":"t"}')
SAYINGS = {
    "openai_images": Saying(
        requests=generations() | edits(),
        replies=st.tuples(generations() | edits(), answers),
        odd=odd,
        odd_requests=odd_requests,
        streams=streams(),
        polls=polls,
        ids=names | words,
        scraps=EVENTS,
    ),
    "gemini_images": Saying(
        requests=gemini_requests,
        replies=st.tuples(gemini_requests, gemini_replies | blocked),
        odd=of_gemini.odd_documents | odd,
        odd_requests=odd_chats("/v1beta/models/m:generateContent"),
        streams=gemini_streams(),
        scraps=(b'"thought":true', b'"finishReason":"NO_IMAGE"'),
    ),
    "chat_images": Saying(
        requests=chat_requests,
        replies=st.tuples(chat_requests, chat_replies),
        odd=odd | some.odd_json(["choices", "message", "content", "images", "image_url", "url", "delta"]),
        odd_requests=odd_chats("/v1/chat/completions"),
        streams=st.tuples(chat_requests, chat_replies.map(lambda reply: [Replied(reply)])),
        scraps=(b"![a](data:image/png;base64,iVBORw0=)", b'"images":[]'),
    ),
}
