"""The usage pages: everybody's own, and for administrators the team's. What is wanted stands in the address."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from .budgets import shares
from .reports import calls as single
from .reports import figures, files, overview, pace
from .reports.chart import MEASURES, chart
from .reports.choices import choices
from .reports.sums import Ledger
from .reports.table import BY, GROUP, Table, labels, table, ways
from .reports.wanted import PERIODS, Wanted, wanted


@require_GET
@never_cache
@login_required
def usage(request: HttpRequest) -> HttpResponse:
    """The review; without its frame where a filter was changed."""
    asked = wanted(request.user, request.GET)
    ledger, by = Ledger(asked), _by(request, asked)
    split = "model" if by == GROUP else by
    for names in (("bar", BY[split].column), (BY[by].column,)):  # first: they hold all else that is asked for
        ledger.by(*names)
    now = ledger.total()
    shown = table(ledger, by, request.GET) if now.calls else None
    context = {
        **_frame(request, asked, by),
        "tiles": overview.of(ledger, now, overview.before(asked)),
        "chart": chart(ledger, *_column(split, ledger), request.GET.get("show", "")) if now.calls else None,
        "split": ways(asked)[split],
        "table": shown,
        "budgets": bool(shown and _with_budgets(shown)),
        "errors": overview.errors(ledger),
        "measures": _measures(request, asked, by),
    }
    return render(request, "usage/_review.html" if _is_part(request) else "usage/page.html", context)


@require_GET
@never_cache
@login_required
def usage_pace(request: HttpRequest) -> HttpResponse:
    """How fast it was: it comes after the rest, as it may take a moment."""
    asked = wanted(request.user, request.GET)
    paces = pace.Paces(asked, _by(request, asked))
    context = {"slowest": paces.slowest(), "medians": paces.medians(), "tile": paces.tile()}
    return render(request, "usage/_pace.html" if request.htmx else "usage/pace.html", {**context, "wanted": asked})


@require_GET
@never_cache
@login_required
def usage_calls(request: HttpRequest) -> HttpResponse:
    """Single calls, newest first; with `before` those that follow that one."""
    asked = wanted(request.user, request.GET)
    found, more = single.page(asked, _id(request.GET.get("before")))
    context = {
        **_frame(request, asked, ""),
        "calls": [single.shown(call, request.user.pk) for call in found],
        "more": asked.address(before=more) if more else "",
    }
    if request.htmx and "before" in request.GET:
        return render(request, "usage/_call_rows.html", context)
    return render(request, "usage/_calls.html" if _is_part(request) else "usage/calls.html", context)


@require_GET
@never_cache
@login_required
def usage_export(request: HttpRequest) -> HttpResponseBase:
    """The sums by days, or every call, as CSV or JSON, with the filters of the page."""
    asked = wanted(request.user, request.GET)
    kind, what = request.GET.get("as", "csv"), request.GET.get("what", "days")
    if kind not in files.FORMATS or what not in files.WHAT:
        raise Http404
    write, content_type = files.FORMATS[kind]
    response = StreamingHttpResponse(write(*files.WHAT[what](asked)), content_type=content_type)
    name = f"usage-{what}-{asked.start}-{asked.end}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _frame(request: HttpRequest, asked: Wanted, by: str) -> dict[str, Any]:
    kept = {name: request.GET.get(name, "") for name in ("by", "show", "sort")}
    return {
        "wanted": asked,
        "by": by,
        "ways": ways(asked),
        "choices": choices(asked),
        "periods": PERIODS,
        "span": figures.span(asked.start, asked.end),
        "address": asked.address(**({"by": by, "show": kept["show"]} if by else {})),
        "to_calls": asked.address(),
        "kept": kept,
    }


def _with_budgets(shown: Table) -> bool:
    """Each member's tightest budget, where any has one."""
    if shown.by != "member":
        return False
    found = shares.of_members(int(row.key) for row in shown.rows if row.key.isdigit())
    for row in shown.rows:
        row.budget = found.get(int(row.key)) if row.key.isdigit() else None
    return bool(found)


def _by(request: HttpRequest, asked: Wanted) -> str:
    possible = ways(asked)
    chosen = request.GET.get("by", "")
    return chosen if chosen in possible else next(iter(possible))


def _column(split: str, ledger: Ledger) -> tuple[str, Any]:
    return BY[split].column, labels(split, ledger)


def _measures(request: HttpRequest, asked: Wanted, by: str) -> list[tuple[str, Any, str]]:
    sort = request.GET.get("sort", "")
    return [(name, label, asked.address(by=by, sort=sort, show=name)) for name, (label, _of) in MEASURES.items()]


def _is_part(request: HttpRequest) -> bool:
    return bool(request.htmx and not request.htmx.history_restore_request)


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error
