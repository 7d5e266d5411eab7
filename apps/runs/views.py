"""The chat page and its commands: plain HTTP, so that each is authorised afresh and works without a socket."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.conversations import edit
from apps.conversations import queries as conversations
from apps.conversations.models import Conversation, Message
from apps.upstreams import queries as upstreams
from apps.wire.exceptions import ParameterError
from apps.wire.messages import said

from . import documents, pages, parameters, start, stopping, structured, turns
from .compare import board
from .forms import TurnForm, form_refused
from .hub import hub
from .models import Run
from .opened import opened, rendered
from .probe.drawers import upstream_of
from .refusals import OverBudget, Refused, Repeated


def _conversation(request: HttpRequest, id: uuid.UUID) -> Conversation:
    """A chat: comparisons and their columns have pages of their own."""
    found = conversations.mine(request.user, id)
    if found is None or found.kind != Conversation.Kind.CHAT:
        raise Http404
    return found


def _message(request: HttpRequest, id: uuid.UUID, role: str) -> Message:
    mine = Message.objects.for_user(request.user).filter(role=role)
    return get_object_or_404(mine.select_related("conversation__owner", "conversation__model", "parent"), id=id)


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "conversations/page.html", pages.page(request.user, query=request.GET))


@require_GET
@login_required
def conversation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = conversations.mine(request.user, id)
    if found and found.kind != Conversation.Kind.CHAT:
        return redirect("comparison", found.column_of_id or found.id)
    if found and found.archived_at and not found.head_id and (probed := upstream_of(found)):
        return redirect("probe", probed)
    return render(request, "conversations/page.html", pages.page(request.user, _conversation(request, id)))


@require_GET
@login_required
def older(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    talk = _conversation(request, id)
    context = pages.thread(talk, before=uuid_of(request.GET.get("before")))
    return render(request, "conversations/_older_partial.html", context)


@require_POST
@login_required
def send(request: HttpRequest) -> HttpResponse:
    """A new prompt; the reply is the opening fragments, and the run has begun before it is made."""
    turn_id = uuid_of(request.POST.get("turn"))
    given = request.POST.get("conversation")
    found = _conversation(request, uuid_of(given)) if given else None
    try:
        form = TurnForm.read(request, found)
        plan, talk = form.begin(turn_id)
    except (Refused, Repeated, *form_refused) as error:
        return _opened_before(request, turn_id) if start.already(request.user, turn_id) else refused(request, error)
    hub.start(plan)
    begun = opened(plan, form.text, form.files)
    context = {"opened": begun, "turn_id": turn_id, "conversation": talk, "is_new": not found}
    context |= pages.after_turn(form, talk)
    response = render(request, "conversations/_opened.html", context)
    response["Playground-Answer"] = str(plan.message_id)
    if not found:
        response["HX-Push-Url"] = reverse("conversation", args=[talk.id])
    return response


@require_POST
@login_required
def settings(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Keeps model, system prompt and parameters of a conversation as they are chosen."""
    try:
        TurnForm.read(request, _conversation(request, id), needs_text=False).keep()
    except (Refused, *form_refused) as error:
        return refused(request, error, target="settings-error")
    return render(request, "conversations/_settings_kept.html")


@require_POST
@login_required
def message_edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    prompt = _message(request, id, "user")
    return _again(
        request,
        prompt.conversation,
        needs_text=True,
        begin=lambda form, turn_id: start.ask_again(
            prompt=prompt,
            turn_id=turn_id,
            text=form.text,
            model=form.model,
            attached=form.attached,
            manner=form.manner,
            by=form.tab,
        ),
    )


@require_POST
@login_required
def message_retry(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    answer = _message(request, id, "assistant")
    return _again(
        request,
        answer.conversation,
        begin=lambda form, turn_id: start.retry(
            answer=answer, turn_id=turn_id, model=form.model, manner=form.manner, by=form.tab
        ),
    )


@require_POST
@login_required
def message_continue(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    answer = _message(request, id, "assistant")
    if answer.runs.filter(status=Run.Status.RUNNING).exists():
        return refused(request, Refused(_("This answer is still being written."), status=409))
    return _again(
        request,
        answer.conversation,
        begin=lambda form, turn_id: start.carry_on(
            answer=answer, turn_id=turn_id, model=form.model, manner=form.manner, by=form.tab
        ),
    )


@require_POST
@login_required
def message_results(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What a person says to the calls of tools that wait for them; the answer then goes on by itself."""
    answer = _message(request, id, "assistant")
    return _again(
        request,
        answer.conversation,
        begin=lambda form, turn_id: start.carry_on(
            answer=answer, turn_id=turn_id, model=form.model, results=request.POST, manner=form.manner, by=form.tab
        ),
    )


@require_GET
@login_required
def message_tree(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """All of an answer that is JSON, as a tree."""
    message = get_object_or_404(Message.objects.for_user(request.user), id=id)
    parts = conversations.parts_of([message.id]).get(id, [])
    place = structured.place_of(parts)
    text = "" if place is None else said(parts[place:])
    tree = documents.whole(text)
    return render(request, "conversations/_tree_whole.html", {"tree": tree})


@require_POST
@login_required
def message_show(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Another version of a message, and the branch below it."""
    mine = Message.objects.for_user(request.user).select_related("conversation")
    message = get_object_or_404(mine, id=id)
    edit.show_version(conversation=message.conversation, message=message, by=request.POST.get("tab", ""))
    return shown_anew(request, message.conversation)


@require_GET
@login_required
def message_text(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A message's Markdown source, for Copy."""
    message = get_object_or_404(Message.objects.for_user(request.user), id=id)
    parts = conversations.parts_of([message.id]).get(id, ())
    return HttpResponse(said(parts), content_type="text/plain; charset=utf-8")


@require_POST
@login_required
def run_stop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Ends the upstream request, wherever it is made. The socket brings the answer's end."""
    run = get_object_or_404(Run.objects.for_user(request.user), id=id)
    stopping.stop(Run.objects.filter(id=run.id))
    return HttpResponse(status=204)


def _again(request: HttpRequest, found: Conversation, begin, needs_text: bool = False) -> HttpResponse:
    turn_id = uuid_of(request.POST.get("turn"))
    if start.already(request.user, turn_id):
        return shown_anew(request, found)
    try:
        form = TurnForm.read(request, found, needs_text=needs_text)
        plan = begin(form, turn_id)
    except (Refused, *form_refused) as error:
        return refused(request, error)
    except Repeated:
        return shown_anew(request, found)
    if found.kind == Conversation.Kind.CHAT:  # what is offered first would tell the name of a column that hides it
        upstreams.remember(request.user, form.model)
    hub.start(plan)
    return shown_anew(request, found)


def _opened_before(request: HttpRequest, turn_id: uuid.UUID) -> HttpResponse:
    """The same reply again, for a form that came twice."""
    run = get_object_or_404(Run.objects.for_user(request.user).select_related("conversation"), turn_id=turn_id)
    nodes = conversations.path_to(run.conversation, run.message_id)[-2:]
    context = {"opened": rendered(turns.turns_of(nodes)), "turn_id": turn_id}
    return render(request, "conversations/_opened.html", context)


def shown_anew(request: HttpRequest, talk: Conversation) -> HttpResponse:
    """The thread, or the columns, as they are now."""
    talk.refresh_from_db()
    if talk.kind == Conversation.Kind.COLUMN:
        return render(request, "compare/_board_partial.html", board.of_column(talk))
    context = {**pages.thread(talk), "swap": "outerHTML"}
    return render(request, "conversations/_thread_partial.html", context)


def refused(request: HttpRequest, error: Exception, target: str = "composer-error") -> HttpResponse:
    status = getattr(error, "status", 422)
    if isinstance(error, ParameterError):
        message, field = parameters.told(error), f"{parameters.PREFIX}{error.name}"
    else:
        message, field = str(error), getattr(error, "field", "")
    over = isinstance(error, OverBudget)
    context = {"message": message, "field": field, "target": target, "is_over_budget": over}
    response = render(request, "conversations/_refused.html", context, status=status)
    if isinstance(error, OverBudget) and error.wait:
        response["Retry-After"] = str(error.wait)
    return response


def uuid_of(text: str | None) -> uuid.UUID:
    try:
        return uuid.UUID(text or "")
    except ValueError as error:
        raise BadRequest(_("The form is not whole: reload the page.")) from error
