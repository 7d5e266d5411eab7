"""What readers of a link ask for. No answer says more to a stranger than that there is nothing."""

import re
import uuid
from functools import wraps

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.media import serve
from apps.media.refusals import NotTaken

from .. import edit, fork, shown
from ..access import Meets, is_private, let_pass, meets, shown_under, stays_open
from ..models import Revision, RevisionFile

# What fetches a link for a preview of it, and what gathers pages, is no reader.
_BOT = re.compile(r"bot\b|crawl|spider|slurp|preview|linkexpanding|externalhit|whatsapp|embed|curl|wget", re.IGNORECASE)
THROTTLE = "share_password"


def unindexed(view):
    """No search engine keeps it, no site that is followed from it learns the address."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        _speak(request)
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapped


def _speak(request: HttpRequest) -> None:
    """`?lang=` for a page without a form, as a form would need a cookie."""
    language = request.GET.get("lang", "")
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "sharing/gone.html", status=410)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
@unindexed
def share(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page; where it asks for a password, that is posted here."""
    revision = shown_under(token, whole=True)
    match meets(request, revision):
        case Meets.GONE:
            return gone(request)
        case Meets.SIGN_IN:
            return redirect_to_login(request.get_full_path())
        case Meets.PASSWORD:
            return _password(request, revision)
    if request.method == "POST":
        return redirect("share", token)
    if _is_reader(request, revision):
        edit.count_view(revision.link)
    return _page(request, revision)


def _page(request: HttpRequest, revision: Revision) -> HttpResponseBase:
    address = request.build_absolute_uri(request.path)
    context = {"page": shown.page_of(revision.link, revision), "address": address}
    response = render(request, "sharing/page.html", context)
    return _fresh(request, response, revision)


def _fresh(request: HttpRequest, response: HttpResponse, revision: Revision) -> HttpResponseBase:
    """Kept by the browser only where anyone may read it, and never shown from there before we were asked."""
    if is_private(revision.link):
        return response
    set_response_etag(response)
    response.headers["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _is_reader(request: HttpRequest, revision: Revision) -> bool:
    """Whether a person opens it: not its owner, nor a machine that looks at it."""
    is_machine = _BOT.search(request.headers.get("User-Agent", ""))
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    return request.method == "GET" and revision.link.owner_id != request.user.pk and not (is_machine or is_ahead)


def _password(request: HttpRequest, revision: Revision) -> HttpResponse:
    error, status = "", 200
    key = str(revision.link.pk)
    if request.method == "POST":
        # Counted before it is looked at: many guesses at the same time are no way around it.
        guess = ratelimit.consume(request, app="allauth.account", action=THROTTLE, key=key)
        if guess is None:
            error, status = _("Too many failed attempts. Wait five minutes, then try again."), 429
        elif let_pass(request, revision.link, request.POST.get("password", "")):
            guess.rollback()
            return redirect("share", revision.link.token)
        else:
            error, status = _("That is not the password of this link."), 403
    response = render(request, "sharing/password.html", {"error": error}, status=status)
    # Without a referrer a browser posts from nowhere, which the check against forgery refuses.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@require_safe
@unindexed
def live(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whether an open page may stay open."""
    return HttpResponse(status=204) if stays_open(request, token) else gone(request)


@require_safe
@unindexed
def file(request: HttpRequest, token: str, id: uuid.UUID, name: str) -> HttpResponseBase:
    """A file of the revision on show. The name in the address is for people alone."""
    row = _file(request, token, id)
    return gone(request) if row is None else _kept_short(serve.whole_or_part(request, row.asset), row.revision)


@require_safe
@unindexed
def thumbnail(request: HttpRequest, token: str, id: uuid.UUID) -> HttpResponseBase:
    row = _file(request, token, id)
    return gone(request) if row is None else _kept_short(serve.thumbnail(request, row.asset), row.revision)


def _file(request: HttpRequest, token: str, id: uuid.UUID) -> RevisionFile | None:
    """The file under the name that it is shared by, if this visitor may have it: the owner sees a draft's too."""
    rows = RevisionFile.objects.filter(revision__link__token=token, pk=id).select_related("asset", "revision__link")
    rows = rows.defer("revision__content", "revision__raw")
    row = rows.first()
    if row is None:
        return None
    if row.revision.published_at is None:
        is_seen = row.revision.link.owner_id == request.user.pk
    else:
        revision = shown_under(token)
        is_seen = revision == row.revision and meets(request, revision) == Meets.OPEN
    row.asset.name = row.name or "file"
    return row if is_seen else None


def _kept_short(response: HttpResponseBase, revision: Revision) -> HttpResponseBase:
    """A revoked link's files are gone at once: no cache gives them without asking."""
    response.headers["Cache-Control"] = "private, no-store" if is_private(revision.link) else "private, no-cache"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@unindexed
def go_on(request: HttpRequest, token: str) -> HttpResponseBase:
    """Takes what is on show into the reader's own history."""
    revision = shown_under(token, whole=True)
    found = meets(request, revision)
    if found == Meets.GONE:
        return gone(request)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if found != Meets.OPEN:
        return redirect("share", token)
    if request.method != "POST":
        return _offer(request, revision)
    try:
        return redirect("conversation", fork.fork(revision=revision, reader=request.user).pk)
    except NotTaken as error:
        return _offer(request, revision, str(error), error.status)


def _offer(request: HttpRequest, revision: Revision, error: str = "", status: int = 200) -> HttpResponse:
    page = shown.page_of(revision.link, revision)
    context = {"page": page, "model": fork.model_for(request.user, revision), "error": error}
    response = render(request, "sharing/continue.html", context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"  # for its form, as of a password
    return response
