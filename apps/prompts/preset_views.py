"""Presets: kept from a chat's settings, applied to a chat, and their own pages."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.runs import choices
from apps.runs.forms import TurnForm, form_refused, model_of
from apps.runs.refusals import Refused
from apps.runs.tools import choice
from apps.runs.views import refused, uuid_of
from apps.upstreams import queries as upstreams
from apps.wire import formats

from . import before, library
from . import presets as using
from .forms import PresetForm
from .library import NotKept
from .models import Habit, Preset


def presets_of(user):
    return Preset.objects.for_user(user).select_related("model__upstream", "owner").prefetch_related("groups")


def usual(user) -> uuid.UUID | None:
    """The preset that new chats of this person begin with."""
    return Habit.objects.filter(owner=user).values_list("preset", flat=True).first()


@require_safe
@never_cache
@login_required
def presets(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    context = {
        "page": "presets",
        "query": query,
        "presets": library.search(presets_of(request.user), query),
        "deleted": Preset.objects.deleted_of(request.user),
        "usual": usual(request.user),
    }
    return render(request, "prompts/presets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def preset(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Its name, who shares it, and what it holds. The settings themselves are changed in a chat, and kept again."""
    found = get_object_or_404(presets_of(request.user), pk=id)
    may_change = found.owner_id == request.user.pk or found.members_edit
    if not may_change:
        return _page(request, found, None, 403 if request.method == "POST" else 200)
    form = PresetForm(request.POST or None, kept=found, user=request.user)
    if not form.is_valid():
        return _page(request, found, form, 400 if request.method == "POST" else 200)
    form.save(found)
    if form.shares:
        library.share(kept=found, **form.sharing)
    messages.success(request, _("{name} is saved.").format(name=found.title))
    return redirect("presets")


def _page(request: HttpRequest, found: Preset, form: PresetForm | None, status: int) -> HttpResponse:
    _fields, notes = using.put(found, request.user, upstreams.default_model(request.user))
    wire = formats.FORMATS.get(found.format)
    known = {spec.name: spec.label for spec in wire.PARAMETERS} if wire else {}
    context = {
        "page": "presets",
        "preset": found,
        "form": form,
        "is_mine": found.owner_id == request.user.pk,
        "notes": notes,
        "format": wire.label if wire else found.format,
        "parameters": [(_(known.get(name, name)), value) for name, value in found.parameters.items()],
        "usual": usual(request.user),
    }
    return render(request, "prompts/preset.html", context, status=status)


@require_GET
@login_required
def preset_menu(request: HttpRequest) -> HttpResponse:
    """What the parameters pane offers, or with `columns` a new comparison."""
    context = {"presets": presets_of(request.user), "usual": usual(request.user)}
    template = "prompts/_preset_columns.html" if "columns" in request.GET else "prompts/_preset_menu.html"
    return render(request, template, context)


@require_POST
@login_required
def preset_save(request: HttpRequest) -> HttpResponse:
    """The settings that the page shows, under a name."""
    talk = _conversation(request)
    try:
        form = TurnForm.read(request, talk, needs_text=False)
        kept = using.keep(form=form, title=request.POST.get("title", ""), replace=request.POST.get("replace") == "1")
    except (Refused, NotKept, *form_refused) as error:
        return refused(request, error, target="preset-error")
    if request.POST.get("usual") == "1":
        using.begin_with(request.user, kept)
    return render(request, "prompts/_preset_saved.html", {"preset": kept})


@require_POST
@login_required
def preset_apply(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The chat is asked so from now on; the reply is the composer's and the pane's controls as they stand then."""
    found = get_object_or_404(presets_of(request.user), pk=id)
    talk = _conversation(request)
    try:
        standing = model_of(request.user, request.POST.get("model"), talk)
    except Refused:
        standing = None
    fields, notes = using.put(found, request.user, standing)
    if fields["model"] is None:
        return refused(request, Refused(_("There is no model to use it with.")), target="settings-error")
    try:
        was = _before(request, talk) if standing else None
    except (Refused, *form_refused) as error:
        return refused(request, error, target="settings-error")
    if talk:
        edit.configure(conversation=talk, **fields)
    shown = talk or using.unsaved(request.user, fields)
    begun = {"name": found.title, "notes": notes}
    return _controls(request, shown, choices.kept(fields["model"], shown), {"begun": begun, "was": was})


def _before(request: HttpRequest, talk: Conversation | None) -> dict[str, Any]:
    """What undoing posts: the fields that stood there. What cannot be kept is refused, as nothing could put it back."""
    TurnForm.read(request, talk, needs_text=False)
    return {"fields": list(request.POST.lists()), "token": before.signed(talk) if talk else ""}


@require_POST
@login_required
def preset_undo(request: HttpRequest) -> HttpResponse:
    """Everything as it was before a preset was applied."""
    talk = _conversation(request)
    try:
        if talk:
            before.put_back(talk, request.POST.get("undo", ""))
        form = TurnForm.read(request, talk, needs_text=False)
        if talk:
            form.keep(with_format=not form.is_another_for_good)
    except (Refused, *form_refused) as error:
        return refused(request, error, target="settings-error")
    stood = {"model": form.model, "system_prompt": form.system_prompt, **form.using}
    begun = {"name": request.POST.get("preset_name", "")}
    return _controls(request, using.unsaved(request.user, stood), form.offer(), {"begun": begun, "undone": True})


def _controls(request: HttpRequest, shown: Conversation, offer: choices.Offer, told: dict[str, Any]) -> HttpResponse:
    context = {
        **told,
        "model": shown.model,
        "offer": offer,
        "using": choice.panel(request.user, shown),
        "system_prompt": shown.system_prompt,
        "other_parameters": True,
    }
    return render(request, "prompts/_preset_applied.html", context)


@require_POST
@login_required
def preset_usual(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """New chats begin with it, or not any more if they did."""
    found = get_object_or_404(Preset.objects.for_user(request.user), pk=id)
    was = usual(request.user) == found.pk
    using.begin_with(request.user, None if was else found)
    sentence = _("New chats begin without a preset.") if was else _("New chats begin with {name}.")
    messages.success(request, sentence.format(name=found.title))
    return redirect("presets")


def _conversation(request: HttpRequest) -> Conversation | None:
    given = request.POST.get("conversation")
    if not given:
        return None
    mine = Conversation.objects.for_user(request.user).filter(kind=Conversation.Kind.CHAT)
    return get_object_or_404(mine.select_related("head", "model"), id=uuid_of(given))
