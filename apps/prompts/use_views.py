"""A prompt of the library is put into a chat: chosen, asked for its variables, and given as text."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from . import library
from .variables import filled, variables
from .views import prompts_of

MOST = 50


@require_GET
@login_required
def prompt_pick(request: HttpRequest) -> HttpResponse:
    found = library.search(prompts_of(request.user).exclude(current=None), request.GET.get("q", ""))
    return render(request, "prompts/_pick.html", {"prompts": found[:MOST], "query": request.GET.get("q", "")})


@require_http_methods(["GET", "POST"])
@login_required
def prompt_use(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The questions that its variables ask; once answered the text, as it goes into the message."""
    found = get_object_or_404(prompts_of(request.user).exclude(current=None), pk=id)
    asked = variables(found.current.text)
    if request.method == "GET":
        return render(request, "prompts/_use.html", {"prompt": found, "asked": asked})
    values = {
        each.name: request.POST[f"v{number}"] for number, each in enumerate(asked) if f"v{number}" in request.POST
    }
    return HttpResponse(filled(found.current.text, values), content_type="text/plain; charset=utf-8")
