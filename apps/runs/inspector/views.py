"""The inspector over HTTP: a run's own page, the tabs, the list of events, and what can be taken away."""

import json
import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from apps.conversations import queries as conversations
from apps.runs import turns
from apps.runs.compare.hidden import hides
from apps.runs.models import Run

from . import downloads
from .code_tab import code_tab, file_name, written
from .parameters import sent
from .requests import Seen, calls_of, chosen, requests_of
from .usage import usage
from .wire import event_data, event_readable, events, filter_in, number_in, wire

TABS: dict[str, Callable] = {
    "wire": wire,
    "code": code_tab,
    "usage": lambda run, query: usage(run),
    "parameters": lambda run, query: sent(run),
}
PLAIN = "text/plain; charset=utf-8"


def _run(request: HttpRequest, id: uuid.UUID) -> Run:
    found = get_object_or_404(Run.objects.for_user(request.user).select_related("conversation", "model"), id=id)
    if hides(found.conversation):
        raise Http404
    return found


def _seen(request: HttpRequest, run: Run) -> Seen:
    seen = chosen(requests_of(calls_of(run)), number_in(request.GET, "request"))
    if seen is None:
        raise Http404
    return seen


@require_GET
@login_required
def run(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The run's own page: its prompt, its answer, and the inspector beside it."""
    found = _run(request, id)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "wire"
    nodes = conversations.path_to(found.conversation, found.message_id)[-2:]
    context = {
        "turns": turns.turns_of(nodes),
        "tab": tab,
        "panel": f"runs/_{tab}.html",
        **TABS[tab](found, request.GET),
    }
    return render(request, "runs/page.html", context)


@require_GET
@login_required
def run_tab(request: HttpRequest, id: uuid.UUID, tab: str) -> HttpResponse:
    """What is in one tab."""
    if tab not in TABS:
        raise Http404
    return render(request, f"runs/_{tab}.html", TABS[tab](_run(request, id), request.GET))


@require_GET
@login_required
def run_answer(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The answer once it has ended, which the inspector is told; until then there is no news."""
    found = _run(request, id)
    if found.status == Run.Status.RUNNING:
        return HttpResponse(status=204)
    turn = turns.turns_of(conversations.path_to(found.conversation, found.message_id)[-1:])[0]
    response = render(request, "runs/_answer.html", {"turn": turn, "run": turn.run})
    response["HX-Trigger"] = json.dumps({"playground:ended": {"run": str(found.id)}})
    return response


@require_GET
@login_required
def run_events(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A page of the list of events, as it is filtered; with `whole` the list anew."""
    found = _run(request, id)
    template = "runs/_events.html" if request.GET.get("whole") else "runs/_event_rows.html"
    return render(request, template, {"run": found, **events(_seen(request, found), filter_in(request.GET))})


@require_GET
@login_required
def run_event(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponse:
    """One event: readable, or `raw` as it came."""
    found = _run(request, id)
    seen = _seen(request, found)
    data = event_data(seen, number)
    if data is None:
        raise Http404
    if request.GET.get("raw"):
        return HttpResponse(data.decode("utf-8", "replace"), content_type=PLAIN)
    event = seen.timeline().events[number - 1]
    context = {"run": found, "seen": seen, "event": event, "data": event_readable(seen, data)}
    return render(request, "runs/_event.html", context)


@require_GET
@login_required
def run_code(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The code alone, for Copy; with `save` as a file."""
    response = HttpResponse(written(_seen(request, _run(request, id)), request.GET), content_type=PLAIN)
    if request.GET.get("save"):
        response["Content-Disposition"] = f'attachment; filename="{file_name(request.GET)}"'
    return response


@require_GET
@login_required
def run_download(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    """What went over the wire as a file: `raw`, `jsonl`, or `har` with all requests of the run."""
    calls = calls_of(_run(request, id))
    requests = requests_of(calls)
    seen = chosen(requests, number_in(request.GET, "request"))
    if seen is None:
        raise Http404
    if kind == "har":
        data, ending = downloads.har(requests, {call.id: call.started_at for call in calls}), "har"
    elif kind == "jsonl":
        data, ending = downloads.lines(seen), "jsonl"
    else:
        data, ending = downloads.raw(seen)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="run-{id}-{seen.number}.{ending}"'
    return response
