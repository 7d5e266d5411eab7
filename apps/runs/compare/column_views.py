"""What is done with one column of a comparison, and a comparison that begins with an answer."""

import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.conversations.models import Message
from apps.upstreams import queries as upstreams
from apps.wire import formats

from .. import start
from ..forms import form_refused
from ..hub import hub
from ..models import Round
from ..plan import Plan
from ..refusals import Refused, Repeated
from ..views import refused, uuid_of
from . import begin, columns, diff, from_answer, pages
from .hidden import hides
from .views import begun, column_or_404, comparison_or_404, shown, tab

PANEL = "panel-error"


@require_http_methods(["GET", "POST"])
@login_required
def comparison_columns(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One more column: the form, or what it says."""
    found = comparison_or_404(request, id)
    if request.method == "GET":
        return render(request, "compare/_add.html", pages.adding(request.user, found))

    def add() -> Plan | None:
        wanted = columns.read_one(request.user, request.POST)
        return begin.add_column(comparison=found, wanted=wanted, by=tab(request))

    return _told(request, found, add, PANEL)


@require_http_methods(["GET", "POST"])
@login_required
def comparison_column(request: HttpRequest, id: uuid.UUID, column: uuid.UUID) -> HttpResponse:
    """Model, format and parameters of a column: the form, or what it says."""
    found = comparison_or_404(request, id)
    mine = column_or_404(found, column)
    if request.method == "GET":
        if found.hidden:
            return refused(request, Refused(_("The names are hidden until you vote."), status=409))
        return render(request, "compare/_change.html", pages.changing(request.user, found, mine))

    def change() -> None:
        wanted = columns.read_one(request.user, request.POST)
        begin.change_column(comparison=found, column=mine, wanted=wanted, by=tab(request))

    return _told(request, found, change, PANEL)


@require_POST
@login_required
def column_retry(request: HttpRequest, id: uuid.UUID, column: uuid.UUID) -> HttpResponse:
    found = comparison_or_404(request, id)
    mine, turn_id = column_or_404(found, column), uuid_of(request.POST.get("turn"))
    if start.already(request.user, turn_id):
        return shown(request, found)
    again = lambda: begin.retry(comparison=found, column=mine, turn_id=turn_id, by=tab(request))  # noqa: E731
    return _told(request, found, again)


@require_POST
@login_required
def column_go_on(request: HttpRequest, id: uuid.UUID, column: uuid.UUID) -> HttpResponse:
    """The prompts that the column was not asked."""
    found = comparison_or_404(request, id)
    mine = column_or_404(found, column)
    return _told(request, found, lambda: begin.go_on(comparison=found, column=mine, by=tab(request)))


@require_POST
@login_required
def column_remove(request: HttpRequest, id: uuid.UUID, column: uuid.UUID) -> HttpResponse:
    found = comparison_or_404(request, id)
    mine = column_or_404(found, column)

    def remove() -> None:
        for run in begin.remove_column(comparison=found, column=mine, by=tab(request)):
            hub.stop(run)

    return _told(request, found, remove)


@require_POST
@login_required
def column_chat(request: HttpRequest, id: uuid.UUID, column: uuid.UUID) -> HttpResponse:
    """The column as a conversation of its own."""
    found = comparison_or_404(request, id)
    mine = column_or_404(found, column)
    if found.hidden:
        return refused(request, Refused(_("The names are hidden until you vote."), status=409))
    try:
        talk = from_answer.into_chat(mine)
    except Refused as error:
        return refused(request, error)
    return HttpResponseClientRedirect(reverse("conversation", args=[talk.pk]))


@require_GET
@login_required
def comparison_diff(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Two answers to one prompt, or their requests, and where they differ."""
    found = comparison_or_404(request, id)
    return render(request, "compare/diff.html", diff.page(found, request.GET))


def _told(
    request: HttpRequest, found, change: Callable[[], Plan | None], place: str = "composer-error"
) -> HttpResponse:
    try:
        plan = change()
    except Repeated:
        return shown(request, found)
    except (Refused, *form_refused) as error:
        return refused(request, error, target=place)
    begun([plan] if plan else [])
    return shown(request, found)


@require_http_methods(["GET", "POST"])
@login_required
def message_compare(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """An answer beside others to its prompt: the choice of the other column, and the comparison once it is made."""
    mine = Message.objects.for_user(request.user).filter(role=Message.Role.ASSISTANT)
    answer = get_object_or_404(mine.select_related("conversation__owner", "conversation__model"), id=id)
    if hides(answer.conversation):
        return refused(request, Refused(_("The names are hidden until you vote."), status=409))
    try:
        if request.method == "GET":
            run = from_answer.run_of(answer)
            context = pages.comparing(request.user, answer, run)
            return render(request, "compare/_with.html", context)
        return _compare_with(request, answer)
    except (Refused, *form_refused) as error:
        return refused(request, error, target=PANEL if request.method == "POST" else "composer-error")


def _compare_with(request: HttpRequest, answer: Message) -> HttpResponse:
    turn_id = uuid_of(request.POST.get("turn"))
    rounds = Round.objects.for_user(request.user).filter(turn_id=begin.derived(turn_id, request.user.pk))
    if again := rounds.first():
        return _to(again.comparison_id)
    wanted = _other(request, answer)
    try:
        comparison, plans = from_answer.compare_with(answer=answer, turn_id=turn_id, wanted=[wanted])
    except Repeated:
        return _to(get_object_or_404(rounds).comparison_id)
    begun(plans)
    return _to(comparison.pk)


def _other(request: HttpRequest, answer: Message) -> columns.Wanted:
    """The other column: the same model in the format that a button names, or what the form says."""
    format = request.POST.get("same_in")
    if not format:
        return columns.read_one(request.user, request.POST)
    run = from_answer.run_of(answer)
    model = run.model and upstreams.usable(request.user, run.model_id)
    if model is None or format not in formats.FORMATS or format not in model.formats:
        raise Refused(_("The model is not offered in this format any more."))
    return from_answer.like(run, model, format)[0]


def _to(id: uuid.UUID) -> HttpResponse:
    return HttpResponseClientRedirect(reverse("comparison", args=[id]))
