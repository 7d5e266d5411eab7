"""What a job asks for, as it is stored and as it is sent."""

from collections.abc import Iterable
from pathlib import PurePath

import msgspec
from django.core.files.storage import default_storage

from apps.wire.media import dialects
from apps.wire.media.shapes import MediaRequest, Role, Source

from ..models import Asset
from ..reading import hearing
from ..store import bytes_of
from .models import Job

# Among a job's notes: the upstream's name of the file that was brought there.
BROUGHT = "brought"


def request_of(job: Job) -> MediaRequest:
    """What was asked for, without its files: those are the job's inputs."""
    return msgspec.convert(job.values, MediaRequest)


def parts_of(job: Job) -> list[MediaRequest]:
    """The requests that it takes, without their files."""
    return dialects.get(job.dialect).parts(request_of(job))


def whole_request_of(job: Job) -> MediaRequest:
    """With its files, read from the storage: not for the event loop. Raises FileNotFoundError where one is gone.

    A file that was brought to the upstream before is named in it.
    """
    brings = dialects.get(job.dialect).brings
    if brings and (name := job.notes.get(BROUGHT)):
        found = brings.named(request_of(job), name)
        return found if isinstance(found, MediaRequest) else request_of(job)
    given = [(each.role, each.asset) for each in job.inputs.select_related("asset")]
    if any(asset is None for _role, asset in given):
        raise FileNotFoundError(job.pk)
    return with_files(request_of(job), given)


def with_files(request: MediaRequest, inputs: Iterable[tuple[Role, Asset]]) -> MediaRequest:
    """Raises FileNotFoundError, and NotTaken for a film whose sound is wanted and cannot be had."""
    return msgspec.structs.replace(request, sources=tuple(_source(role, asset) for role, asset in inputs))


def is_heard(role: Role, asset: Asset) -> bool:
    """Whether of a film the sound alone goes along."""
    return role == "audio" and asset.kind == Asset.Kind.VIDEO


def check_heard(asset: Asset) -> None:
    """Raises FileNotFoundError, and NotTaken for a film in which nothing can be heard."""
    if not asset.peaks:
        with default_storage.open(asset.path) as file:
            hearing.check(file, asset.media_type)


def _source(role: Role, asset: Asset) -> Source:
    if not is_heard(role, asset):
        return Source(role, media_type=asset.media_type, name=asset.name, data=bytes_of(asset))
    with default_storage.open(asset.path) as file:
        sound = hearing.sound_of(file, asset.media_type)
    return Source(role, media_type=hearing.SOUND_TYPE, name=f"{PurePath(asset.name).stem}.ogg", data=sound)
