"""Speech in every format, whole or in pieces; transcripts with words and segments, whole or as they are understood."""

from collections.abc import Iterator
from typing import Any

from apps.wire.media.shapes import Made, MediaEvent, MediaReply, Replied, SoundChunk, TextDelta
from apps.wire.messages import Usage
from apps.wire.tokens import estimate

from ..makers import sound, speech
from .orders import Declined, Order

LONGEST = 4096
CHUNK = 4800
SEGMENT_WORDS, PAUSE = 12, 0.6
LATER, FIXED = "sandbox-transcribe-4o", "-fixed"
LATER_FORMATS = ("json", "text")
VOICES = 64


def speak(order: Order) -> MediaReply:
    """The sound in the format that was asked for. Raises Declined."""
    request, format = order.request, order.setting("response_format") or "mp3"
    if len(request.prompt) > LONGEST:
        message = f"Invalid 'input': string too long. Expected a string with maximum length {LONGEST}."
        raise Declined(message, code="string_above_max_length", param="input")
    if format not in sound.TYPES:
        raise Declined(f"Invalid value: '{format}'.", code="invalid_value", param="response_format")
    speed = order.figure("speed", 1.0, 0.25, 4)
    voice = order.setting("voice")[:VOICES] or "alloy"
    samples = speech.say(request.prompt, voice, speed, really=order.maker.name != "sandbox-speech-tone")
    data = sound.encoded(samples, format)
    made = Made("audio", sound.TYPES[format], data, seconds=sound.seconds(samples))
    usage = Usage(input_tokens=estimate(request.prompt), output_tokens=int(20 * sound.seconds(samples)))
    return MediaReply("succeeded", made=(made,), usage=usage, unit="character", units=float(len(request.prompt)))


def spoken(reply: MediaReply) -> Iterator[MediaEvent]:
    """The sound in pieces, and its end."""
    made = reply.made[0]
    for start in range(0, len(made.data), CHUNK):
        yield SoundChunk(made.data[start : start + CHUNK], made.media_type)
    yield Replied(reply)


def transcribe(order: Order) -> MediaReply:
    """What is heard. Raises Declined."""
    format = order.setting("response_format") or "json"
    if order.maker.name.startswith(LATER) and format not in LATER_FORMATS:
        message = f"response_format '{format}' is not compatible with model '{order.request.model}'."
        raise Declined(message, code="unsupported_value", param="response_format")
    try:
        heard = speech.hear(order.inputs("audio")[0], really=not order.maker.name.endswith(FIXED))
    except (sound.NotASound, IndexError) as error:
        raise Declined(str(error) or "The audio file is empty.", param="file") from error
    tokens = Usage(input_tokens=int(10 * heard.seconds), output_tokens=estimate(heard.text))
    usage = tokens if order.maker.name.startswith(LATER) else Usage()
    return MediaReply("succeeded", result=_result(heard), usage=usage, unit="second", units=heard.seconds)


def streams(order: Order) -> bool:
    return order.request.stream and order.maker.name.startswith(LATER)


def understood(reply: MediaReply) -> Iterator[MediaEvent]:
    """The words one by one, and the whole."""
    for place, word in enumerate(reply.result["text"].split()):
        yield TextDelta(f" {word}" if place else word)
    yield Replied(reply)


def _result(heard: speech.Heard) -> dict[str, Any]:
    words = [{"word": word.word, "start": word.start, "end": word.end} for word in heard.words]
    segments = [
        {"start": part[0].start, "end": part[-1].end, "text": " ".join(word.word for word in part), "speaker": "A"}
        for part in _segments(heard.words)
    ]
    language = "english"
    return {"text": heard.text, "language": language, "seconds": heard.seconds, "words": words, "segments": segments}


def _segments(words: tuple[speech.Word, ...]) -> Iterator[list[speech.Word]]:
    """Cut where somebody draws breath, and before they grow long."""
    part: list[speech.Word] = []
    for word in words:
        if part and (len(part) >= SEGMENT_WORDS or word.start - part[-1].end > PAUSE):
            yield part
            part = []
        part.append(word)
    if part:
        yield part
