"""The inspector over HTTP: a run's own page, the tabs, the list of events, and what can be taken away."""

import json
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.conversations import queries as conversations
from apps.conversations.models import Message
from apps.runs import start, turns
from apps.runs.compare.hidden import hides
from apps.runs.hub import hub
from apps.runs.models import Run
from apps.runs.plan import Plan
from apps.runs.refusals import Refused, Repeated
from apps.runs.views import refused, shown_anew, uuid_of
from apps.upstreams import queries as upstreams

from . import replies
from .inspected import of_run
from .parameters import sent

TABS = (*replies.TABS, "parameters")


def _tab(run: Run, tab: str, query: QueryDict) -> dict[str, Any]:
    """What the tab's template needs."""
    return sent(run) if tab == "parameters" else replies.TABS[tab](of_run(run), query)


def _run(request: HttpRequest, id: uuid.UUID) -> Run:
    found = get_object_or_404(Run.objects.for_user(request.user).select_related("conversation", "model"), id=id)
    if hides(found.conversation):
        raise Http404
    return found


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
        "on_own_page": True,
        **_tab(found, tab, request.GET),
    }
    return render(request, "runs/page.html", context)


@require_GET
@login_required
def run_tab(request: HttpRequest, id: uuid.UUID, tab: str) -> HttpResponse:
    """What is in one tab."""
    if tab not in TABS:
        raise Http404
    context = {"on_own_page": _on_own_page(request), **_tab(_run(request, id), tab, request.GET)}
    return render(request, f"runs/_{tab}.html", context)


def _on_own_page(request: HttpRequest) -> bool:
    """Whether it is asked by a run's own page, not by the conversation's."""
    return urlsplit(request.headers.get("HX-Current-URL", "")).path.startswith("/runs/")


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


@require_POST
@login_required
def run_again(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The same request once more, as another answer: in the conversation, or on the new run's own page."""
    found, turn_id = _run(request, id), uuid_of(request.POST.get("turn"))
    if not start.already(request.user, turn_id):
        try:
            hub.start(_asked_again(request, found, turn_id))
        except Refused as error:
            return refused(request, error, target="run-again-error")
        except Repeated:
            pass
    if _on_own_page(request):
        new = get_object_or_404(Run.objects.for_user(request.user), turn_id=turn_id)
        return HttpResponseClientRedirect(reverse("run", args=[new.id]))
    return shown_anew(request, found.conversation)


def _asked_again(request: HttpRequest, run: Run, turn_id: uuid.UUID) -> Plan:
    """Raises Refused, and Repeated for a form that came twice."""
    message = Message.objects.select_related("conversation__owner", "parent").get(pk=run.message_id)
    if message.runs.filter(status=Run.Status.RUNNING).exists():
        raise Refused(_("This answer is still being written."), status=409)
    model = run.model and upstreams.usable(request.user, run.model_id)
    if model is None or run.format not in model.formats:
        raise Refused(_("Its model is not offered any more, or not in this format: the request cannot be sent again."))
    run.message = message
    return start.again(run=run, turn_id=turn_id, model=model, by=request.POST.get("tab", "")[:40])


@require_GET
@login_required
def run_events(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return replies.event_list(request, of_run(_run(request, id)))


@require_GET
@login_required
def run_event(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponse:
    return replies.one_event(request, of_run(_run(request, id)), number)


@require_GET
@login_required
def run_code(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return replies.code(request, of_run(_run(request, id)))


@require_GET
@login_required
def run_download(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:
    return replies.download(request, of_run(_run(request, id)), kind, f"run-{id}")
