"""The page of the audit log, and the same as CSV."""

import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.access import administrator_required
from apps.work.sheets import csv_lines

from .. import log

AREAS = {
    "person": gettext_lazy("People"),
    "group": gettext_lazy("Groups"),
    "invitation": gettext_lazy("Invitations"),
    "signup": gettext_lazy("Sign-up"),
    "instance": gettext_lazy("Instance"),
    "upstream": gettext_lazy("Upstreams"),
    "model": gettext_lazy("Models"),
    "probe": gettext_lazy("Probes"),
    "glass": gettext_lazy("Conversations opened"),
    "admin": gettext_lazy("Administration"),
    "price": gettext_lazy("Prices"),
    "budget": gettext_lazy("Budgets"),
    "sharing": gettext_lazy("Sharing"),
}


@require_safe
@never_cache
@administrator_required
def audit(request: HttpRequest) -> HttpResponse:
    """With `before` only the entries that follow."""
    wanted = _wanted(request)
    before = request.GET.get("before", "")
    lines, more = log.page(wanted, int(before) if before.isdecimal() and len(before) < 19 else None)
    context = {"lines": lines, "more": more, "filters": _query(wanted)}
    if before and request.htmx:
        return render(request, "oversight/_audit_lines.html", context)
    areas = {area: AREAS.get(area, area) for area in log.areas()}
    return render(request, "oversight/audit.html", {"page": "audit", "wanted": wanted, "areas": areas, **context})


@require_safe
@administrator_required
def audit_csv(request: HttpRequest) -> HttpResponseBase:
    lines = log.everything(_wanted(request))
    head = [_("When (UTC)"), _("Who"), _("Action"), _("What")]
    rows = ([line.at.isoformat(timespec="seconds"), line.who, line.action, line.sentence] for line in lines)
    response = StreamingHttpResponse(csv_lines(_with_head(head, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, "audit.csv")
    return response


def _with_head(head, rows):
    yield head
    yield from rows


def _wanted(request: HttpRequest) -> log.Wanted:
    given = request.GET
    area = given.get("area", "")
    return log.Wanted(
        who=given.get("who", "")[:200].replace("\0", "").strip(),
        area=area if area.isidentifier() else "",
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
    )


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _query(wanted: log.Wanted) -> str:
    """The filters as they stand in the address."""
    given = {"who": wanted.who, "area": wanted.area, "since": wanted.since, "until": wanted.until}
    return urlencode({name: value for name, value in given.items() if value})
