"""From a message to a link: what is shared and with whom, then exactly what will be seen."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.conversations.models import Conversation, Message

from .. import edit, secrets, shown
from ..forms import ChoiceForm, ReadersForm
from ..freeze import NotShared
from ..models import Revision, ShareLink

MOST = 500  # likely secrets that may be kept one by one; what is behind them is taken out


@require_safe
@login_required
def newest(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The conversation as it is now."""
    talk = get_object_or_404(Conversation.objects.for_user(request.user), pk=id)
    if talk.head_id is None:
        raise Http404
    query = request.GET.urlencode()
    return redirect(reverse("share_new", args=[talk.head_id]) + (f"?{query}" if query else ""))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sensitive_post_parameters("password")
def choose(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What is shared and with whom; with `link` only what, for one more revision of it."""
    mine = Message.objects.for_user(request.user).select_related("conversation__owner")
    message = get_object_or_404(mine, pk=id, conversation__kind=Conversation.Kind.CHAT)
    link = _revised(request, message)
    what = ChoiceForm(request.POST or None, initial=_before(message, link))
    who = None if link else ReadersForm(request.user, request.POST or None)
    if what.is_valid() and (who is None or who.is_valid()):
        try:
            readers = who.readers() if who else None
            draft = edit.draft(message=message, choice=what.choice(), readers=readers, link=link)
            return redirect("share_preview", draft.pk)
        except NotShared as error:
            what.add_error(None, str(error))
    elif who is not None:
        who.is_valid()
    context = {"message": message, "talk": message.conversation, "what": what, "who": who, "link": link}
    return render(request, "sharing/choose.html", context, status=400 if what.is_bound else 200)


def _revised(request: HttpRequest, message: Message) -> ShareLink | None:
    if "link" not in request.GET:
        return None
    try:
        id = uuid.UUID(request.GET["link"])
    except ValueError as error:
        raise Http404 from error
    mine = ShareLink.objects.for_user(request.user).filter(conversation=message.conversation_id, revoked_at=None)
    return get_object_or_404(mine, pk=id)


def _before(message: Message, link: ShareLink | None) -> dict:
    """As the last revision was chosen, else with the conversation's title."""
    last = link.revisions.published().defer("content").order_by("published_at").last() if link else None
    return ChoiceForm.initial_of(last.options) if last else {"title": str(message.conversation)}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def preview(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """A draft as its readers will see it, and what in it may be secret. It is published only as it was seen."""
    drafts = Revision.objects.for_user(request.user).drafts().filter(link__conversation__deleted_at=None)
    draft = get_object_or_404(drafts.select_related("link__owner"), pk=id)
    found = secrets.find(draft.raw)
    if request.method == "POST":
        return _posted(request, draft, found)
    context = {
        "page": shown.page_of(draft.link, draft),
        "draft": draft,
        "found": found[:MOST],
        "more": len(found[MOST:]),
        "is_new": not draft.link.revisions.published().exists(),
        "back": _back(draft),
    }
    return render(request, "sharing/preview.html", context)


def _back(draft: Revision) -> str:
    return reverse("share_new", args=[draft.message_id])


def _posted(request: HttpRequest, draft: Revision, found: list[secrets.Finding]) -> HttpResponse:
    removed = set(request.POST.getlist("remove"))
    kept = [each.key for each in found[:MOST] if each.key not in removed]
    if set(kept) != set(draft.kept):
        edit.keep(revision=draft, keys=kept)
        if "publish" in request.POST:
            messages.info(request, _("The preview has changed. Look at it once more, then share it."))
        return redirect("share_preview", draft.pk)
    if "publish" not in request.POST:
        return redirect("share_preview", draft.pk)
    link = edit.publish(revision=draft)
    messages.success(request, _("The link is ready."))
    return redirect("link", link.pk)
