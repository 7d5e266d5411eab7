"""Sounds and transcripts of a job over HTTP; each begins by fetching through the user."""

import uuid
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.media.jobs.elsewhere import Elsewhere, seen
from apps.media.jobs.live import Live
from apps.media.jobs.models import Job
from apps.media.serve import POLICY
from apps.wire.media.speech.formats import endless
from apps.wire.sound import RATE, samples_rate, wav

from .job_views import finished_or_404, job_or_404
from .transcription import KINDS, file_of, transcript


@require_GET
@never_cache
@login_required
def job_sound(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:
    """The sound as it comes, and to its end; where it has come, the file."""
    job = job_or_404(request, id)
    live = seen(job)
    if live is None or live.done or not live.sounds:
        return _file(job)
    kind = live.sound_type or _told(job)
    rate = samples_rate(kind)
    response = StreamingHttpResponse(_pieces(live, endless(wav(b"", rate)) if rate else b""))
    response["Content-Type"] = "audio/wav" if rate else kind
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _file(job: Job) -> HttpResponseBase:
    if (output := job.outputs.exclude(asset=None).first()) is None:
        raise Http404
    return redirect(output.asset.url)


def _told(job: Job) -> str:
    """Bare samples begin like anything: they are known by what was asked for."""
    is_pcm = job.values.get("parameters", {}).get("response_format") == "pcm"
    return f"audio/pcm;rate={RATE}" if is_pcm else "audio/mpeg"


def _pieces(live: Live | Elsewhere, head: bytes) -> Iterator[bytes]:
    """An empty piece says that the next one has not come yet."""
    sent = 0
    if head:
        yield head
    while True:
        is_last = live.done
        pieces = live.pieces(sent)
        sent += len(pieces)
        yield b"".join(pieces)
        if is_last:
            return


@require_GET
@login_required
def job_transcript(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """All of it, where a card has only its beginning."""
    job = finished_or_404(request, id, "transcription")
    context = {"transcript": transcript(job, whole=True), "id": job.pk, "whole": True}
    return render(request, "studio/_transcript.html", context)


@require_GET
@login_required
def job_transcript_file(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    """Text, subtitles or JSON, to be kept."""
    job = finished_or_404(request, id, "transcription")
    text = file_of(job, kind) if kind in KINDS else ""
    if kind not in KINDS or (not text and kind != "txt"):
        raise Http404
    response = HttpResponse(text, content_type=f"{KINDS[kind]}; charset=utf-8")
    recording = transcript(job).recording
    name = recording.name.rpartition(".")[0] or recording.name if recording else "transcript"
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    return response
