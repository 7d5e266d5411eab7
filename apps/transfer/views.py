"""Export and import over HTTP; each begins by fetching through the user, and a stranger's is not found."""

import tempfile
import uuid
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import administrator_required
from apps.accounts.models import User
from apps.media.models import Asset

from . import begin
from .models import Line, Transfer
from .reading.source import LABELS
from .writing import export as exports
from .writing.jobs import jobs_of
from .writing.records import listed

PIECE = 256 * 1024
PAGE = 100


@require_safe
@login_required
def export_conversation(request: HttpRequest, id: uuid.UUID, format: str) -> HttpResponseBase:
    """One conversation, at once."""
    if format not in exports.FORMATS:
        raise Http404
    found = listed(request.user).filter(pk=id)
    talk = get_object_or_404(found)
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 (closed by the response)
    exports.write(user=request.user, format=format, found=found, single=True, out=file, beat=lambda done: None)
    size = file.seek(0, 2)
    return _download(request, file, f"{exports.file_name(talk)}.{format}", size)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def export_all(request: HttpRequest) -> HttpResponse:
    """The page of exports and imports; posted, everything of mine."""
    if request.method != "POST":
        return _page(request)
    return _begin(request, lambda: begin.export(owner=request.user, format=request.POST.get("format", "")))


@require_POST
@login_required
def export_selected(request: HttpRequest) -> HttpResponse:
    """The conversations of the posted `ids`, each a field of its own or all in one."""
    ids = " ".join(request.POST.getlist("ids")).replace(",", " ").split()
    return _begin(request, lambda: begin.export(owner=request.user, format=request.POST.get("format", "zip"), ids=ids))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def bring(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("file")
    if file is None:
        return _refused(request, _("Choose a file first."))
    return _begin(request, lambda: begin.bring(owner=request.user, file=file))


@require_POST
@administrator_required
def export_of_person(request: HttpRequest, person: int) -> HttpResponse:
    someone = get_object_or_404(User, pk=person)
    return _begin(request, lambda: begin.export_of_person(person=someone, by=request.user))


@require_safe
@never_cache
@login_required
def transfer(request: HttpRequest, transfer: uuid.UUID) -> HttpResponse:
    """One transfer: how far it is, and of an import what became of each record."""
    found = _own(request, transfer)
    lines = found.lines.select_related("conversation", "job", "asset")
    outcome = request.GET.get("outcome", "")
    if outcome in Line.Outcome.values:
        lines = lines.filter(outcome=outcome)
    context = {
        "page": "transfers",
        "lines": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "outcome": outcome,
    }
    return render(request, "transfer/report.html", {**context, **_card(found), "outcomes": Line.Outcome.choices})


@require_safe
@never_cache
@login_required
def transfer_card(request: HttpRequest, transfer: uuid.UUID) -> HttpResponse:
    return render(request, "transfer/_card.html", _card(_own(request, transfer)))


@require_safe
@login_required
def transfer_file(request: HttpRequest, transfer: uuid.UUID) -> HttpResponseBase:
    """What was exported, as long as it is kept."""
    found = _own(request, transfer)
    if found.kind != Transfer.Kind.EXPORT or found.status != Transfer.Status.DONE or not found.file:
        raise Http404
    try:
        file = default_storage.open(found.file)
    except FileNotFoundError as error:
        raise Http404 from error
    return _download(request, file, found.name, found.size)


@require_POST
@login_required
def transfer_stop(request: HttpRequest, transfer: uuid.UUID) -> HttpResponse:
    begin.stop(_own(request, transfer))
    return redirect("transfer", transfer)


@require_POST
@login_required
def transfer_forget(request: HttpRequest, transfer: uuid.UUID) -> HttpResponse:
    begin.forget(_own(request, transfer))
    return redirect("export_all")


def _own(request: HttpRequest, id: uuid.UUID) -> Transfer:
    return get_object_or_404(Transfer.objects.for_user(request.user).select_related("subject"), pk=id)


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    transfers = Transfer.objects.for_user(request.user).select_related("subject")[:30]
    context = {
        "page": "transfers",
        "cards": [_card(each) for each in transfers],
        "formats": exports.FORMATS,
        "count": listed(request.user).count(),
        "files": Asset.objects.for_user(request.user).count(),
        "jobs": jobs_of(request.user).count(),
        "limit": settings.IMPORT_MB,
    }
    return render(request, "transfer/page.html", context, status=status)


def _card(transfer: Transfer) -> dict:
    """What a card says; `share` is in percent, None where nobody knows how much there is."""
    done, of = (transfer.done, transfer.total) if transfer.total else (transfer.read, transfer.size)
    found = transfer.lines.order_by().values_list("outcome").annotate(count=Count("pk"))
    counts = dict.fromkeys(Line.Outcome.values, 0) | dict(found)
    return {
        "transfer": transfer,
        "share": min(100, 100 * done // of) if of else None,
        "counts": counts,
        "source": LABELS.get(transfer.source, ""),
    }


def _begin(request: HttpRequest, start) -> HttpResponse:
    try:
        begun = start()
    except ValidationError as error:
        return _refused(request, " ".join(error.messages))
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("transfer", args=[begun.pk])
        return response
    return redirect("transfer", begun.pk)


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.htmx:
        return render(request, "_toast.html", {"text": sentence, "state": "error"}, status=422)
    messages.error(request, sentence)
    return _page(request, status=422)


class _Pieces:
    """A file, read as it is sent, and closed with the response."""

    def __init__(self, file: BinaryIO):
        self._file = file
        file.seek(0)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(PIECE), b"")

    def close(self) -> None:
        self._file.close()


def _download(request: HttpRequest, file: BinaryIO, name: str, size: int) -> HttpResponseBase:
    """Whatever a browser makes of it, it is saved and not shown."""
    pieces = _Pieces(file)
    media_type = exports.MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    if request.method == "HEAD":
        pieces.close()
        response: HttpResponseBase = HttpResponse(content_type=media_type)
    else:
        response = StreamingHttpResponse(pieces, content_type=media_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
