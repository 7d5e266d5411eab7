"""Folders and tags of the list, as their owner makes, changes and deletes them."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from . import folders, queries, tags
from .models import Folder, Tag
from .order_views import ids_of
from .views import changed, refusing, tab


def _folder(request: HttpRequest, id: uuid.UUID) -> Folder:
    return get_object_or_404(Folder.objects.for_user(request.user), pk=id)


def _tag(request: HttpRequest, id: uuid.UUID) -> Tag:
    return get_object_or_404(Tag.objects.for_user(request.user), pk=id)


def _parent(request: HttpRequest) -> Folder | None:
    given = ids_of([request.POST.get("parent", "")])
    return _folder(request, given[0]) if given else None


@login_required
@require_safe
@refusing
def folder_form(request: HttpRequest) -> HttpResponse:
    """A dialog's content: a new folder, in the one that `parent` names, or the folder that `id` names."""
    mine = Folder.objects.for_user(request.user)
    given = {name: ids_of([request.GET.get(name, "")]) for name in ("id", "parent")}
    folder = _folder(request, given["id"][0]) if given["id"] else None
    holds_some = folder is not None and folder.folders.exists()
    context = {
        "folder": folder,
        "parent_id": folder.parent_id if folder else next(iter(given["parent"]), None),
        "parents": [each for each in mine.filter(parent=None) if each != folder and not holds_some],
    }
    return render(request, "conversations/_folder_form.html", context)


@login_required
@require_POST
@refusing
def folder_new(request: HttpRequest) -> HttpResponse:
    folders.create(owner=request.user, name=request.POST.get("name", ""), parent=_parent(request), by=tab(request))
    return changed(request)


@login_required
@require_POST
@refusing
def folder(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Another name or place."""
    found = _folder(request, id)
    folders.change(folder=found, name=request.POST.get("name", ""), parent=_parent(request), by=tab(request))
    return changed(request)


@login_required
@require_GET
def folder_menu(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return render(request, "conversations/_folder_menu.html", {"folder": _folder(request, id)})


@login_required
@require_POST
def folder_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    folders.delete(folder=_folder(request, id), by=tab(request))
    return changed(request)


@login_required
@require_POST
def folder_step(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One place up, or down."""
    folders.step(folder=_folder(request, id), down=request.POST.get("down") == "1", by=tab(request))
    return changed(request)


@login_required
@require_POST
def folder_open(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Opens or closes it, for the pages that are opened later too."""
    found = _folder(request, id)
    folders.set_open(folder=found, is_open=request.POST.get("open") == "1")
    items = queries.shelf(request.user)
    item = next((each for item in items for each in (item, *item.folders) if each.folder == found), None)
    if item is None:
        raise Http404
    return render(request, "conversations/_folder.html", {"item": item})


@login_required
@require_GET
def tag_sheet(request: HttpRequest) -> HttpResponse:
    return render(request, "conversations/_tags.html", _sheet(request))


def _sheet(request: HttpRequest) -> dict:
    listed = Q(conversations__deleted_at=None, conversations__isnull=False)
    mine = Tag.objects.for_user(request.user).annotate(count=Count("conversations", filter=listed))
    return {"tags": list(mine), "colors": tags.COLORS}


@login_required
@require_POST
@refusing
def tag(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Another name or colour."""
    found, color = _tag(request, id), request.POST.get("color", "")
    chosen = int(color) if color.isdecimal() else 0
    tags.change(tag=found, name=request.POST.get("name", ""), color=chosen, by=tab(request))
    return _changed(request)


@login_required
@require_POST
@refusing
def tag_merge(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found, into = _tag(request, id), ids_of([request.POST.get("into", "")])
    if not into:
        raise ValidationError(_("Choose another tag to merge it with."))
    tags.merge(tag=found, into=_tag(request, into[0]), by=tab(request))
    return _changed(request)


@login_required
@require_POST
def tag_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    tags.delete(tag=_tag(request, id), by=tab(request))
    return _changed(request)


def _changed(request: HttpRequest) -> HttpResponse:
    """The sheet and the list as they are now."""
    return changed(request, sheet=_sheet(request))
