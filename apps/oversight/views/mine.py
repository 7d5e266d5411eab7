"""What a person sees of who read their conversations."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import openings
from ..models import Opening
from ..queries import exports_of


@require_safe
@never_cache
@login_required
def my_openings(request: HttpRequest) -> HttpResponse:
    """Every time that somebody could read conversations of this person, and which were read."""
    found = Opening.objects.of(request.user).prefetch_related("readings__conversation")
    return render(
        request, "oversight/mine.html", {"page": "account", "openings": found, "exports": exports_of(request.user)}
    )


@require_POST
@login_required
def opening_noted(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    openings.note(owner=request.user, id=id)
    return redirect("my_openings")
