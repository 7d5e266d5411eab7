"""What the speech dialect can say."""

import json

from hypothesis import strategies as st

from apps.wire.media.shapes import Made, MediaReply, MediaRequest, Replied, SoundChunk
from apps.wire.messages import HttpRequest
from apps.wire.sound import wav

from ... import strategies as some
from . import Saying
from .images import extras, failed, linked, prompts

STARTS = {
    "mp3": ("audio/mpeg", b"\xff\xfb\x90\x64"),
    "opus": ("audio/ogg", b"OggS"),
    "aac": ("audio/aac", b"\xff\xf1"),
    "flac": ("audio/flac", b"fLaC"),
}
FIELDS = ["model", "input", "voice", "id", "speed", "stream_format", "error", "message", "type", "audio", "delta"]
FIELDS += ["url", "data", "usage", "output", "b64_json", "input_tokens"]
formats = st.sampled_from([*STARTS, "wav", "pcm"])
samples = st.binary(max_size=20).map(lambda tail: b"\0\0" + tail + tail)
requests = st.builds(
    MediaRequest,
    model=prompts,
    prompt=prompts,
    parameters=st.fixed_dictionaries(
        {"voice": prompts},
        optional={"response_format": formats, "speed": st.floats(0.25, 4), "instructions": some.words},
    ),
    stream=st.booleans(),
    extra=extras,
)


@st.composite
def sounds(draw, format: str) -> tuple[str, bytes, Made]:
    """The type of the bytes on the wire, these bytes, and the file that they are."""
    if format in ("wav", "pcm"):
        bare = draw(samples)
        made = Made("audio", "audio/wav", wav(bare))
        return ("audio/wav", made.data, made) if format == "wav" else ("audio/pcm;rate=24000", bare, made)
    kind, start = STARTS[format]
    data = start + draw(st.binary(max_size=90))
    return kind, data, Made("audio", kind, data)


def asked(format: str, stream: bool = False) -> MediaRequest:
    return MediaRequest("m", "words", {"voice": "alloy", "response_format": format}, stream=stream)


@st.composite
def replies(draw) -> tuple[MediaRequest, MediaReply]:
    format = draw(formats)
    made = draw(linked)
    told = Made("audio", url=made.url)
    found = draw(st.sampled_from([draw(sounds(format))[2], told]))
    return asked(format), draw(st.just(MediaReply("succeeded", made=(found,))) | some.failures().map(failed))


@st.composite
def streams(draw):
    """What was used is told by a stream alone."""
    format = draw(formats)
    kind, data, made = draw(sounds(format))
    places = [0, *sorted(draw(st.sets(st.integers(8, max(8, len(data) - 1)), max_size=3)) if len(data) > 8 else ())]
    pieces = [data[start:end] for start, end in zip(places, [*places[1:], len(data)], strict=True)]
    chunks = [SoundChunk(piece, kind) for piece in pieces]
    return asked(format, True), [*chunks, Replied(MediaReply("succeeded", made=(made,)))]


def odd_requests(value) -> list[HttpRequest]:
    bodies = [value, {"model": "m", "input": "x", "voice": value}, {"model": value, "input": value}]
    return [HttpRequest("POST", "/v1/audio/speech", {}, json.dumps(body).encode()) for body in bodies]


SAYINGS = {
    "openai_speech": Saying(
        requests=requests,
        replies=replies(),
        streams=streams(),
        odd=some.odd_json(FIELDS),
        odd_requests=odd_requests,
        scraps=(b'{"type":"speech.audio.delta","audio":"SUQz"}', b"ID3", b"RIFF", b"\xff\xfb", b"SUQz"),
    )
}
