"""Invitations and groups, on the people page."""

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import groups
from ..access import administrator_required
from ..forms import GroupForm, InviteForm
from ..invitations import invite, revoke
from ..models import Invitation
from .people import NEW_LINK, people_page


@require_POST
@administrator_required
def create_invitation(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return people_page(request, invite=form)
    request.session[NEW_LINK] = invite(invited_by=request.user, **form.cleaned_data).token
    return redirect("people")


@require_POST
@administrator_required
def revoke_invitation(request: HttpRequest, invitation: int) -> HttpResponse:
    revoke(invitation=get_object_or_404(Invitation, pk=invitation, accepted_at=None), by=request.user)
    messages.success(request, _("The invitation is taken back."))
    return redirect("people")


@require_POST
@administrator_required
def create_group(request: HttpRequest) -> HttpResponse:
    form = GroupForm(request.POST)
    if not form.is_valid():
        return people_page(request, group=form)
    groups.make_group(name=form.cleaned_data["name"], by=request.user)
    messages.success(request, _("The group is made."))
    return redirect("people")


@require_POST
@administrator_required
def rename_group(request: HttpRequest, group: int) -> HttpResponse:
    found = get_object_or_404(Group, pk=group)
    form = GroupForm(request.POST, instance=found)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["name"]))
    else:
        groups.rename_group(group=Group.objects.get(pk=group), name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("The group is renamed."))
    return redirect("people")


@require_POST
@administrator_required
def delete_group(request: HttpRequest, group: int) -> HttpResponse:
    try:
        groups.delete_group(group=get_object_or_404(Group, pk=group), by=request.user)
    except groups.GroupInUse:
        messages.error(request, _("Some models or budgets are only for this group. Change that first."))
    else:
        messages.success(request, _("The group is gone."))
    return redirect("people")
