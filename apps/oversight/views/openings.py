"""An administrator's way to a member's conversations: asked for, read-only, and over when its time is."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import administrator_required
from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.media import serve
from apps.media.models import Asset

from .. import openings, shown
from ..forms import OpeningForm
from ..models import Opening

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrator_required
def open_person(request: HttpRequest, person: int) -> HttpResponse:
    """Why, what and for how long; nothing is shown before it is said."""
    owner = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=person)
    form = OpeningForm(owner, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"page": "people", "owner": owner, "form": form, "current": _mine(request).filter(owner=owner)}
        return render(request, "oversight/open.html", context, status=400 if form.is_bound else 200)
    opening = openings.open_for(administrator=request.user, owner=owner, **form.cleaned_data)
    if opening.conversation_id:
        return redirect("opening_conversation", opening.pk, opening.conversation_id)
    return redirect("opening", opening.pk)


@require_safe
@never_cache
@administrator_required
def opening(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The list of what may be read through it."""
    found = _own(request, id)
    listed = openings.conversations_of(found).filter(column_of=None).order_by("-updated_at")
    conversations = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": "people", "opening": found, "conversations": conversations}
    return render(request, "oversight/opening.html", context)


@require_safe
@never_cache
@administrator_required
def opening_conversation(request: HttpRequest, id: uuid.UUID, conversation: uuid.UUID) -> HttpResponse:
    """One conversation, to read. A comparison leads to its columns."""
    found = _own(request, id)
    talk = _conversation(found, conversation)
    openings.read(opening=found, conversation=talk)
    context = {"page": "people", "opening": found, "conversation": talk, **shown.thread(found, talk, _before(request))}
    context["columns"] = talk.columns.select_related("model").order_by("pk")
    return render(request, "oversight/conversation.html", context)


@require_safe
@administrator_required
def opening_file(
    request: HttpRequest, id: uuid.UUID, conversation: uuid.UUID, asset: uuid.UUID, name: str
) -> HttpResponseBase:
    """The name in the address is for people alone."""
    return _unkept(serve.whole_or_part(request, _asset(request, id, conversation, asset)))


@require_safe
@administrator_required
def opening_thumbnail(
    request: HttpRequest, id: uuid.UUID, conversation: uuid.UUID, asset: uuid.UUID
) -> HttpResponseBase:
    return _unkept(serve.thumbnail(request, _asset(request, id, conversation, asset)))


@require_POST
@administrator_required
def opening_end(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    openings.end(opening=_own(request, id), by=request.user)
    messages.success(request, _("Closed. You can no longer read these conversations."))
    return redirect("people")


def _mine(request: HttpRequest):
    return Opening.objects.for_user(request.user).select_related("owner", "administrator")


def _own(request: HttpRequest, id: uuid.UUID) -> Opening:
    return get_object_or_404(_mine(request), pk=id)


def _conversation(opening: Opening, id: uuid.UUID) -> Conversation:
    return get_object_or_404(openings.conversations_of(opening).select_related("head", "owner"), pk=id)


def _asset(request: HttpRequest, id: uuid.UUID, conversation: uuid.UUID, asset: uuid.UUID) -> Asset:
    found = _own(request, id)
    talk = _conversation(found, conversation)
    file = get_object_or_404(shown.files_of(talk), pk=asset)
    openings.read(opening=found, conversation=talk)
    return file


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    """A browser that kept the file would show it when the time is over."""
    response["Cache-Control"] = "private, no-store"
    return response


def _before(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("before", ""))
    except ValueError:
        return None
