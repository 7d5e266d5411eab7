"""What is asked of a media endpoint and what comes back, in words that belong to no dialect.

A dialect is one endpoint's way of saying it: see `dialects`. Pure values: files are bytes or addresses, never stored
things.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from ..events import Failed
from ..messages import Usage

Family = Literal["images", "video", "speech", "transcription", "music", "embeddings", "rerank"]
Role = Literal["image", "mask", "first_frame", "last_frame", "reference", "audio", "video"]
State = Literal["queued", "running", "succeeded", "failed"]
Kind = Literal["image", "video", "audio"]
Unit = Literal["image", "second", "character", "song", "request"]


class Source(msgspec.Struct, frozen=True):
    """A file that goes along: its bytes, or an http(s) `url`. `name` has the ending that its type asks for."""

    role: Role
    media_type: str = ""
    name: str = ""
    data: bytes = b""
    url: str = ""


class MediaRequest(msgspec.Struct, frozen=True):
    """One thing to be made. `parameters` are the dialect's own names and checked values; `extra` is merged last.

    `prompt` is what is to be drawn, said or sung, or what rerank's documents are measured by. `texts` are the inputs
    of embeddings and the documents of rerank. `of` is the upstream's id of what is to be gone on from: the video to
    remix, the clip to continue. `task` tells kinds of requests of one dialect apart: "" for the plain one.
    """

    model: str
    prompt: str = ""
    parameters: Mapping[str, Any] = {}
    sources: tuple[Source, ...] = ()
    texts: tuple[str, ...] = ()
    task: str = ""
    of: str = ""
    stream: bool = False
    extra: Mapping[str, Any] = {}


class Made(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that was made: its `data`, or the `url` where it lies, or a `path` of the upstream that needs its key.

    `id` is the upstream's own (a clip's), `poster` the address of its picture, `text` what goes with it: a revised
    prompt, lyrics, a transcript. `error` says why this one alone came to nothing.
    """

    kind: Kind
    media_type: str = ""
    data: bytes = b""
    url: str = ""
    path: str = ""
    id: str = ""
    title: str = ""
    text: str = ""
    tags: str = ""
    poster: str = ""
    seconds: float | None = None
    error: str = ""


class MediaReply(msgspec.Struct, frozen=True):
    """What the upstream said of a request or of a task, last of all: `state` is final, or the task `remote_id` goes on.

    `progress` is 0 to 100 where it is told. `result` is what is not a file, by family: see `dialects`. `units` of
    `unit` are what is billed, where it is not tokens.
    """

    state: State
    remote_id: str = ""
    progress: int | None = None
    made: tuple[Made, ...] = ()
    result: Mapping[str, Any] = {}
    error: Failed | None = None
    usage: Usage = Usage()
    unit: Unit | None = None
    units: float | None = None


class PartialImage(msgspec.Struct, frozen=True):
    """How the image of that index looks so far; `step` counts these pictures of it."""

    index: int
    image: Made
    step: int = 0


class SoundChunk(msgspec.Struct, frozen=True):
    """The next bytes of the sound, as its format has them; `media_type` is the same of all, bare samples' with rate."""

    data: bytes
    media_type: str = ""


class TextDelta(msgspec.Struct, frozen=True):
    """The next piece of a transcript."""

    text: str


class Replied(msgspec.Struct, frozen=True):
    """The end of the answer to one request: always the last event, and always there."""

    reply: MediaReply


MediaEvent = PartialImage | SoundChunk | TextDelta | Replied


class HttpReply(msgspec.Struct, frozen=True):
    """What a server half answers with."""

    body: bytes
    content_type: str = "application/json"
    status: int = 200
