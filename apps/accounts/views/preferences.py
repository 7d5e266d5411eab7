"""Theme and language, for everybody: stored in the account, and in a cookie for pages before sign-in."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..models import User

YEAR = 365 * 24 * 60 * 60


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    return _keep(request, "theme", "theme", User.Theme.values)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    return _keep(request, "language", settings.LANGUAGE_COOKIE_NAME, ["", *dict(settings.LANGUAGES)])


def _keep(request: HttpRequest, field: str, cookie: str, allowed: list[str]) -> HttpResponse:
    value = request.POST.get(field, "")
    if value not in allowed:
        return HttpResponseBadRequest(_("There is no such choice."))
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(**{field: value})
    response = _answer(request)
    keep_cookie(response, cookie, value)
    return response


def keep_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def _answer(request: HttpRequest) -> HttpResponse:
    """Back to the page that asked; htmx reloads it, since every string and colour of it may change."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    back = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")
