"""What is done alike with prompts and presets: copied, deleted and restored, and carried from one place to another."""

import uuid

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from . import exchange, library
from .library import NotKept
from .models import Kept, Preset, Prompt

KINDS: dict[str, type[Kept]] = {"prompt": Prompt, "preset": Preset}


@require_POST
@login_required
def kept_copy(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    """Also of what somebody shares: the copy is one's own."""
    found = get_object_or_404(KINDS[kind].objects.for_user(request.user), pk=id)
    try:
        copy = library.copy(kept=found, owner=request.user)
    except NotKept as error:
        messages.error(request, str(error))
        return redirect(f"{kind}s")
    messages.success(request, _("{name} is yours.").format(name=copy.title))
    return redirect(kind, copy.pk)


@require_POST
@login_required
def kept_delete(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    found = get_object_or_404(KINDS[kind].objects.owned_by(request.user), pk=id)
    library.delete(kept=found)
    messages.success(
        request,
        _("{name} is deleted.").format(name=found.title),
        extra_tags=reverse(f"{kind}_undelete", args=[found.pk]),
    )
    return redirect(f"{kind}s")


@require_POST
@login_required
def kept_restore(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    found = get_object_or_404(KINDS[kind].objects.deleted_of(request.user), pk=id)
    library.restore(kept=found)
    messages.success(request, _("{name} is back.").format(name=found.title))
    place = reverse(f"{kind}s")
    return HttpResponseClientRedirect(place) if request.htmx else redirect(place)


@require_safe
@login_required
def prompts_export(request: HttpRequest) -> HttpResponse:
    """One's own prompts with all their versions, and presets, as JSON."""
    written = msgspec.json.format(msgspec.json.encode(exchange.exported(request.user, timezone.now())), indent=2)
    name = f"playground-prompts-{timezone.localdate():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(written, content_type="application/json", headers=headers)


@require_POST
@login_required
def prompts_import(request: HttpRequest) -> HttpResponse:
    """All of a file, or nothing."""
    given = request.FILES.get("file")
    try:
        if given is None or given.size > exchange.LARGEST:
            raise NotKept(_("Choose a JSON file that was exported here."))
        report = exchange.imported(owner=request.user, written=given.read())
    except NotKept as error:
        messages.error(request, str(error))
        return redirect("prompts")
    done = [
        ngettext("%(count)d prompt", "%(count)d prompts", report.prompts) % {"count": report.prompts},
        ngettext("%(count)d preset", "%(count)d presets", report.presets) % {"count": report.presets},
    ]
    messages.success(request, _("Imported: {done}.").format(done=", ".join(done)))
    for note in report.notes[:20]:
        messages.warning(request, note)
    return redirect("prompts")
