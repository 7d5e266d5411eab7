"""What the jobs of the bench show, and their vectors as files. Each view begins by fetching through the user."""

import uuid
from collections.abc import Iterator

import msgspec
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from apps.media.jobs.models import Job
from apps.media.jobs.vectors import are_gone, lengths_of, rows_of
from apps.work.sheets import csv_lines

from . import beside
from .findings import inputs_of, vectors_of
from .job_views import finished_or_404
from .ranked import drawing, order_of, ranked

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_GET
@login_required
def job_findings(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What came of it, beside another job that was asked the same."""
    job = finished_or_404(request, id, "embeddings", "rerank")
    others = beside.others(job)
    other = beside.beside(job, others, request.GET.get("beside"))
    is_coming = bool(other and other.is_open)
    shown = [each for each in (other, job) if each and not each.is_open]
    context = {"job": job, "others": others, "other": other, "is_coming": is_coming}
    if job.family == "embeddings":
        context["columns"] = [(each, vectors_of(each)) for each in shown]
        return render(request, "studio/bench/_vectors.html", context)
    held = other if other and not is_coming else None
    context["columns"] = [(each, ranked(each, order_of(held) if held and each is job else None)) for each in shown]
    context["drawing"] = drawing(job, held)
    return render(request, "studio/bench/_ranking.html", context)


@require_GET
@login_required
def job_vectors(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponseBase:
    """All vectors with their texts, as CSV or JSON."""
    job = finished_or_404(request, id, "embeddings")
    if kind not in KINDS or are_gone(job):
        raise Http404
    pieces = csv_lines(_rows(job)) if kind == "csv" else _document(job)
    response = StreamingHttpResponse(pieces, content_type=KINDS[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"vectors-{id}.{kind}")
    return response


def _rows(job: Job) -> Iterator[list]:
    texts, longest = inputs_of(job), max(lengths_of(job), default=0)
    yield ["number", "input", *range(1, longest + 1)]
    for place, vector in enumerate(rows_of(job)):
        yield [place + 1, texts[place] if place < len(texts) else "", *vector]


def _document(job: Job) -> Iterator[bytes]:
    """One JSON object, a vector at a time."""
    told = {"model": job.model_name, "inputs": inputs_of(job), "fused": bool(job.result.get("fused"))}
    yield msgspec.json.encode(told).removesuffix(b"}") + b',"vectors":['
    for place, vector in enumerate(rows_of(job)):
        yield (b"," if place else b"") + msgspec.json.encode(vector)
    yield b"]}"
