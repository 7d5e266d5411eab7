"""Everybody's links, for administrators: they see that there are some and may end them, not what is in them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import administrator_required

from .. import edit, queries
from ..access import is_public_sharing_on
from ..models import ShareLink


@require_safe
@administrator_required
def links(request: HttpRequest) -> HttpResponse:
    found = queries.everybodys(request.GET.get("page"))
    context = {"page": "all_links", "links": found, "is_public": is_public_sharing_on()}
    return render(request, "sharing/all.html", context)


@require_POST
@administrator_required
def public_sharing(request: HttpRequest) -> HttpResponse:
    edit.switch_public_sharing(on=request.POST.get("on") == "1", by=request.user)
    messages.success(request, _("Saved."))
    return redirect("all_links")


@require_POST
@administrator_required
def revoke(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    edit.revoke(link=get_object_or_404(ShareLink, pk=id), by=request.user)
    messages.success(request, _("The link is revoked."))
    return redirect("all_links")
