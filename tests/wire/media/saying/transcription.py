"""What the transcription dialect can say."""

import json

from hypothesis import strategies as st

from apps.wire.media import multipart
from apps.wire.media.shapes import MediaReply, MediaRequest, Replied, Source, TextDelta
from apps.wire.media.transcription import subtitles
from apps.wire.messages import HttpRequest, Usage

from ... import strategies as some
from . import Saying
from .images import failed, prompts, usages

FIELDS = ["text", "language", "duration", "segments", "words", "word", "start", "end", "speaker", "usage", "type"]
FIELDS += ["seconds", "error", "message", "delta", "model", "file", "stream"]
TYPES = {"audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/webm": ".webm", "audio/ogg": ".ogg"}
recordings = st.builds(
    lambda kind, name, data: Source("audio", kind, f"{name}{TYPES[kind]}", data),
    st.sampled_from(sorted(TYPES)),
    some.names,
    st.binary(min_size=1, max_size=20),
)
lists = st.lists(some.words, min_size=1, max_size=3)
spoken = st.dictionaries(
    some.names.map(lambda name: f"x_{name}"), some.words | st.lists(some.words, min_size=2), max_size=2
)
requests = st.builds(
    MediaRequest,
    model=prompts,
    prompt=some.words | st.just(""),
    parameters=st.fixed_dictionaries(
        {},
        optional={
            "language": some.words,
            "response_format": st.sampled_from(["json", "srt"]),
            "temperature": st.floats(0, 1),
            "timestamp_granularities": lists,
            "include": lists,
            "chunking_strategy": some.words,
            "known_speaker_names": lists,
            "keywords": lists,
        },
    ),
    sources=recordings.map(lambda source: (source,)),
    task=st.sampled_from(["", "translate"]),
    stream=st.booleans(),
    extra=spoken,
)
said = st.text("abc .,中文é'", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
moments = st.integers(0, 400_000_000).map(lambda thousandths: thousandths / 1000)
seconds = st.floats(0, 1e6).filter(bool)


def spans(inner: str, **more) -> st.SearchStrategy[dict]:
    times = {"start": moments, "end": moments, inner: said}
    return st.fixed_dictionaries(times, optional=more)


@st.composite
def billed(draw, told: float | None = None) -> dict:
    """Tokens, or seconds: the sound's own where nothing is said."""
    usage = draw(usages)
    if usage != Usage():
        return {"usage": usage}
    units = draw(st.none() | seconds) or told
    return {"unit": "second", "units": units} if units else {}


def asked(format: str, stream: bool = False) -> MediaRequest:
    source = Source("audio", "audio/mpeg", "a.mp3", b"ID3")
    return MediaRequest("m", parameters={"response_format": format}, sources=(source,), stream=stream)


@st.composite
def replies(draw) -> tuple[MediaRequest, MediaReply]:
    format = draw(st.sampled_from(["json", "text", "srt", "vtt", "verbose_json", "diarized_json"]))
    if draw(st.integers(0, 4)) == 0:
        return asked(format), failed(draw(some.failures()))
    if format in ("srt", "vtt"):
        voices = {"speaker": said} if format == "vtt" else {}
        cues = draw(st.lists(spans("text", **voices), min_size=1, max_size=3))
        written = {"srt": subtitles.srt, "vtt": subtitles.vtt}[format](cues)
        result = {"text": subtitles.said(cues), "segments": cues, "subtitles": written}
        return asked(format), MediaReply("succeeded", result=result)
    result = {"text": draw(said)}
    if format == "text":
        return asked(format), MediaReply("succeeded", result=result)
    told = draw(told_of(format))
    return asked(format), MediaReply("succeeded", result=result | told, **draw(billed(told.get("seconds"))))


def told_of(format: str) -> st.SearchStrategy[dict]:
    if format == "json":
        return st.just({})
    voices = {"speaker": said} if format == "diarized_json" else {}
    rest = {"seconds": seconds, "segments": st.lists(spans("text", **voices), min_size=1, max_size=3)}
    if format == "verbose_json":
        rest |= {"language": said, "words": st.lists(spans("word"), min_size=1, max_size=3)}
    return st.fixed_dictionaries({}, optional=rest)


@st.composite
def streams(draw):
    format = draw(st.sampled_from(["json", "diarized_json"]))
    deltas = [TextDelta(piece) for piece in draw(st.lists(some.words, max_size=4))]
    if draw(st.integers(0, 4)) == 0:
        return asked(format, True), [*deltas, Replied(failed(draw(some.failures())))]
    result = {"text": draw(some.words)}
    if format == "diarized_json" and draw(st.booleans()):
        result["segments"] = draw(st.lists(spans("text", speaker=said), min_size=1, max_size=2))
    return asked(format, True), [*deltas, Replied(MediaReply("succeeded", result=result, **draw(billed())))]


def odd_requests(value) -> list[HttpRequest]:
    """Forms whose fields are odd, forms without a file, and bodies that are no forms."""
    told = json.dumps(value)
    fields = [("model", "m"), ("temperature", told), ("prompt[]", told), (told, told)]
    upload = multipart.Upload("file", "a.mp3", "audio/mpeg", b"ID3")
    found = []
    for files in ([upload], []):
        kind, body = multipart.build(fields, files)
        found.append(HttpRequest("POST", "/v1/audio/transcriptions", {"Content-Type": kind}, body))
        found.append(HttpRequest("POST", "/v1/audio/translations", {"content-type": kind}, body[:-9]))
    return [*found, HttpRequest("POST", "/v1/audio/transcriptions", {}, told.encode())]


SAYINGS = {
    "openai_transcription": Saying(
        requests=requests,
        replies=replies(),
        streams=streams(),
        odd=some.odd_json(FIELDS),
        odd_requests=odd_requests,
        scraps=(b"WEBVTT", b"00:00:01.000 --> 00:00:02.000", b"<v A>", b'{"type":"transcript.text.done"}', b"-->"),
    )
}
