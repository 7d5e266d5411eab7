"""Where each media endpoint is found, in which dialect it speaks, and what is done there."""

import re
from dataclasses import dataclass
from typing import Literal

from apps.wire.media.dialect import Dialect
from apps.wire.media.dialects import DIALECTS, get

Does = Literal["make", "poll", "polls", "content", "bring", "withdraw"]
ID = r"[^/]+"
FILES, PLACES = "/files/", "/places/"


@dataclass(frozen=True, slots=True)
class MediaDoor:
    """`polls` asks about several tasks at once; `content` is the file itself; `bring` is a step of bringing one,
    and `withdraw` gives a task up."""

    name: str
    method: str
    path: re.Pattern[str]
    does: Does = "make"

    @property
    def dialect(self) -> Dialect:
        return get(self.name)


def _door(name: str, method: str, path: str, does: Does = "make") -> MediaDoor:
    return MediaDoor(name, method, re.compile(path), does)


DOORS = (
    _door("openai_images", "POST", r"/v1/images/(generations|edits)"),
    _door("openai_images", "GET", rf"/v1/images/tasks/{ID}", "poll"),
    _door("video_v2", "POST", r"/v2/videos/generations"),
    _door("video_v2", "GET", rf"/v2/videos/generations/{ID}", "poll"),
    _door("video_create", "POST", r"/v1/video/create"),
    _door("video_create", "GET", r"/v1/video/query", "poll"),
    _door("video_generations", "POST", r"/v1/video/generations"),
    _door("video_generations", "GET", rf"/v1/video/generations/{ID}", "poll"),
    _door("openai_videos", "POST", rf"/v1/videos(/{ID}/remix)?"),
    _door("openai_videos", "GET", rf"/v1/videos/{ID}", "poll"),
    _door("openai_videos", "GET", rf"/v1/videos/{ID}/content", "content"),
    _door("openai_videos", "DELETE", rf"/v1/videos/{ID}", "withdraw"),
    _door("openai_speech", "POST", r"/v1/audio/speech"),
    _door("openai_transcription", "POST", r"/v1/audio/(transcriptions|translations)"),
    _door("suno", "POST", r"/suno/(submit/(music|lyrics|concat)|uploads/audio-url)"),
    _door("suno", "POST", rf"/suno/uploads/audio(/{ID}/(upload-finish|initialize-clip))?", "bring"),
    _door("suno", "GET", rf"/suno/uploads/audio/{ID}", "bring"),
    _door("suno", "GET", rf"/suno/fetch/{ID}", "poll"),
    _door("suno", "POST", r"/suno/fetch", "polls"),
    _door("openai_embeddings", "POST", r"/v1/embeddings"),
    _door("gemini_embeddings", "POST", rf"/v1(beta)?/models/{ID}:(embedContent|batchEmbedContents)"),
    _door("jina_rerank", "POST", r"/v1/rerank"),
    _door("cohere_rerank", "POST", r"/v2/rerank"),
)


def find(method: str, path: str) -> MediaDoor | None:
    """The media endpoint at that path as it was sent: ids may hold an escaped slash."""
    found = (door for door in DOORS if door.method == method and door.path.fullmatch(path))
    return next((door for door in found if door.name in DIALECTS), None)
