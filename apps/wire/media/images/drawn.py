"""Pictures that a chat model draws: what a conversation's events say of them, and the events that say it."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from ... import sentences
from ...events import Event, Failed, Finished, PartDelta, PartEnded, PartStarted, Started, UsageReported
from ...formats import EventDecoder
from ...messages import GenerationRequest, Image, Message, Part, Text, Usage, said
from ...transcript import Transcript
from ..pictures import base64_of, made_at, made_of
from ..shapes import Made, MediaEvent, MediaReply, MediaRequest, PartialImage, Replied, Role, Source
from .answers import pictures_of

TOLD_LIMIT = 500
Found = tuple[str, list[Made]]


def conversation(request: MediaRequest) -> tuple[Message, ...]:
    """The one turn that asks for it: pictures before the text."""
    pictures = tuple(
        Image(media_type=source.media_type, data=base64_of(source.data) if source.data else "", url=source.url)
        for source in request.sources
    )
    return (Message("user", (*pictures, Text(request.prompt))),)


def asked(request: GenerationRequest, role: Role) -> tuple[str, tuple[Source, ...]]:
    """The prompt, which is what was said last, and all pictures."""
    users = [message for message in request.messages if message.role == "user"]
    parts = [part for message in request.messages for part in message.parts]
    return said(users[-1].parts) if users else "", tuple(source for part in parts if (source := _source(part, role)))


class Drawn:
    """Folds the events of a conversation; `find` takes pictures out of the text where a format has them there."""

    def __init__(self, decoder: EventDecoder, find: Callable[[str], Found] = lambda text: (text, [])):
        self._decoder, self._find = decoder, find
        self._transcript = Transcript()
        self._steps = 0

    def feed(self, chunk: bytes) -> list[MediaEvent]:
        return self._take(self._decoder.feed(chunk))

    def finish(self) -> list[MediaEvent]:
        return [*self._take(self._decoder.finish()), Replied(self._reply())]

    def _take(self, events: Iterable[Event]) -> list[MediaEvent]:
        found: list[MediaEvent] = []
        for event in events:
            self._transcript.apply(event)
            if isinstance(event, PartStarted) and is_draft(event.part) and (made := _made(event.part)):
                found.append(PartialImage(0, made, self._steps))
                self._steps += 1
        return found

    def _reply(self) -> MediaReply:
        """The pictures; drafts only where nothing else came."""
        parts = self._transcript.parts
        text, within = self._find(said(parts))
        made = [found for part in parts if not is_draft(part) and (found := _made(part))] + within
        if not made:
            usage = self._transcript.usage or Usage()
            return MediaReply("failed", error=_failure(self._transcript, text), usage=usage)
        first = replace(made[0], text=text.strip())
        return pictures_of((first, *made[1:]), self._transcript.usage)


def events_of(reply: MediaReply, model: str, done: str) -> list[Event]:
    """The answer as a conversation's events; `done` is the format's word for a good end."""
    events: list[Event] = [Started(model=model)]
    error = reply.error
    told = sentences.template_of(error.message) if error else None
    if error and not (told and told[0] in (sentences.NO_IMAGE_WORD, sentences.NO_IMAGE_BUT)):
        return [*events, error]
    text = told[1].get("told", "") if told else "".join(made.text for made in reply.made[:1])
    parts: list[Part] = [Text(text)] if text else []
    parts += [picture(made) for made in reply.made]
    for index, part in enumerate(parts):
        events += part_events(index, part)
    events += [UsageReported(reply.usage)] if reply.usage != Usage() else []
    return [*events, Finished(error.type, error.code) if error else Finished("stop", done)]


def status_of(events: Iterable[Event]) -> int:
    """Of the server's answer: a refusal in words is a good one."""
    return next((event.status or 400 for event in events if isinstance(event, Failed)), 200)


def part_events(index: int, part: Part) -> list[Event]:
    if isinstance(part, Text):
        return [PartStarted(index, Text()), PartDelta(index, part.text), PartEnded(index)]
    return [PartStarted(index, part), PartEnded(index)]


def picture(made: Made) -> Image:
    return Image(media_type=made.media_type, data=base64_of(made.data) if made.data else "", url=made.url)


def is_draft(part: Part) -> bool:
    """Models that think show pictures before the final one."""
    return isinstance(part, Image) and (part.opaque or {}).get("thought") is True


def _failure(transcript: Transcript, text: str) -> Failed:
    if transcript.failed:
        return transcript.failed
    finished = transcript.finished or Finished(truncated=True)
    if text.strip():
        message = sentences.NO_IMAGE_BUT.format(told=text.strip()[:TOLD_LIMIT])
    elif finished.truncated:
        message = sentences.IMAGE_CUT
    else:
        message = sentences.NO_IMAGE_WORD.format(word=finished.raw)
    return Failed(message=message, type=finished.reason, code=finished.raw)


def _source(part: Part, role: Role) -> Source | None:
    made = _made(part)
    if not made or not isinstance(part, Image):
        return None
    return Source(role, made.media_type or part.media_type, data=made.data, url=made.url)


def _made(part: Part) -> Made | None:
    if not isinstance(part, Image):
        return None
    return made_of("image", part.data, part.media_type) if part.data else made_at("image", part.url)
