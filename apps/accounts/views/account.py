"""A person's own account."""

from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ..email import change_email
from ..forms import EmailForm, ProfileForm
from ..roles import end_sessions
from .preferences import keep_cookie


@login_required
def account(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if not form.is_valid():
        return _page(request, profile=form)
    form.save()
    # The cookie of an earlier choice would be taken for what the browser asks for.
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = request.user.language
    translation.activate(translation.get_language_from_request(request))
    messages.success(request, _("Saved."))
    response = redirect("account")
    keep_cookie(response, settings.LANGUAGE_COOKIE_NAME, request.user.language)
    keep_cookie(response, "theme", request.user.theme)
    return response


@require_POST
@login_required
@sensitive_post_parameters("password")
def account_email(request: HttpRequest) -> HttpResponse:
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return ratelimit.respond_429(request)
    form = EmailForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, email=form)
    messages.success(request, change_email(request, user=request.user, email=form.cleaned_data["email"]))
    return redirect("account")


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    end_sessions(person=request.user)
    logout(request)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")


def _page(request: HttpRequest, profile: ProfileForm | None = None, email: EmailForm | None = None) -> HttpResponse:
    bound = any(form is not None and form.is_bound for form in (profile, email))
    context = {
        "page": "account",
        "profile": profile or ProfileForm(instance=request.user),
        "email": email or EmailForm(request.user),
        "unconfirmed": EmailAddress.objects.filter(user=request.user, verified=False).exclude(email=request.user.email),
        "has_password": request.user.has_usable_password(),
        "has_providers": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "accounts/account.html", context, status=400 if bound else 200)
