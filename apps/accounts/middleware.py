"""Plain functions, all synchronous: the chain around them is, so one thread hop serves the whole of it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from . import setup
from .models import User

EXEMPT = ("/static/", "/healthz", "/readyz", "/metrics", "/sandbox/", "/language/", "/theme/")
ALLAUTH = "/accounts/"


def first_run(get_response):
    """Sends everybody to the set-up page until that is over; from then on it costs nothing."""
    over = False

    def middleware(request: HttpRequest) -> HttpResponse:
        nonlocal over
        page = reverse("setup")
        if over or request.path == page or request.path.startswith(EXEMPT):
            return get_response(request)
        over = setup.is_over()
        return get_response(request) if over else redirect(page)

    return middleware


def preferences(get_response):
    """Language and theme: the account's, or for those who are not signed in the cookies'."""

    def middleware(request: HttpRequest) -> HttpResponse:
        theme = request.COOKIES.get("theme", "")
        request.theme = theme if theme in User.Theme.values else ""
        if request.user.is_authenticated:
            request.theme = request.user.theme
            _speak(request, request.user.language)
        return get_response(request)

    return middleware


def _speak(request: HttpRequest, language: str) -> None:
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def provider_page(get_response):
    """Leaves for a sign-in provider from a page of ours: `form-action 'self'` also stops a form's redirect."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        target = response.headers.get("Location", "")
        if request.method == "POST" and request.path.startswith(ALLAUTH) and target.startswith(("https://", "http://")):
            return render(request, "socialaccount/login_redirect.html", {"redirect_to": target})
        return response

    return middleware
