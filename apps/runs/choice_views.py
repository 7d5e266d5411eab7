"""What a person switches before a turn: the format, with its parameters, and a retry in another one."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from apps.conversations.models import Conversation, Message
from apps.upstreams import queries as upstreams

from . import carrying, choices, manner
from .compare.hidden import hides
from .forms import TurnForm, form_refused, model_of
from .refusals import Refused
from .views import refused, uuid_of


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """Another model, format or switch in the composer: its parameters, the old values in its words, what it leaves out.

    A conversation keeps the rest at once, but another format only with the next turn: until then nothing is lost by
    choosing it for that turn alone, or going back.
    """
    given = request.POST.get("conversation")
    talk = _conversation(request, uuid_of(given)) if given else None
    try:
        form = TurnForm.read(request, talk, needs_text=False)
        shown = form.offer()
        if talk:
            form.keep(with_format=not form.is_another_for_good)
    except (Refused, *form_refused) as error:
        return refused(request, error, target="settings-error")
    others = request.POST.get("format") != shown.format
    return render(request, "conversations/_switched.html", {"offer": shown, "other_parameters": others})


@require_GET
@login_required
def message_again(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The choice of model and format for one more answer, and what that format would leave out."""
    mine = Message.objects.for_user(request.user).filter(role=Message.Role.ASSISTANT)
    answer = get_object_or_404(mine.select_related("conversation"), id=id)
    if hides(answer.conversation):
        raise Http404
    talk = answer.conversation
    try:
        model = model_of(request.user, request.GET.get("model"), talk)
    except Refused as error:
        return refused(request, error)
    wanted = request.GET.get("format", "")
    format = wanted if wanted in model.formats else manner.by_itself(model, talk)
    asked = manner.manner_of(talk, model, format)
    left = [*asked.left_out, *carrying.left_of(carrying.carried(talk), format, model)]
    if asked.web_search and not choices.can_search(model, format):
        left.append(("web_search", ""))
    context = {
        "turn": answer,
        "model": model,
        "models": upstreams.picker(request.user),
        "options": choices.options(model, format),
        "notes": carrying.sentences(left, format, str(model)),
    }
    return render(request, "conversations/_again.html", context)


def _conversation(request: HttpRequest, id: uuid.UUID) -> Conversation:
    mine = Conversation.objects.for_user(request.user).select_related("head")
    return get_object_or_404(mine, id=id)
