"""Each person's own library of tools."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import schemas
from .built_in import BUILT_IN
from .forms import ToolForm
from .library import mine
from .schemas import SchemaRefused


@require_safe
@never_cache
@login_required
def tools(request: HttpRequest) -> HttpResponse:
    context = {"page": "tools", "tools": mine(request.user), "built_in": BUILT_IN.values()}
    return render(request, "tools/tools.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("secret")
@login_required
def tool_new(request: HttpRequest) -> HttpResponse:
    return _edit(request, ToolForm(request.POST or None, owner=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("secret")
@login_required
def tool(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(mine(request.user), id=id)
    return _edit(request, ToolForm(request.POST or None, instance=found, owner=request.user))


def _edit(request: HttpRequest, form: ToolForm) -> HttpResponse:
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        with transaction.atomic():
            saved = form.save()
    except IntegrityError:
        form.add_error("name", _("You have a tool of this name."))
        return _page(request, form, status=400)
    messages.success(request, _("{name} is saved.").format(name=saved.name))
    return redirect("tools")


def _page(request: HttpRequest, form: ToolForm, status: int = 200) -> HttpResponse:
    found = None if form.instance._state.adding else mine(request.user).get(pk=form.instance.pk)
    return render(request, "tools/tool.html", {"page": "tools", "form": form, "tool": found}, status=status)


@require_POST
@login_required
def tool_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Answers that called it stay as they are; conversations that picked it go on without."""
    found = get_object_or_404(mine(request.user), id=id)
    found.delete()
    messages.success(request, _("{name} is deleted.").format(name=found.name))
    return redirect("tools")


@require_POST
@sensitive_post_parameters("secret")
@login_required
def schema_check(request: HttpRequest) -> HttpResponse:
    """Whether `schema` is one, told on the spot; `of` is arguments for a tool's."""
    text = request.POST.get("schema", "")
    try:
        refused = ""
        if text.strip():
            of_arguments, strict = request.POST.get("of") == "arguments", bool(request.POST.get("strict"))
            schemas.read(text, of_arguments=of_arguments, strict=strict)
    except SchemaRefused as error:
        refused = str(error)
    return render(request, "tools/_schema_checked.html", {"refused": refused, "empty": not text.strip()})
