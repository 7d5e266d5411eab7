"""Beginning a job: everything is checked before it costs anything, then one transaction writes it down."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.upstreams.media_dialects import dialects_of
from apps.upstreams.models import Model
from apps.upstreams.said import in_words
from apps.usage.budgets import refusals as budgets
from apps.usage.budgets import reservations
from apps.usage.meter import DEAREST
from apps.wire.exceptions import InvalidRequest, ParameterError
from apps.wire.media import dialects
from apps.wire.media.dialect import Dialect
from apps.wire.media.shapes import MediaRequest, Role, Source
from apps.wire.parameters import check
from apps.work import storable
from apps.work.database import writing

from .. import queries
from ..models import Asset
from ..refusals import NotTaken
from ..sniff import MB
from . import tell
from .asked import check_heard, is_heard, request_of, with_files
from .budget import asked_of
from .models import Job, JobInput
from .refusals import NotMade
from .vectors import MOST_INPUTS, MOST_NUMBERS, WIDEST
from .workshop import workshop

__all__ = ["NotMade", "create", "estimate", "request_of"]

# Bytes of files that are read while somebody waits for the form.
MOST_READ = 8 * MB
# What the wire calls some fields that a form has under other names.
FIELDS = {"input": "prompt", "content": "prompt", "query": "prompt", "file": "audio"}

Input = tuple[Role, Asset]


def create(
    *,
    user,
    model: Model,
    dialect: str,
    request: MediaRequest,
    inputs: Sequence[Input] = (),
    notes: Mapping[str, Any] | None = None,
) -> Job:
    """A queued job of the user's, who may use the model. `inputs` are the request's files, in their order.

    Raises NotMade.
    """
    way = _way(model, dialect)
    request = _checked(way, msgspec.structs.replace(request, model=model.name))
    _check_size(way, request, inputs)
    _check_inputs(user, way, request, inputs)
    _check_quota(user)
    _check_built(way, request, inputs)
    _check_heard(inputs)
    _check_budget(user, model, way, request)
    job = Job(
        owner=user,
        family=way.family,
        dialect=way.name,
        model=model,
        model_name=model.name,
        language=get_language() or "",
        prompt=storable.text(request.prompt or "\n".join(request.texts)),
        values=storable.data(msgspec.to_builtins(request)),
        notes=storable.data(dict(notes or {})),
        estimate=estimate(model, dialect, request),
    )
    with writing():
        job.save(force_insert=True)
        for role, asset in inputs:
            JobInput.objects.create(job=job, asset=asset, role=role)
    tell.changed(job)
    workshop.poke()
    return job


def estimate(model: Model, dialect: str, request: MediaRequest) -> Decimal | None:
    """US dollars that it may cost by the model's prices; None where they do not tell."""
    money = asked_of(model, dialects.get(dialect), request).money
    return money if money is None or money <= DEAREST else None


def _way(model: Model, dialect: str) -> Dialect:
    if dialect not in dialects_of(model):
        raise NotMade(_("{model} is not asked in this way. Choose another model.").format(model=model), "model")
    return dialects.get(dialect)


def _checked(way: Dialect, request: MediaRequest) -> MediaRequest:
    if request.task not in way.tasks(request.model):
        raise NotMade(_("This model does not do that. Choose another model."), "task")
    if len(request.prompt) > settings.MESSAGE_MAX_CHARS:
        raise NotMade(_("This text is too long."), "prompt")
    try:
        values = check(way.parameters(request.model, request.task), request.parameters)
    except ParameterError as error:
        words = {key: _(value) if isinstance(value, str) else value for key, value in error.values.items()}
        raise NotMade(_(error.template).format(**words), error.name) from error
    return msgspec.structs.replace(request, parameters=values, sources=())


def _check_size(way: Dialect, request: MediaRequest, inputs: Sequence[Input]) -> None:
    """An answer that is larger than is read would be paid for, and lost."""
    if way.family != "embeddings":
        return
    count = len(request.texts) + len(inputs)
    if count > MOST_INPUTS:
        text = _("These are {count} inputs; at most {most} go into one request.")
        raise NotMade(text.format(count=f"{count:,}", most=f"{MOST_INPUTS:,}"), "prompt")
    wide = request.parameters.get("dimensions") or WIDEST
    if isinstance(wide, int) and count * wide > MOST_NUMBERS:
        text = _("{count} inputs of {wide} dimensions are too many at once: at most {most} here. Send fewer of them.")
        told = {"count": f"{count:,}", "wide": f"{wide:,}", "most": f"{MOST_NUMBERS // wide:,}"}
        raise NotMade(text.format(**told), "prompt")


def _check_inputs(user, way: Dialect, request: MediaRequest, inputs: Sequence[Input]) -> None:
    takes = way.inputs(request.model, request.task)
    given = [role for role, _asset in inputs]
    if any(asset.owner_id != user.pk for _role, asset in inputs):
        raise NotMade(_("This file is gone."), given[0])
    for role in dict.fromkeys([*given, *takes.least]):
        most, least = takes.most.get(role, 0), takes.least.get(role, 0)
        if given.count(role) > most:
            raise NotMade(_("This model takes fewer files: {most} here.").format(most=most), role)
        if given.count(role) < least:
            raise NotMade(_("This model needs a file here."), role)


def _check_built(way: Dialect, request: MediaRequest, inputs: Sequence[Input]) -> None:
    """What cannot even be written as a request is told at the form, not by a job that has failed. Large files and films
    are not read for that: something stands for them."""
    try:
        is_read = not any(is_heard(role, asset) for role, asset in inputs)
        if is_read and sum(asset.size for _role, asset in inputs) <= MOST_READ:
            way.build(with_files(request, inputs))
        else:
            stand_ins = tuple(Source(role, asset.media_type, asset.name, b"\0") for role, asset in inputs)
            way.build(msgspec.structs.replace(request, sources=stand_ins))
    except FileNotFoundError as error:
        raise NotMade(_("This file is gone."), inputs[0][0]) from error
    except InvalidRequest as error:
        raise NotMade(in_words(str(error)), FIELDS.get(error.param, error.param)) from error


def _check_heard(inputs: Sequence[Input]) -> None:
    """A film whose sound is wanted has one; that it can be taken out as a whole is found when its turn comes."""
    for role, asset in inputs:
        try:
            if is_heard(role, asset):
                check_heard(asset)
        except FileNotFoundError as error:
            raise NotMade(_("This file is gone."), role) from error
        except NotTaken as error:
            raise NotMade(str(error), role) from error


def _check_budget(user, model: Model, way: Dialect, request: MediaRequest) -> None:
    """What is left may be gone when its turn comes: then it fails with the same sentence, and nothing was sent."""
    try:
        reservations.check(user.pk, partial(asked_of, model, way, request))
    except budgets.Refused as error:
        raise NotMade(str(error)) from error


def _check_quota(user) -> None:
    limit = settings.UPLOAD_QUOTA_MB
    if limit and queries.used_bytes(user) >= limit * MB:
        text = _("Your files take all of the {limit} MB that each person has. Delete some in the library.")
        raise NotMade(text.format(limit=limit))
