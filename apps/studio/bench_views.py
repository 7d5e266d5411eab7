"""What the jobs of the bench show, and their vectors as files. Each view begins by fetching through the user."""

import csv
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

from . import beside
from .findings import inputs_of, vectors_of
from .job_views import finished_or_404
from .ranked import drawing, order_of, ranked

# A spreadsheet takes a text that begins so for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


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
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(_rows(job), content_type="text/csv; charset=utf-8")
    elif kind == "json":
        response = HttpResponse(_document(job), content_type="application/json")
    else:
        raise Http404
    response["Content-Disposition"] = content_disposition_header(True, f"vectors-{id}.{kind}")
    return response


class _Line:
    """What a csv.writer writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def _rows(job: Job) -> Iterator[str]:
    texts, found = inputs_of(job), job.result.get("vectors", [])
    writer = csv.writer(_Line())
    longest = max(map(len, found), default=0)
    yield writer.writerow(["number", "input", *range(1, longest + 1)])
    for place, vector in enumerate(found):
        yield writer.writerow([place + 1, _harmless(texts[place]) if place < len(texts) else "", *vector])


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text


def _document(job: Job) -> bytes:
    told = {"model": job.model_name, "inputs": inputs_of(job), "fused": bool(job.result.get("fused"))}
    return msgspec.json.encode({**told, "vectors": job.result.get("vectors", [])})
