"""What is asked of Suno: six scenarios, lyrics, uploads, and putting a continued song together."""

from typing import Any

from ... import sentences
from ...exceptions import InvalidRequest
from ...messages import HttpRequest
from ..asked import body_of, post, text_of
from ..shapes import MediaRequest
from .parameters import (
    CONCAT,
    CUSTOM,
    CUSTOM_INSTRUMENTAL,
    EXTEND,
    INSPIRATION,
    INSTRUMENTAL,
    LYRICS,
    NAMES,
    TASKS,
    UPLOAD,
    UPLOAD_EXTEND,
    limits,
)
from .uploads import begin

MUSIC_PATH = "/suno/submit/music"
PATHS = {
    LYRICS: "/suno/submit/lyrics",
    CONCAT: "/suno/submit/concat",
    UPLOAD: "/suno/uploads/audio-url",
}
DESCRIPTION, CLIP = "gpt_description_prompt", "continue_clip_id"
VERSION = "chirp-v4"
# The wire names no model; this is what new-api bills.
MODEL = "suno_music"
TOLD = frozenset({"prompt", DESCRIPTION, CLIP, "clip_id", "make_instrumental", "task"})


def build(request: MediaRequest) -> HttpRequest:
    """The HTTP request. Raises InvalidRequest for what would be sung wrongly or refused after it was paid."""
    if request.task not in TASKS:
        raise InvalidRequest("Suno has no such task.", "task")
    _check(request)
    if request.sources:
        return begin(request.sources[0])
    return post(PATHS.get(request.task, MUSIC_PATH), _body(request), request.extra)


def parse(request: HttpRequest) -> MediaRequest:
    """What a client asked for. Raises InvalidRequest, naming the field."""
    body = body_of(request)
    task = _task(request.path.partition("?")[0], body)
    if task in (LYRICS, CUSTOM):
        text_of(body, "prompt", sentences.NO_IDEA if task == LYRICS else sentences.NO_LYRICS)
    described = task in (INSPIRATION, INSTRUMENTAL)
    parameters = {name: value for name, value in body.items() if name in NAMES and value is not None}
    if task not in PATHS and parameters.get("mv") == VERSION:
        del parameters["mv"]
    if task == CONCAT and parameters.get("is_infill") is False:
        del parameters["is_infill"]
    return MediaRequest(
        model=MODEL,
        prompt=text_of(body, DESCRIPTION if described else "prompt"),
        parameters=parameters,
        task=task,
        of=text_of(body, "clip_id" if task == CONCAT else CLIP),
        extra={name: value for name, value in body.items() if name not in NAMES and name not in TOLD},
    )


def units(request: MediaRequest) -> tuple[str, float]:
    """One submit is one price, though it makes two versions of a song."""
    return ("request" if request.task in (LYRICS, UPLOAD) else "song"), 1


def _body(request: MediaRequest) -> dict[str, Any]:
    given = dict(request.parameters)
    if request.task == LYRICS:
        return {"prompt": request.prompt}
    if request.task == UPLOAD:
        return {"url": given["url"]}
    if request.task == CONCAT:
        return {"clip_id": request.of, "is_infill": False, **given}
    return {**_scenario(request), "mv": VERSION, **given}


def _scenario(request: MediaRequest) -> dict[str, Any]:
    """An idea must not stand in `prompt`: it would be sung."""
    task = request.task
    if task in (INSPIRATION, INSTRUMENTAL):
        return {DESCRIPTION: request.prompt, "make_instrumental": task == INSTRUMENTAL, "prompt": ""}
    if task in (CUSTOM, CUSTOM_INSTRUMENTAL):
        return {"prompt": request.prompt, "make_instrumental": task == CUSTOM_INSTRUMENTAL}
    return {"task": task, CLIP: request.of, "prompt": request.prompt}


def _check(request: MediaRequest) -> None:
    task, given = request.task, request.parameters
    if task in (INSPIRATION, INSTRUMENTAL, LYRICS) and not request.prompt.strip():
        raise InvalidRequest(sentences.NO_IDEA, "prompt")
    if task == CUSTOM and not request.prompt.strip():
        raise InvalidRequest(sentences.NO_LYRICS, "prompt")
    if task in (EXTEND, CONCAT) and not request.of:
        raise InvalidRequest(sentences.NO_CLIP, "of")
    if task in (UPLOAD, UPLOAD_EXTEND):
        _check_own(request)
    lyrics, style = limits(str(given.get("mv") or VERSION))
    if task not in PATHS and len(request.prompt) > lyrics:
        raise InvalidRequest(sentences.LONG_LYRICS.format(most=lyrics), "prompt")
    if len(str(given.get("tags", ""))) > style:
        raise InvalidRequest(sentences.LONG_STYLE.format(most=style), "tags")


def _check_own(request: MediaRequest) -> None:
    """One's own sound is named, or it comes along."""
    named, field = (request.of, "of") if request.task == UPLOAD_EXTEND else (request.parameters.get("url"), "url")
    if request.sources and named:
        raise InvalidRequest(sentences.TWO_SOUNDS, field)
    if request.sources:
        return
    if field == "of" and not named:
        raise InvalidRequest(sentences.NO_OWN_SOUND, field)
    if field == "url" and not str(named or "").startswith(("http://", "https://")):
        raise InvalidRequest(sentences.NO_ADDRESS, field)


def _task(path: str, body: dict[str, Any]) -> str:
    """A description wins over lyrics, as servers see it; a clip is gone on from."""
    for task, place in PATHS.items():
        if path.endswith(place.removeprefix("/suno")):
            return task
    if body.get(CLIP):
        return UPLOAD_EXTEND if body.get("task") == UPLOAD_EXTEND else EXTEND
    instrumental = body.get("make_instrumental") is True
    if body.get(DESCRIPTION):
        return INSTRUMENTAL if instrumental else INSPIRATION
    return CUSTOM_INSTRUMENTAL if instrumental else CUSTOM
