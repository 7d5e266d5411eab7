"""Pictures of an answer that is still being written: from the live run, or from its journal."""

import base64
import binascii
import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from apps.conversations.queries import parts_of
from apps.media.serve import POLICY
from apps.media.sniff import image_type
from apps.wire.messages import Image

from .files import address
from .hub import hub
from .models import Run
from .reaper import replayed


@require_GET
@login_required
def run_picture(request: HttpRequest, id: uuid.UUID, index: int) -> HttpResponse:
    """As far as it has come; of an answer that has ended, the file that it became."""
    run = get_object_or_404(Run.objects.for_user(request.user), id=id)
    if run.status != Run.Status.RUNNING:
        return redirect(_kept(run, index))
    progress = hub.progress(run.id) or replayed(run)
    part = progress.live[index].part if index < len(progress.live) else None
    return _shown(part.data if isinstance(part, Image) else "")


def _kept(run: Run, index: int) -> str:
    parts = parts_of([run.message_id]).get(run.message_id, ())
    part = parts[index] if index < len(parts) else None
    if not isinstance(part, Image) or not (where := address(part)):
        raise Http404
    return where


def _shown(data: str) -> HttpResponse:
    try:
        content = base64.b64decode(data)
    except (binascii.Error, ValueError) as error:
        raise Http404 from error
    media_type = image_type(content[:16])
    if not media_type:
        raise Http404
    response = HttpResponse(content, content_type=media_type)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
