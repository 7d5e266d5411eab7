"""The studio of music: songs by Suno, what goes on from their clips, and lyrics."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.runs.parameters import PREFIX
from apps.upstreams.said import in_words
from apps.wire.events import Failed
from apps.wire.exceptions import InvalidRequest
from apps.wire.media.music import parameters, reply, request
from apps.wire.media.shapes import MediaRequest, Role, Source

from .family import Family

LYRICS = _("Lyrics")
CANNOT = gettext_lazy(
    "This gateway seems not to offer this: many have songs and lyrics only, and neither own audio nor whole songs."
)


def read(texts: Mapping[str, str], task: str) -> dict[str, Any]:
    return {"prompt": texts.get("prompt", "") if LABELS.get(task, True) else ""}


def check(asked: MediaRequest, inputs: Sequence[tuple[Role, Asset]]) -> None:
    """Raises NotMade for what would be refused, or sung wrongly, after it was paid."""
    sources = tuple(Source(role, asset.media_type, asset.name) for role, asset in inputs)
    try:
        request.build(msgspec.structs.replace(asked, sources=sources))
    except InvalidRequest as error:
        raise NotMade(in_words(str(error)), error.param or "") from error


def carry(job: Job, task: str, of: str) -> dict[str, str]:
    """What the form gets from the song that it goes on from: never its description, which would be sung."""
    if task == parameters.CUSTOM:
        return {"of": "", "prompt": str(job.result.get("lyrics") or ""), f"{PREFIX}title": _title(job.result)}
    made = next((output.made for output in job.outputs.all() if output.made.get("id") == of), {})
    seconds = made.get("seconds")
    return {
        "prompt": "",
        f"{PREFIX}title": _title(made),
        f"{PREFIX}tags": str(made.get("tags") or ""),
        f"{PREFIX}continue_at": f"{seconds:g}" if isinstance(seconds, int | float) else "",
        f"{PREFIX}task_id": job.remote_id if task == parameters.EXTEND else "",
    }


def explain(job: Job) -> str:
    """Why a gateway refuses what only some have, '' for any other failure."""
    error = job.error
    told = Failed(
        message=str(error.get("upstream_says") or ""),
        code=str(error.get("code") or ""),
        status=int(error.get("status") or 0),
    )
    is_beyond = job.values.get("task") in parameters.BEYOND
    return str(CANNOT) if is_beyond and reply.is_missing(told) else ""


def _title(told: Mapping[str, Any]) -> str:
    return str(told.get("title") or "")


LABELS = {
    parameters.INSPIRATION: _("What the song is about"),
    parameters.INSTRUMENTAL: _("What the music is like"),
    parameters.CUSTOM: LYRICS,
    parameters.CUSTOM_INSTRUMENTAL: "",
    parameters.EXTEND: _("Lyrics from here on"),
    parameters.UPLOAD_EXTEND: _("Lyrics from here on"),
    parameters.CONCAT: "",
    parameters.LYRICS: _("What the lyrics are about"),
    parameters.UPLOAD: "",
}
MUSIC = Family(
    name="music",
    label=_("Music"),
    title=_("New song"),
    icon="music",
    labels=LABELS,
    placeholder=_("A calm song about rain, or [Verse] and [Chorus] with their lines"),
    tasks={
        parameters.INSPIRATION: _("From an idea"),
        parameters.CUSTOM: _("From lyrics"),
        parameters.INSTRUMENTAL: _("Instrumental from an idea"),
        parameters.CUSTOM_INSTRUMENTAL: _("Instrumental from a style"),
        parameters.EXTEND: _("Continue a clip"),
        parameters.CONCAT: _("Whole song"),
        parameters.UPLOAD: _("Bring your own audio"),
        parameters.UPLOAD_EXTEND: _("Continue your audio"),
        parameters.LYRICS: _("Write lyrics"),
    },
    goes_on={
        parameters.EXTEND: _("Id of the clip"),
        parameters.CONCAT: _("Id of the clip that continues"),
        parameters.UPLOAD_EXTEND: _("Id of your audio's clip, or a file below"),
    },
    read=read,
    check=check,
    carry=carry,
    explain=explain,
)
