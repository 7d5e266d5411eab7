"""What a job asks for, as it is stored and as it is sent."""

import msgspec

from apps.wire.media.shapes import MediaRequest, Source

from ..store import bytes_of
from .models import Job


def request_of(job: Job) -> MediaRequest:
    """What was asked for, without its files: those are the job's inputs."""
    return msgspec.convert(job.values, MediaRequest)


def whole_request_of(job: Job) -> MediaRequest:
    """With its files, read from the storage: not for the event loop. Raises FileNotFoundError where one is gone."""
    sources = []
    for given in job.inputs.select_related("asset"):
        if given.asset is None:
            raise FileNotFoundError(given.pk)
        asset = given.asset
        sources.append(Source(given.role, media_type=asset.media_type, name=asset.name, data=bytes_of(asset)))
    return msgspec.structs.replace(request_of(job), sources=tuple(sources))
