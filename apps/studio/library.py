"""The library: every file of a person, made or brought. Each view begins by fetching through the user."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from apps.media import hold
from apps.media.models import Asset
from apps.media.queries import load_for
from apps.media.refusals import NotTaken
from apps.media.views import refused
from apps.work.figures import dollars

from . import shelf
from .shelf import MADE, UPLOADED, Wanted
from .views import id_in

ORIGINS = {"": _("Made and uploaded"), MADE: _("Made"), UPLOADED: _("Uploaded")}
KINDS = {
    "": _("All kinds"),
    Asset.Kind.IMAGE: _("Images"),
    Asset.Kind.VIDEO: _("Videos"),
    Asset.Kind.AUDIO: _("Sounds"),
    Asset.Kind.PDF: _("PDFs"),
    Asset.Kind.TEXT: _("Texts"),
    Asset.Kind.FILE: _("Other files"),
}


def asset_or_404(request: HttpRequest, id: uuid.UUID) -> Asset:
    try:
        return load_for(request.user, id)
    except Asset.DoesNotExist as error:
        raise Http404 from error


@require_GET
@login_required
def library(request: HttpRequest) -> HttpResponse:
    """The newest files, or what a filter finds; with `before` only what follows."""
    wanted = _wanted(request)
    before = request.GET.get("before")
    items, more = shelf.page(request.user, wanted, id_in(before) if before else None)
    context = {"items": items, "more": more, "wanted": wanted}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "studio/library/_items.html", context)
    choices = {"kinds": KINDS, "origins": ORIGINS, "quota": shelf.quota(request.user)}
    return render(request, "studio/library/page.html", {**context, **choices})


def _wanted(request: HttpRequest) -> Wanted:
    kind, origin = request.GET.get("kind", ""), request.GET.get("origin", "")
    search = request.GET.get("q", "")[:200].replace("\0", "").strip()
    return Wanted(kind if kind in KINDS else "", origin if origin in ORIGINS else "", search)


@require_GET
@login_required
def library_item(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One file: what it is, where it came from, what uses it."""
    return render(request, "studio/library/item.html", _item(request, asset_or_404(request, id)))


def _item(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    cost = shelf.cost_of(request.user, asset)
    return {
        "item": shelf.items(request.user, [asset])[0],
        "asset": asset,
        "cost": "" if cost is None else dollars(cost),
        "uses": shelf.uses_of(request.user, asset),
        "excerpt": shelf.excerpt(asset),
        "head": shelf.head(request.user, asset),
    }


@require_POST
@login_required
def library_chat(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Lays the file ready in a new chat, and leads there."""
    try:
        hold.lay(asset=asset_or_404(request, id), place="")
    except NotTaken as error:
        return refused(request, str(error), error.status)
    return _to(request, "home")


@require_POST
@login_required
def library_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Deletes the file; what used it shows that it is gone."""
    try:
        hold.delete(asset=asset_or_404(request, id))
    except NotTaken as error:
        return refused(request, str(error), error.status)
    return _to(request, "library")


def _to(request: HttpRequest, name: str) -> HttpResponse:
    if not request.htmx:
        return redirect(name)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse(name)
    return response
