"""Pages' requests about conversations; each begins by fetching through the user, and a stranger's is not found."""

import uuid
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from . import bulk, edit, queries
from .models import Conversation

LONGEST_ADDRESS = 8000


def refusing(view):
    """A form that cannot be taken is answered with a sentence and status 422: as a toast, or in the open dialog.

    What another page deletes in the meantime is not found.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ValidationError as error:
            context = {"text": " ".join(error.messages), "in_dialog": "#order-" in request.headers.get("HX-Source", "")}
            return render(request, "conversations/_not_changed.html", context, status=422)
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
@require_POST
@refusing
def rename(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    conversation = own(request, id)
    edit.rename(conversation=conversation, title=request.POST.get("title", ""), by=tab(request))
    return changed(request, conversation)


@login_required
@require_POST
@refusing
def pin(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """`pinned` is 1 or 0; without it the pin is changed to the other state."""
    conversation = own(request, id)
    pinned = _flag(request, "pinned", otherwise=conversation.pinned_at is None)
    edit.pin(conversation=conversation, pinned=pinned, by=tab(request))
    return changed(request, conversation)


@login_required
@require_POST
@refusing
def archive(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """`archived` is 1 or 0; without it the conversation goes to the other list."""
    conversation = own(request, id)
    archived = _flag(request, "archived", otherwise=conversation.archived_at is None)
    edit.archive(conversation=conversation, archived=archived, by=tab(request))
    return changed(request, conversation)


@login_required
@require_POST
@refusing
def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """To the bin; the reply brings it back on demand."""
    conversation = own(request, id)
    return deleted(request, bulk.delete(user=request.user, ids=[conversation.pk], by=tab(request)))


def deleted(request: HttpRequest, done: bulk.Done) -> HttpResponse:
    """What was done, on the page that asked; if that showed what is gone, on a new chat."""
    open_id = _open_id(request)
    if open_id and _shown(request) is None:
        messages.success(request, done.sentence, extra_tags=_undoing(done))
        return HttpResponseClientRedirect(reverse("home"))
    return changed(request, done=done)


def _undoing(done: bulk.Done) -> str:
    """The address that undoes it; "" where there is nothing to undo, or too much for an address: the bin has it."""
    address = f"{reverse('order_undo')}?undo={done.undo}"
    return address if done.undo and len(address) < LONGEST_ADDRESS else ""


@login_required
@require_GET
def menu(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What can be done with one conversation of the list."""
    return render(request, "conversations/_item_menu.html", {"conversation": own(request, id)})


@login_required
@require_POST
@refusing
def draft(request: HttpRequest) -> HttpResponse:
    """Keeps `text`, of `conversation` or of the new chat."""
    if "text" not in request.POST:
        raise ValidationError(_("There is no text in this form, so the draft was left as it is."))
    id = request.POST.get("conversation")
    conversation = own(request, uuid_of(id)) if id else None
    edit.save_draft(owner=request.user, conversation=conversation, text=request.POST["text"])
    return HttpResponse(status=204)


def own(request: HttpRequest, id: uuid.UUID) -> Conversation:
    return get_object_or_404(Conversation.objects.for_user(request.user), pk=id)


def uuid_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _flag(request: HttpRequest, name: str, *, otherwise: bool) -> bool:
    value = request.POST.get(name, "1" if otherwise else "0")
    if value not in {"0", "1"}:
        raise ValidationError(_("“%(name)s” must be 0 or 1.") % {"name": name})
    return value == "1"


def tab(request: HttpRequest) -> str:
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


def changed(request: HttpRequest, conversation: Conversation | None = None, **more: Any) -> HttpResponse:
    """The list as it is now; with it the heading and the menu, if they are of the changed conversation.

    `done` in `more` is told, and how it is undone. What lists an archive or what was found reads itself anew.
    """
    shown = _shown(request)
    context = {
        "history": queries.history(request.user),
        "conversation": shown,
        "renamed": shown is not None and shown == conversation,
        **more,
    }
    return render(request, "conversations/_changed.html", context)
