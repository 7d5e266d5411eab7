"""Music: two clips of a song, what goes on from a clip or an upload, songs put together, and lyrics."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apps.wire.media.shapes import Made, MediaReply
from apps.wire.sound import RATE

from ..makers import picture, songs, sound
from .orders import Declined, Order
from .tasks import Task, Tasks, new_id

if TYPE_CHECKING:
    import numpy as np

SECONDS, STREAMS_FROM, MOST_CLIPS, COVER = 12.0, 0.5, 1000, (512, 512)
# The wire names no model: what is to go wrong, or how long it is to take, stands among the words.
_NAMED = re.compile(r"\b(?:fault-music-[a-z]+|sandbox-music-\d{1,4}(?:\.\d)?s)\b")
VERSE = """[Verse]
{idea}, I sing it slow
wherever the gentle rivers go

[Chorus]
{idea}, {idea}
the sandbox hums along"""


@dataclass(frozen=True)
class Clip:
    """`before` and `at`: the song that it goes on from, and from which second on; `whole` sings that first."""

    id: str
    said: str
    title: str
    tags: str
    lyrics: str
    seconds: float = SECONDS
    sings: bool = True
    before: "Clip | None" = None
    at: float = 0.0
    whole: bool = False
    upload: bytes = b""

    @property
    def length(self) -> float:
        return self.seconds + (min(self.at, self.before.length) if self.whole and self.before else 0)

    def samples(self) -> "np.ndarray":
        import numpy as np

        own = sound.decoded(self.upload) if self.upload else songs.song(self.said, self.seconds, sings=self.sings)
        if not (self.whole and self.before):
            return own
        return np.concatenate([self.before.samples()[: int(self.at * RATE)], own])


class Clips:
    """The clips by their ids, which later requests name."""

    def __init__(self) -> None:
        self._clips: OrderedDict[str, Clip] = OrderedDict()

    def keep(self, clip: Clip) -> Clip:
        self._clips[clip.id] = clip
        if len(self._clips) > MOST_CLIPS:
            self._clips.popitem(last=False)
        return clip

    def find(self, id: str) -> Clip:
        """Raises Declined."""
        if id not in self._clips:
            raise Declined(f"clip {id} not found", code="invalid_request")
        return self._clips[id]


def named(request) -> str:
    """The model that the words of the request name, `sandbox-music` where they name none."""
    words = " ".join([request.prompt, *(str(request.parameters.get(name, "")) for name in ("mv", "tags", "title"))])
    found = _NAMED.search(words)
    return found[0] if found else "sandbox-music"


def upload(order: Order, clips: Clips, data: bytes) -> MediaReply:
    """What lies at the address becomes a clip; what is not ours to look at becomes a tune."""
    clip = brought(f"clip-{order.number}", order.setting("url"), data)
    return MediaReply("succeeded", result={"clip_id": clips.keep(clip).id})


def brought(id: str, said: str, data: bytes) -> Clip:
    """The clip that somebody's own sound becomes. Raises Declined."""
    try:
        seconds = sound.seconds(sound.decoded(data)) if data else SECONDS
    except sound.NotASound as error:
        raise Declined(str(error), code="invalid_request") from error
    return Clip(id, said, "An upload", "", "", seconds, upload=data)


def begin(order: Order, tasks: Tasks, clips: Clips) -> Task:
    """The task of a song, of lyrics, or of songs put together. Raises Declined."""
    id = new_id("suno", "")
    if order.request.task == "lyrics":
        return tasks.begin(Task(id, "suno", order, tasks.clock(), _lyrics))
    made = [clips.keep(clip) for clip in _clips(order, clips)]
    return tasks.begin(
        Task(
            id,
            "suno",
            order,
            tasks.clock(),
            lambda task: _songs(task, made),
            lambda task, part: _unfinished(task, made, part),
        )
    )


def _clips(order: Order, clips: Clips) -> list[Clip]:
    request, number = order.request, order.number
    before = clips.find(request.of) if request.of else None
    if request.task == "concat" and before:
        told = (before.said, before.title, before.tags, before.lyrics, before.seconds, before.sings)
        return [Clip(f"clip-{number}", *told, before=before.before, at=before.at, whole=True)]
    at = order.figure("continue_at", 0.0)
    if before and at > before.length:
        raise Declined("continue_at is beyond the end of the clip", code="invalid_request", param="continue_at")
    described = request.task in ("", "instrumental")
    title = order.setting("title") or " ".join(request.prompt.split()[:4]).title() or "Untitled"
    tags = order.setting("tags") or "sandbox, synthesised"
    lyrics = VERSE.format(idea=request.prompt[:60]) if described else request.prompt
    sings = "instrumental" not in request.task
    return [
        Clip(
            f"clip-{number}-{nth}",
            f"{request.prompt} {tags} {nth}",
            title,
            tags,
            lyrics if sings else "",
            sings=sings,
            before=before,
            at=at,
        )
        for nth in (1, 2)
    ]


def _lyrics(task: Task) -> MediaReply:
    idea = task.order.request.prompt[:60]
    result = {"lyrics": VERSE.format(idea=idea), "title": idea.title()[:40]}
    return MediaReply("succeeded", task.id, 100, result=result)


def _unfinished(task: Task, clips: Sequence[Clip], part: float) -> MediaReply:
    """From the middle on they can be heard already, at an address that ends with the task."""
    heard = part >= STREAMS_FROM
    made = tuple(_made(task, clip, f"{clip.id}-live" if heard else "") for clip in clips)
    return MediaReply("running", task.id, int(part * 100), made)


def _songs(task: Task, clips: Sequence[Clip]) -> MediaReply:
    made = [_made(task, clip, clip.id) for clip in clips]
    if task.order.maker.fault == "clip":
        made[-1] = Made("audio", id=clips[-1].id, title=clips[-1].title, error="song description contained artist name")
    return MediaReply("succeeded", task.id, 100, tuple(made), unit="song", units=1.0)


def _made(task: Task, clip: Clip, name: str) -> Made:
    order = task.order
    heard = order.files.put(f"{name}.mp3", "audio/mpeg", lambda: _mp3(clip), *_at_the_link(order)) if name else ""
    cover = order.files.put(f"{clip.id}.jpg", "image/jpeg", lambda: _cover(clip))
    return Made(
        "audio",
        "audio/mpeg" if name else "",
        url=f"{order.base}{heard}" if heard else "",
        id=clip.id,
        title=clip.title,
        text=clip.lyrics,
        tags=clip.tags,
        poster=f"{order.base}{cover}",
        seconds=clip.length if heard else None,
    )


def _at_the_link(order: Order) -> tuple[str, float]:
    fault = order.maker.fault
    return (fault if fault in ("expired", "slow", "page") else "", order.maker.seconds)


def _mp3(clip: Clip) -> bytes:
    return sound.encoded(clip.samples(), "mp3", clip.title)


def _cover(clip: Clip) -> bytes:
    return picture.encoded(picture.drawn(f"{clip.title} {clip.id[-1]}", COVER), "image/jpeg")
