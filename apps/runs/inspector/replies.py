"""What the inspector answers with, of whatever is inspected: who may see it was asked before."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from . import downloads
from .code_tab import code_tab, file_name, written
from .inspected import Inspected
from .requests import Seen, chosen, requests_of
from .usage import usage
from .wire import event_data, event_readable, events, filter_in, number_in, wire

TABS: dict[str, Callable[..., dict[str, Any]]] = {
    "wire": wire,
    "code": code_tab,
    "usage": lambda inspected, query: usage(inspected),
}
PLAIN = "text/plain; charset=utf-8"


def _seen(request: HttpRequest, inspected: Inspected) -> Seen:
    seen = chosen(requests_of(inspected.calls), number_in(request.GET, "request") or inspected.shown_first)
    if seen is None:
        raise Http404
    return seen


def event_list(request: HttpRequest, inspected: Inspected) -> HttpResponse:
    """A page of the list of events, as it is filtered; with `whole` the list anew."""
    template = "runs/_events.html" if request.GET.get("whole") else "runs/_event_rows.html"
    found = events(_seen(request, inspected), filter_in(request.GET))
    return render(request, template, {"place": inspected.place, **found})


def one_event(request: HttpRequest, inspected: Inspected, number: int) -> HttpResponse:
    """One event: readable, or `raw` as it came."""
    seen = _seen(request, inspected)
    data = event_data(seen, number)
    if data is None:
        raise Http404
    if request.GET.get("raw"):
        return HttpResponse(data.decode("utf-8", "replace"), content_type=PLAIN)
    event = seen.timeline().events[number - 1]
    context = {"place": inspected.place, "seen": seen, "event": event, "data": event_readable(seen, data)}
    return render(request, "runs/_event.html", context)


def code(request: HttpRequest, inspected: Inspected) -> HttpResponse:
    """The code alone, for Copy; with `save` as a file."""
    seen = _seen(request, inspected)
    response = HttpResponse(written(seen, request.GET), content_type=PLAIN)
    if request.GET.get("save"):
        response["Content-Disposition"] = f'attachment; filename="{file_name(seen, request.GET)}"'
    return response


def download(request: HttpRequest, inspected: Inspected, kind: str, name: str) -> HttpResponse:
    """What went over the wire as a file: `raw`, `jsonl`, or `har` with all requests."""
    requests = requests_of(inspected.calls)
    seen = chosen(requests, number_in(request.GET, "request") or inspected.shown_first)
    if seen is None:
        raise Http404
    if kind == "har":
        data, ending = downloads.har(requests, {call.id: call.started_at for call in inspected.calls}), "har"
    elif kind == "jsonl":
        data, ending = downloads.lines(seen), "jsonl"
    else:
        data, ending = downloads.raw(seen)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}-{seen.number}.{ending}"'
    return response
