"""What is done to conversations of the list, one or many, and its undoing; and the bin."""

import uuid
from collections.abc import Callable, Sequence

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from . import bin, bulk, folders, tags
from .models import Conversation, Folder, Tag
from .views import changed, deleted, refusing, tab

PAGE = 50


def ids_of(values: Sequence[str]) -> list[uuid.UUID]:
    """Ids of a form, each in a field of its own or several in one, with commas between."""
    try:
        return [uuid.UUID(text) for text in ",".join(values).split(",") if text]
    except ValueError as error:
        raise ValidationError(_("The form is not whole: reload the page.")) from error


@login_required
@require_POST
@refusing
def order(request: HttpRequest, action: str) -> HttpResponse:
    """One command for all `ids`; the reply tells how many it changed, and undoes it on demand."""
    if action not in ACTIONS:
        raise Http404
    done = ACTIONS[action](request, ids_of(request.POST.getlist("ids")))
    return deleted(request, done) if action == "delete" else changed(request, done=done)


def _move(request: HttpRequest, ids: list[uuid.UUID]) -> bulk.Done:
    """Into `folder`, out of all where it is empty, or into a new one of the name in `new`."""
    user, by = request.user, tab(request)
    bulk.chosen(user, ids)
    folder = _folder(request, request.POST.get("folder", ""))
    if name := request.POST.get("new", "").strip():
        folder = folders.create(owner=user, name=name, by=by)
    return bulk.move(user=user, ids=ids, folder=folder, by=by)


def _tag(request: HttpRequest, ids: list[uuid.UUID]) -> bulk.Done:
    """`tag` are to be on all of them and `had` were: what is in one alone is put on or taken off, as are names in
    `new`, with commas between."""
    user = request.user
    bulk.chosen(user, ids)
    wanted, had = set(ids_of(request.POST.getlist("tag"))), set(ids_of(request.POST.getlist("had")))
    names = [name for name in request.POST.get("new", "").replace("，", ",").split(",") if name.strip()]
    mine = Tag.objects.for_user(user)
    add = [*mine.filter(pk__in=wanted - had), *(tags.get_or_create(owner=user, name=name) for name in names)]
    remove = [tag for tag in mine.filter(pk__in=had - wanted) if tag not in add]
    return bulk.retag(user=user, ids=ids, add=dict.fromkeys(add), remove=remove, by=tab(request))


ACTIONS: dict[str, Callable[[HttpRequest, list[uuid.UUID]], bulk.Done]] = {
    "archive": lambda request, ids: bulk.archive(user=request.user, ids=ids, by=tab(request)),
    "unarchive": lambda request, ids: bulk.archive(user=request.user, ids=ids, archived=False, by=tab(request)),
    "delete": lambda request, ids: bulk.delete(user=request.user, ids=ids, by=tab(request)),
    "move": _move,
    "tag": _tag,
}


def _folder(request: HttpRequest, id: str) -> Folder | None:
    return get_object_or_404(Folder.objects.for_user(request.user), pk__in=ids_of([id])) if id else None


@login_required
@require_POST
@refusing
def undo(request: HttpRequest) -> HttpResponse:
    token = request.POST.get("undo") or request.GET.get("undo", "")
    return changed(request, done=bulk.undo(user=request.user, token=token, by=tab(request)))


@login_required
@require_GET
@refusing
def choose_folder(request: HttpRequest) -> HttpResponse:
    """Where to move them: a dialog's content."""
    ids = ids_of(request.GET.getlist("ids"))
    lies_in = set(bulk.chosen(request.user, ids).values_list("folder", flat=True))
    mine = list(Folder.objects.for_user(request.user))
    inside = {folder.pk: [each for each in mine if each.parent_id == folder.pk] for folder in mine}
    context = {
        "ids": ids,
        "lies_in": lies_in.pop() if len(lies_in) == 1 else "several",
        "folders": [(folder, inside[folder.pk]) for folder in mine if folder.parent_id is None],
    }
    return render(request, "conversations/_choose_folder.html", context)


@login_required
@require_GET
@refusing
def choose_tags(request: HttpRequest) -> HttpResponse:
    """Which tags are to be on them: a dialog's content."""
    ids = ids_of(request.GET.getlist("ids"))
    found = list(bulk.chosen(request.user, ids).values_list("pk", flat=True))
    worn: dict[uuid.UUID, int] = {}
    for tag in tags.Worn.objects.filter(conversation__in=found).values_list("tag", flat=True):
        worn[tag] = worn.get(tag, 0) + 1
    offered = [(tag, worn.get(tag.pk, 0)) for tag in Tag.objects.for_user(request.user)]
    return render(request, "conversations/_choose_tags.html", {"ids": ids, "offered": offered, "all": len(found)})


@login_required
@require_GET
def contents(request: HttpRequest) -> HttpResponse:
    """The bin, the newest first."""
    page = Paginator(bin.contents(request.user), PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.goes_at = row.deleted_at + bin.KEPT
    return render(request, "conversations/bin.html", {"page": page, "days": bin.KEPT.days})


@login_required
@require_POST
def restore(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = _binned(request, id)
    bin.restore(owner=request.user, ids=[found.pk], by=tab(request))
    return _emptier(request, found, _("“%(title)s” is back.") % {"title": found})


@login_required
@require_POST
def erase(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = _binned(request, id)
    told = _("“%(title)s” is gone for good.") % {"title": found}
    bin.erase(owner=request.user, id=found.pk)
    found.pk = id
    return _emptier(request, found, told)


@login_required
@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    count = bin.empty(owner=request.user)
    told = ngettext("%(n)d conversation is gone for good.", "%(n)d conversations are gone for good.", count)
    return _emptier(request, None, told % {"n": count})


def _binned(request: HttpRequest, id: uuid.UUID) -> Conversation:
    return get_object_or_404(bin.contents(request.user), pk=id)


def _emptier(request: HttpRequest, found: Conversation | None, told: str) -> HttpResponse:
    """The bin's page without it, or without anything."""
    left = bin.contents(request.user).exists()
    return render(request, "conversations/_bin_changed.html", {"row": found, "left": left, "told": told})
