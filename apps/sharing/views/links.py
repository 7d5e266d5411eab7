"""A person's own links."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import edit, queries
from ..access import is_public_sharing_on
from ..forms import ChangeForm
from ..models import ShareLink


def _own(request: HttpRequest, id: uuid.UUID) -> ShareLink:
    mine = ShareLink.objects.for_user(request.user).select_related("conversation", "revoked_by")
    return get_object_or_404(mine, pk=id)


@require_safe
@login_required
def links(request: HttpRequest) -> HttpResponse:
    found = queries.mine(request.user, request.GET.get("page"))
    site = request.build_absolute_uri("/")[:-1]
    context = {"page": "links", "links": found, "site": site, "is_public": is_public_sharing_on()}
    return render(request, "sharing/links.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sensitive_post_parameters("password")
def link(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One link: its address, and who may read it."""
    own = _own(request, id)
    form = ChangeForm(request.user, own, request.POST or None)
    if form.is_valid():
        edit.change(link=own, readers=form.readers())
        messages.success(request, _("Saved."))
        return redirect("link", own.pk)
    revision = own.revisions.published().defer("raw").order_by("published_at").last()
    context = {
        "page": "links",
        "link": own,
        "revision": revision,
        "title": revision.content.get("title", "") if revision else "",
        "form": form,
        "address": request.build_absolute_uri(reverse("share", args=[own.token])),
    }
    return render(request, "sharing/link.html", context, status=400 if form.is_bound else 200)


@require_POST
@login_required
def revoke(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    edit.revoke(link=_own(request, id), by=request.user)
    messages.success(request, _("The link is revoked. Whoever has it open loses it within seconds."))
    return redirect("links")


@require_POST
@login_required
def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    edit.delete(link=_own(request, id))
    messages.success(request, _("The link is deleted."))
    return redirect("links")
