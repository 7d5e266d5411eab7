"""The comparison pages and their commands. Each begins by fetching through the user."""

import uuid
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.conversations import edit
from apps.conversations.models import Conversation
from apps.media import hold
from apps.upstreams import queries as upstreams
from apps.wire.messages import Text
from apps.work.database import writing

from .. import stopping
from ..forms import TurnForm, form_refused
from ..hub import hub
from ..models import Comparison, Round, Run
from ..plan import Plan
from ..refusals import Refused, Repeated
from ..views import refused, uuid_of
from . import begin, board, columns, pages


def comparison_or_404(request: HttpRequest, id: uuid.UUID) -> Comparison:
    mine = Comparison.objects.for_user(request.user)
    return get_object_or_404(mine.select_related("conversation__owner", "conversation__head"), pk=id)


def column_or_404(comparison: Comparison, id: uuid.UUID) -> Conversation:
    mine = Conversation.objects.filter(column_of=comparison.pk)
    return get_object_or_404(mine.select_related("model__upstream", "head", "owner", "column_of"), pk=id)


def shown(request: HttpRequest, comparison: Comparison) -> HttpResponse:
    """The comparison as it is now, in place of what the page shows."""
    comparison = comparison_or_404(request, comparison.pk)
    return render(request, "compare/_board_partial.html", board.context(comparison))


def tab(request: HttpRequest) -> str:
    return request.POST.get("tab", "")[:40]


def begun(plans: list[Plan]) -> None:
    for plan in plans:
        hub.start(plan)


@require_GET
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """A new comparison; `model` and `format` name columns that it begins with, `into` the folder that it goes to."""
    return render(request, "compare/new.html", pages.new(request.user, request.GET))


@require_GET
@login_required
def compare_row(request: HttpRequest) -> HttpResponse:
    """The controls of a column: of the one that is named by `key`, as it is chosen, or of a new one."""
    form = request.GET.get("for", "")
    try:
        row = pages.row(request.user, request.GET)
    except Refused as error:
        return refused(request, error, target=pages.error_place(form))
    return render(
        request, "compare/_row.html", {"row": row, "models": upstreams.picker(request.user), **pages.of_form(form)}
    )


@require_POST
@login_required
def compare_begin(request: HttpRequest) -> HttpResponse:
    """The first prompt of a new comparison: the columns and their answers have begun before the reply is made."""
    turn_id = uuid_of(request.POST.get("turn"))
    if again := _asked_before(request, turn_id):
        return _to(again.comparison_id)
    try:
        wanted = columns.read(request.user, request.POST)
        form = TurnForm.read(request, None)
        parts = [*begin.checked(form.files, wanted), Text(form.text)]
        comparison, plans = _begin(request, form, wanted, parts, turn_id)
    except Repeated:
        return _to(get_object_or_404(_rounds(request, turn_id)).comparison_id)
    except (Refused, *form_refused) as error:
        return refused(request, error)
    begun(plans)
    return _to(comparison.pk)


def _begin(request: HttpRequest, form: TurnForm, wanted, parts, turn_id: uuid.UUID) -> tuple[Comparison, list[Plan]]:
    shared = {"system_prompt": form.system_prompt, "web_search": form.web_search, **form.using}
    named = form.text.strip() or ", ".join(asset.name for asset in form.files)
    blind = request.POST.get("blind") == "1"
    with writing():
        edit.save_draft(owner=request.user, conversation=None, text="")
        hold.put_away(assets=form.files, place="")
        opening = {"named": named, "shared": shared, "wanted": wanted, "blind": blind, "folder": form.into}
        comparison = begin.opened(owner=request.user, **opening)
        plans = begin.ask(comparison=comparison, turn_id=turn_id, parts=parts, by=tab(request))
    return comparison, plans


def _to(id: uuid.UUID) -> HttpResponse:
    return HttpResponseClientRedirect(reverse("comparison", args=[id]))


def _rounds(request: HttpRequest, turn_id: uuid.UUID):
    return Round.objects.for_user(request.user).filter(turn_id=begin.derived(turn_id, request.user.pk))


def _asked_before(request: HttpRequest, turn_id: uuid.UUID) -> Round | None:
    return _rounds(request, turn_id).first()


@require_GET
@login_required
def comparison(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    return render(request, "compare/page.html", pages.page(request.user, comparison_or_404(request, id)))


@require_POST
@login_required
def comparison_ask(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A further prompt, to all columns or to the one that `to` names."""
    found = comparison_or_404(request, id)
    turn_id = uuid_of(request.POST.get("turn"))
    if _asked_before(request, turn_id):
        return shown(request, found)
    to = request.POST.get("to")
    only = column_or_404(found, uuid_of(to)) if to else None
    try:
        plans = _ask(request, found, only, turn_id)
    except Repeated:
        return shown(request, found)
    except (Refused, *form_refused) as error:
        return refused(request, error)
    begun(plans)
    return shown(request, found)


def _ask(request: HttpRequest, found: Comparison, only: Conversation | None, turn_id: uuid.UUID) -> list[Plan]:
    cover = found.conversation
    form = TurnForm.read(request, cover)
    asked = [only] if only else begin.columns_of(found)
    wanted = [each for each in map(columns.Wanted.of, asked) if each]
    parts = [*begin.checked(form.files, wanted, found.hidden), Text(form.text)]
    with writing():
        edit.save_draft(owner=request.user, conversation=cover, text="")
        hold.put_away(assets=form.files, place=str(cover.pk))
        shared = {"system_prompt": form.system_prompt, "web_search": form.web_search, **form.using}
        edit.configure(conversation=cover, model=cover.model, **shared)
        return begin.ask(comparison=found, turn_id=turn_id, parts=parts, to=only, by=tab(request))


@require_POST
@login_required
def comparison_stop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ends every answer that is being written. The socket brings their ends."""
    found = comparison_or_404(request, id)
    stopping.stop(Run.objects.for_user(request.user).filter(conversation__column_of=found.pk))
    return HttpResponse(status=204)


@require_POST
@login_required
def comparison_vote(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Which answer is the best: `column`, or none where it is empty. `back` takes the vote back."""
    found = comparison_or_404(request, id)
    round = get_object_or_404(found.rounds, pk=uuid_of(request.POST.get("round")))
    if request.POST.get("back"):
        return _changed(request, found, lambda: begin.take_back(comparison=found, round=round, by=tab(request)))
    given = request.POST.get("column")
    column = column_or_404(found, uuid_of(given)) if given else None
    return _changed(request, found, lambda: begin.vote(comparison=found, round=round, column=column, by=tab(request)))


@require_POST
@login_required
def comparison_reveal(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = comparison_or_404(request, id)
    return _changed(request, found, lambda: begin.reveal(comparison=found, by=tab(request)))


def _changed(request: HttpRequest, found: Comparison, change: Callable[[], None]) -> HttpResponse:
    try:
        with writing():
            change()
    except Refused as error:
        return refused(request, error)
    return shown(request, found)
