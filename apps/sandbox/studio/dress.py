"""What a dialect's server half cannot know and real upstreams tell all the same: times, models, odd places."""

import time
from collections.abc import Mapping
from typing import Any

import msgspec

from apps.wire.media.shapes import HttpReply

from . import video
from .tasks import Task

DAY = 86_400
USUAL = {"background": "opaque", "output_format": "png", "quality": "high", "size": "1024x1024"}
ACTIONS = {True: "generate", False: "textGenerate"}


def task(reply: HttpReply, task: Task) -> HttpReply:
    """The reply to a submit or a poll, with all that the dialect's vendor says."""
    document = msgspec.json.decode(reply.body)
    inner = document.get("data") if isinstance(document.get("data"), dict) else document
    _fill(document, task)
    if inner is not document:
        _fill(inner, task)
    if task.dialect == "openai_videos":
        _video(document, task)
    if task.order.maker.fault == "reason" and inner.get("result_url"):
        # Older builds of new-api.
        inner["fail_reason"] = inner.pop("result_url")
    return HttpReply(msgspec.json.encode(document), reply.content_type, reply.status)


def images(document: dict[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """A reply or an event, with when it was made; where it holds the picture itself, with its settings too."""
    now = {name: int(time.time()) for name in ("created", "created_at") if name in document}
    linked = any("url" in entry for entry in document.get("data", ()))
    told = {} if linked or "error" in document else {name: settings.get(name, usual) for name, usual in USUAL.items()}
    return {**told, **document, **now}


def _fill(document: dict[str, Any], task: Task) -> None:
    begun = int(task.told)
    ended = document.get("status") in ("SUCCESS", "FAILURE")
    times = {
        "created_at": begun,
        "submit_time": begun,
        "start_time": begun,
        "finish_time": begun + int(task.order.maker.seconds) if ended else 0,
        # The one dialect that counts milliseconds.
        "status_update_time": int(time.time() * 1000),
    }
    words = {"platform": "sandbox", "action": ACTIONS[bool(task.order.request.sources)]}
    for name, value in {**times, **words}.items():
        if document.get(name) in (0, ""):
            document[name] = value


def _video(document: dict[str, Any], task: Task) -> None:
    request, done = task.order.request, document["status"] == "completed"
    width, height = video.size(task.order)
    document |= {
        "model": task.order.request.model,
        "prompt": request.prompt,
        "seconds": f"{video.seconds(task.order):g}",
        "size": f"{width}x{height}",
        "remixed_from_video_id": request.of or None,
        "completed_at": int(time.time()) if done else None,
        "expires_at": int(time.time()) + DAY if done else None,
    }
