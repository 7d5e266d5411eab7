"""Members, as administrators see them: who is here, what they may do, which groups they are in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import queries, roles
from ..access import administrator_required
from ..forms import GroupForm, InviteForm, SignupModeForm
from ..models import User
from ..signup_mode import change_signup_mode, signup_mode

NEW_LINK = "new_invitation"
VERBS = {
    "appoint": (roles.appoint, gettext_lazy("%s is an administrator now.")),
    "demote": (roles.demote, gettext_lazy("%s is a member now.")),
    "disable": (roles.disable, gettext_lazy("%s is disabled and signed out.")),
    "enable": (roles.enable, gettext_lazy("%s can sign in again.")),
}


@require_safe
@never_cache
@administrator_required
def people(request: HttpRequest) -> HttpResponse:
    return people_page(request)


def people_page(
    request: HttpRequest, *, invite: InviteForm | None = None, group: GroupForm | None = None
) -> HttpResponse:
    """The page, with the form that was refused, if one was. A new link is shown this once."""
    token = request.session.pop(NEW_LINK, None)
    search = request.GET.get("q", "").strip()
    context = {
        "page": "people",
        "people": queries.people(search=search, page=request.GET.get("page")),
        "search": search,
        "invite": invite or InviteForm(),
        "group": group or GroupForm(),
        "signup": SignupModeForm(initial={"signup": signup_mode()}),
        "signup_fixed": bool(settings.SIGNUP),
        "new_link": token and request.build_absolute_uri(reverse("invite", args=[token])),
    }
    return render(request, "accounts/people.html", context, status=400 if invite or group else 200)


@require_POST
@administrator_required
def change_person(request: HttpRequest, person: int, verb: str) -> HttpResponse:
    someone = get_object_or_404(User, pk=person)
    act, told = VERBS[verb]
    try:
        act(person=someone, by=request.user)
    except roles.LastAdministrator:
        messages.error(request, _("%s is the last administrator. Make somebody else one first.") % someone)
    else:
        messages.success(request, told % someone)
    return redirect("account" if someone == request.user else "people")


@require_POST
@administrator_required
def person_groups(request: HttpRequest, person: int) -> HttpResponse:
    someone = get_object_or_404(User, pk=person)
    wanted = [int(group) for group in request.POST.getlist("groups") if group.isdecimal()]
    roles.put_in_groups(person=someone, groups=Group.objects.filter(pk__in=wanted), by=request.user)
    messages.success(request, _("The groups of %s are saved.") % someone)
    return redirect("people")


@require_POST
@administrator_required
def signup(request: HttpRequest) -> HttpResponse:
    form = SignupModeForm(request.POST)
    if settings.SIGNUP or not form.is_valid():
        messages.error(request, _("Sign-up was not changed."))
    else:
        change_signup_mode(mode=form.cleaned_data["signup"], by=request.user)
        messages.success(request, _("Sign-up is changed."))
    return redirect("people")
