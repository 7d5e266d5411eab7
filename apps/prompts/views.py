"""The prompt library. Each view begins by fetching through the user."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.runs.compare import differ

from . import library
from .forms import PromptForm
from .library import ChangedMeanwhile, NotKept
from .models import Prompt


def prompts_of(user):
    return Prompt.objects.for_user(user).select_related("current", "owner").prefetch_related("groups")


@require_safe
@never_cache
@login_required
def prompts(request: HttpRequest) -> HttpResponse:
    """The list, with `q` those that have these words."""
    query = request.GET.get("q", "")
    context = {
        "page": "prompts",
        "query": query,
        "prompts": library.search(prompts_of(request.user), query),
        "deleted": Prompt.objects.deleted_of(request.user),
    }
    template = (
        "prompts/_prompts.html" if request.htmx and not request.htmx.history_restore_request else "prompts/prompts.html"
    )
    return render(request, template, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def prompt_new(request: HttpRequest) -> HttpResponse:
    unsaved = Prompt(owner=request.user)
    form = PromptForm(request.POST or None, kept=unsaved, user=request.user)
    return _edit(request, form, unsaved)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def prompt(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Its words, its versions, and with `version` what an older one said differently."""
    found = get_object_or_404(prompts_of(request.user), pk=id)
    if found.owner_id != request.user.pk and not found.members_edit:
        return _page(request, found, None, status=403 if request.method == "POST" else 200)
    return _edit(request, PromptForm(request.POST or None, kept=found, user=request.user), found)


def _edit(request: HttpRequest, form: PromptForm, found: Prompt) -> HttpResponse:
    if request.method != "POST":
        return _page(request, found, form)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    try:
        saved = _save(request, form, found)
    except NotKept as error:
        form.add_error(None, str(error))
        if isinstance(error, ChangedMeanwhile):
            found = get_object_or_404(prompts_of(request.user), pk=found.pk)
            form.data = form.data.copy() | {"base": found.current.number}
        return _page(request, found, form, status=409)
    messages.success(request, _("{name} is saved.").format(name=saved.title))
    return redirect("prompt", saved.pk)


def _save(request: HttpRequest, form: PromptForm, found: Prompt) -> Prompt:
    words = {name: form.cleaned_data[name] for name in ("title", "description", "text", "kind")}
    if found._state.adding:
        found = library.make(owner=request.user, **words)
    else:
        library.save(prompt=found, by=request.user, base=form.cleaned_data["base"] or 0, **words)
        found.refresh_from_db()
    if form.shares:
        library.share(kept=found, **form.sharing)
    return found


def _page(request: HttpRequest, found: Prompt, form: PromptForm | None, status: int = 200) -> HttpResponse:
    stored = None if found._state.adding else found
    context = {"page": "prompts", "prompt": stored, "form": form, "is_mine": found.owner_id == request.user.pk}
    if stored and form:  # who only reads is shown what is in use: older words were perhaps never meant for them
        context |= {"versions": stored.versions.all()[:100], **_differences(stored, request.GET.get("version", ""))}
    return render(request, "prompts/prompt.html", context, status=status)


def _differences(found: Prompt, number: str) -> dict:
    old = found.versions.filter(number=int(number)).first() if number.isdecimal() and len(number) < 9 else None
    if old is None or found.current is None:
        return {}
    return {"old": old, "diff": differ.words(old.text, found.current.text)}


@require_POST
@login_required
def prompt_restore(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponse:
    """An old version becomes the newest."""
    found = get_object_or_404(Prompt.objects.changeable_by(request.user), pk=id)
    version = get_object_or_404(found.versions, number=number)
    library.restore_version(prompt=found, version=version, by=request.user)
    messages.success(request, _("Version %(number)d is in use again.") % {"number": number})
    return redirect("prompt", found.pk)
