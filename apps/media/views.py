"""Uploads and files over HTTP; each begins by fetching through the user, and a stranger's is not found."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import hold, queries, serve
from .models import Asset
from .refusals import NotTaken
from .store import keep_upload


def _own(request: HttpRequest, id: uuid.UUID) -> Asset:
    try:
        return queries.load_for(request.user, id)
    except Asset.DoesNotExist as error:
        raise Http404 from error


def _place(request: HttpRequest) -> str | None:
    """Where it is to lie ready: a conversation's id, '' for the new chat, None for nowhere."""
    given = request.POST.get("conversation")
    try:
        return str(uuid.UUID(given)) if given else given
    except ValueError as error:
        raise BadRequest(_("The form is not whole: reload the page.")) from error


@require_POST
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Keeps one file and lays it ready; the reply is its chip, or a sentence that says why not."""
    files = request.FILES.getlist("file")
    if len(files) != 1:
        raise BadRequest(_("One file is sent at a time."))
    place = _place(request)
    try:
        asset = keep_upload(owner=request.user, file=files[0], size=files[0].size, name=files[0].name)
        if place is not None:
            hold.lay(asset=asset, place=place)
    except NotTaken as error:
        return _refused(error)
    return render(request, "media/_chip.html", {"asset": asset, "field": request.POST.get("field", "")[:40]})


def refused(request: HttpRequest, sentence: str, status: int = 422) -> HttpResponse:
    """Why a command was not done, as a toast."""
    return render(request, "media/_not_attached.html", {"text": sentence, "state": "error"}, status=status)


@require_POST
@login_required
def attach(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Lays a file that is already kept ready for the next prompt."""
    asset, place = _own(request, id), _place(request) or ""
    try:
        is_new = hold.lay(asset=asset, place=place)
    except NotTaken as error:
        return refused(request, str(error), error.status)
    return render(request, "media/_attached.html", {"asset": asset if is_new else None})


@require_POST
@login_required
def discard(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """It is not wanted any more at that place; what nothing else holds is deleted."""
    hold.discard(asset=_own(request, id), place=_place(request) or "")
    return HttpResponse(status=204)


@require_safe
@login_required
def asset(request: HttpRequest, id: uuid.UUID, name: str) -> HttpResponseBase:
    """The file. The name in the address is for people alone."""
    return serve.whole_or_part(request, _own(request, id))


@require_safe
@login_required
def thumbnail(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    return serve.thumbnail(request, _own(request, id))


def _refused(error: NotTaken) -> HttpResponse:
    return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
