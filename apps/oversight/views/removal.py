"""Deleting an account: first its export is offered, then the address is typed out, and then all of it is gone."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.access import administrator_required
from apps.accounts.models import User
from apps.accounts.roles import LastAdministrator, disable

from ..forms import DeletionForm, OwnDeletionForm
from ..queries import belongings
from ..removal import delete_person


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrator_required
def person_delete(request: HttpRequest, person: int) -> HttpResponse:
    """Not oneself: that is done on the account page, with the password. Nobody goes who was not shut out before."""
    someone = get_object_or_404(User, pk=person)
    if someone == request.user:
        raise Http404
    if request.method == "POST" and someone.is_active:
        return _shut_out(request, someone)
    form = DeletionForm(someone, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, "oversight/person_delete.html", someone, form, page="people")
    delete_person(person=someone, by=request.user)
    messages.success(request, _("%s is deleted, with everything of theirs.") % someone)
    return redirect("people")


def _shut_out(request: HttpRequest, person: User) -> HttpResponse:
    try:
        disable(person=person, by=request.user)
    except LastAdministrator:
        messages.error(request, _last(person))
    return redirect("person_delete", person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@sensitive_post_parameters("password")
def account_delete(request: HttpRequest) -> HttpResponse:
    person = request.user
    posted = request.method == "POST"
    if posted and not ratelimit.consume(request, action="reauthenticate", user=person):
        return ratelimit.respond_429(request)
    form = OwnDeletionForm(person, request.POST if posted else None)
    if not form.is_valid():
        return _page(request, "oversight/account_delete.html", person, form, page="account")
    try:
        delete_person(person=person, by=person)
    except LastAdministrator:
        form.add_error(None, _last(person))
        return _page(request, "oversight/account_delete.html", person, form, page="account")
    logout(request)
    messages.success(request, _("Your account is deleted, with everything of yours."))
    return redirect("account_login")


def _last(person: User) -> str:
    return _("%s is the last administrator. Make somebody else one first.") % person


def _page(request: HttpRequest, template: str, person: User, form: DeletionForm, page: str) -> HttpResponse:
    context = {"page": page, "person": person, "form": form, "belongings": belongings(person)}
    return render(request, template, context, status=400 if form.is_bound else 200)
