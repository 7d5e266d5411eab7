"""Pages that hold one sentence: why this way is closed, and where to go instead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def invitation_over(request: HttpRequest, reason: Exception) -> HttpResponse:
    return _sentence(request, _("Invitation over"), str(reason), status=410)


def set_up_already(request: HttpRequest, reason: Exception) -> HttpResponse:
    return _sentence(request, _("Already set up"), str(reason), status=409)


def signed_in_already(request: HttpRequest) -> HttpResponse:
    sentence = _("You are signed in as %(person)s. Sign out first if this invitation is for somebody else.")
    return _sentence(request, _("Invitation"), sentence % {"person": request.user}, status=409)


def _sentence(request: HttpRequest, title: str, sentence: str, status: int) -> HttpResponse:
    return render(request, "accounts/sentence.html", {"title": title, "sentence": sentence}, status=status)
