"""Pages' requests about conversations; each begins by fetching through the user, and a stranger's is not found."""

import uuid
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from . import edit, queries
from .models import Conversation
from .search import search as find


def refusing(view):
    """A form that cannot be taken is answered with a sentence, as a toast, and status 422.

    What another page deletes in the meantime is not found.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ValidationError as error:
            return render(request, "conversations/_not_changed.html", {"text": " ".join(error.messages)}, status=422)
        except Conversation.DoesNotExist as error:
            raise Http404 from error

    return wrapped


@login_required
@require_GET
@refusing
def history(request: HttpRequest) -> HttpResponse:
    """The list, or with `before` the next page of it; with `archived` the archived ones."""
    archived, before = "archived" in request.GET, request.GET.get("before")
    try:
        page = queries.history(request.user, archived=archived, before=before)
    except ValueError as error:
        raise ValidationError(_("This place in the list is not known. Reload the page.")) from error
    template = "conversations/_history_more.html" if before else "conversations/_history.html"
    context = {"history": page, "page": bool(before), "conversation": _shown(request)}
    return render(request, template, context)


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    context = {"query": query, "hits": find(request.user, query)}
    return render(request, "conversations/_search.html", context)


@login_required
@require_POST
@refusing
def rename(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    conversation = _own(request, id)
    edit.rename(conversation=conversation, title=request.POST.get("title", ""), by=_tab(request))
    return _changed(request, conversation)


@login_required
@require_POST
@refusing
def pin(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """`pinned` is 1 or 0; without it the pin is changed to the other state."""
    conversation = _own(request, id)
    pinned = _flag(request, "pinned", otherwise=conversation.pinned_at is None)
    edit.pin(conversation=conversation, pinned=pinned, by=_tab(request))
    return _changed(request, conversation)


@login_required
@require_POST
@refusing
def archive(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """`archived` is 1 or 0; without it the conversation goes to the other list."""
    conversation = _own(request, id)
    archived = _flag(request, "archived", otherwise=conversation.archived_at is None)
    edit.archive(conversation=conversation, archived=archived, by=_tab(request))
    return _changed(request, conversation)


@login_required
@require_POST
@refusing
def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    conversation = _own(request, id)
    was_open = _open_id(request) == id
    edit.delete(conversation=conversation, by=_tab(request))
    return HttpResponseClientRedirect(reverse("home")) if was_open else _changed(request)


@login_required
@require_POST
@refusing
def draft(request: HttpRequest) -> HttpResponse:
    """Keeps `text`, of `conversation` or of the new chat."""
    if "text" not in request.POST:
        raise ValidationError(_("There is no text in this form, so the draft was left as it is."))
    id = request.POST.get("conversation")
    conversation = _own(request, _uuid(id)) if id else None
    edit.save_draft(owner=request.user, conversation=conversation, text=request.POST["text"])
    return HttpResponse(status=204)


def _own(request: HttpRequest, id: uuid.UUID) -> Conversation:
    return get_object_or_404(Conversation.objects.for_user(request.user), pk=id)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _flag(request: HttpRequest, name: str, *, otherwise: bool) -> bool:
    value = request.POST.get(name, "1" if otherwise else "0")
    if value not in {"0", "1"}:
        raise ValidationError(_("“%(name)s” must be 0 or 1.") % {"name": name})
    return value == "1"


def _tab(request: HttpRequest) -> str:
    return request.POST.get("tab", "")[:64]


def _open_id(request: HttpRequest) -> uuid.UUID | None:
    """The conversation that the asking page shows."""
    try:
        match = resolve((request.htmx.current_url_abs_path or "/").partition("?")[0])
    except Resolver404:
        return None
    return match.kwargs.get("id") if match.url_name in ("conversation", "comparison") else None


def _shown(request: HttpRequest) -> Conversation | None:
    id = _open_id(request)
    return Conversation.objects.for_user(request.user).filter(pk=id).first() if id else None


def _changed(request: HttpRequest, conversation: Conversation | None = None) -> HttpResponse:
    """The list as it is now; with it the heading and the menu, if they are of the changed conversation."""
    shown = _shown(request)
    context = {
        "history": queries.history(request.user),
        "conversation": shown,
        "renamed": shown is not None and shown == conversation,
    }
    return render(request, "conversations/_changed.html", context)
