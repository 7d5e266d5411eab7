"""The two clips of a song: each is judged by itself."""

from collections.abc import Sequence
from typing import Any

from ...events import Failed
from ..reading import number, word
from ..shapes import Made, MediaReply

UNFINISHED = ("submitted", "queued", "streaming", "processing", "pending", "in_progress", "running")
BAD = ("error", "failed", "failure")


def made_of(clip: dict[str, Any]) -> Made:
    """A clip while it is streamed has an address that ends with it: only that of a finished one is worth keeping."""
    told = clip.get("metadata")
    metadata: dict[str, Any] = told if isinstance(told, dict) else {}
    error = ""
    if _status(clip) in BAD:
        error = word(metadata, "error_message", "error_type") or word(clip, "error_message", "fail_reason") or "error"
    return Made(
        kind="audio",
        url=word(clip, "audio_url", "audioUrl"),
        id=word(clip, "id", "clip_id", "clipId"),
        title=word(clip, "title"),
        text=word(metadata, "prompt") or word(clip, "lyric", "lyrics"),
        tags=word(metadata, "tags") or word(clip, "tags"),
        poster=word(clip, "image_large_url", "imageLargeUrl", "image_url", "imageUrl"),
        seconds=number(metadata.get("duration")) or number(clip.get("duration")),
        error=error,
    )


def is_final(clip: dict[str, Any]) -> bool:
    """An unknown word counts by whether there is anything to hear."""
    return _status(clip) not in UNFINISHED and (_status(clip) in BAD or bool(word(clip, "audio_url", "audioUrl")))


def reply_of_clips(clips: Sequence[dict[str, Any]], remote_id: str) -> MediaReply | None:
    """How it stands by the clips alone: ended once all have, failed only if all have failed."""
    if not clips:
        return None
    made = tuple(map(made_of, clips))
    if not all(map(is_final, clips)):
        return MediaReply("running", remote_id, made=made)
    if all(each.error for each in made):
        return MediaReply("failed", remote_id, error=Failed(message=made[0].error), made=made)
    return MediaReply("succeeded", remote_id, progress=100, made=made)


def clip_document(made: Made, status: str) -> dict[str, Any]:
    failing = {"error_type": "error", "error_message": made.error} if made.error else {}
    metadata = {"tags": made.tags, "prompt": made.text, "duration": made.seconds}
    return {
        "id": made.id,
        "title": made.title,
        "status": "error" if made.error else status,
        "audio_url": made.url,
        "image_url": made.poster,
        "image_large_url": made.poster,
        "video_url": "",
        "metadata": {**metadata, "error_type": None, "error_message": None, **failing},
    }


def _status(clip: dict[str, Any]) -> str:
    return word(clip, "status", "state").lower()
