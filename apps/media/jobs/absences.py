"""What upstreams have said that they do not have: noted when a job fails of it, forgotten once it is made after all."""

from collections.abc import Mapping

from django.utils import timezone

from apps.upstreams.models import Model
from apps.wire.events import Failed
from apps.wire.media import absent, dialects
from apps.wire.media.shapes import MediaRequest, Source
from apps.work import storable
from apps.work.database import writing

from .asked import BROUGHT, request_of
from .models import Absence, Job

LONGEST = 500


def at(model: Model, dialect: str) -> dict[str, Absence]:
    """What is known to lack where this model is asked in this way, by its name."""
    found = Absence.objects.filter(upstream=model.upstream_id, dialect=dialect)
    return {each.what: each for each in found}


def of_request(known: Mapping[str, Absence], model: Model, request: MediaRequest, has_files: bool) -> Absence | None:
    """The first of them that the request needs."""
    return next((known[what] for what in _needs(model.name, request, has_files) if what in known), None)


def note(job: Job, failed: Failed | None, *, bringing: bool = False) -> None:
    """Keeps what the upstream does not have, if that is what it says. `bringing` is before the request itself."""
    if failed is None or job.model is None:
        return
    request = request_of(job)
    if bringing:
        request = MediaRequest(request.model, task=request.task, sources=(Source("audio"),))
    what = dialects.get(job.dialect).missing(request, failed)
    if not what:
        return
    if what == absent.MODEL:
        what = _model(job.model_name)
    said = {"said": storable.text(failed.message)[:LONGEST], "noted_at": timezone.now()}
    with writing():
        of = {"upstream": job.model.upstream, "dialect": job.dialect, "what": storable.text(what)[:330]}
        Absence.objects.update_or_create(**of, defaults=said)


def made(job: Job) -> None:
    """It was made: whatever it needed is there."""
    if job.model is not None:
        needs = _needs(job.model_name, request_of(job), BROUGHT in job.notes)
        Absence.objects.filter(upstream=job.model.upstream_id, dialect=job.dialect, what__in=needs).delete()


def forget(model: Model, dialect: str, id: int) -> None:
    """Somebody wants to try again."""
    Absence.objects.filter(upstream=model.upstream_id, dialect=dialect, pk=id).delete()


def _needs(name: str, request: MediaRequest, has_files: bool) -> list[str]:
    version = request.parameters.get("mv")
    found = [_model(name), absent.task(request.task)]
    return [*found, *([f"mv {version}"] if version else []), *([absent.FILES] if has_files else [])]


def _model(name: str) -> str:
    return f"{absent.MODEL} {name}"[:330]
