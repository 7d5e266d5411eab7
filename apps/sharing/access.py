"""Who may read a link. What is deleted, ended, revoked or unknown, and what is for others, is all the same: gone."""

import enum

from django.contrib.auth.hashers import check_password
from django.db.models import CharField, DateTimeField, Exists, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from apps.accounts.models import Instance
from apps.work.prepared import Select, Slot

from .models import Revision, ShareLink

PASSED = "shares"
_LIVING = {"revoked_at": None, "conversation__deleted_at": None, "owner__is_active": True}
_TOKEN, _NOW = Slot("token", CharField()), Slot("now", DateTimeField())
_open_to_all = Select(
    lambda: (
        ShareLink.objects.filter(token=_TOKEN, audience=ShareLink.Audience.ANYONE, password="", **_LIVING)
        .filter(Q(expires_at=None) | Q(expires_at__gt=_NOW), Exists(Instance.objects.filter(pk=1, public_sharing=True)))
        .filter(revisions__published_at__isnull=False)
        .order_by()
        .values_list("pk")[:1]
    )
)


class Meets(enum.Enum):
    GONE = enum.auto()
    SIGN_IN = enum.auto()
    PASSWORD = enum.auto()
    OPEN = enum.auto()


def is_public_sharing_on() -> bool:
    """Where it is off, links for anyone are for members: who is not signed in finds them gone."""
    return bool(Instance.objects.filter(pk=1).values_list("public_sharing", flat=True).first())


def shown_under(token: str, *, whole: bool = False) -> Revision | None:
    """What the link shows, if it leads anywhere: not revoked, ended or in the bin, and of somebody who may sign in.

    Only `whole` it comes with its content: open pages and files ask for it all the time.
    """
    living = {f"link__{name}": value for name, value in _LIVING.items()}
    found = Revision.objects.filter(link__token=token, **living).published()
    revision = (
        found.select_related("link__owner")
        .defer("raw", *(() if whole else ("content",)))
        .order_by("published_at", "id")
        .last()
    )
    return None if revision is None or revision.link.is_over(timezone.now()) else revision


def meets(request: HttpRequest, revision: Revision | None) -> Meets:
    """What this visitor meets at the link."""
    if revision is None:
        return Meets.GONE
    user, link = request.user, revision.link
    if link.owner_id == user.pk:
        return Meets.OPEN
    if not user.is_authenticated and link.audience != link.Audience.ANYONE:
        return Meets.SIGN_IN
    if not user.is_authenticated and not is_public_sharing_on():
        return Meets.GONE
    if link.audience == link.Audience.NAMED and not _is_named(user, link):
        return Meets.GONE
    return Meets.OPEN if _has_passed(request, link) else Meets.PASSWORD


def stays_open(request: HttpRequest, token: str) -> bool:
    """Whether a page that this visitor has open may stay: every open page asks every other second."""
    if _open_to_all(token=token, now=timezone.now()):
        return True
    return meets(request, shown_under(token)) == Meets.OPEN


def _is_named(user, link: ShareLink) -> bool:
    return link.users.filter(pk=user.pk).exists() or link.groups.filter(user=user).exists()


def _has_passed(request: HttpRequest, link: ShareLink) -> bool:
    if not link.password:
        return True
    return constant_time_compare(request.session.get(PASSED, {}).get(str(link.pk), ""), _pass(link))


def let_pass(request: HttpRequest, link: ShareLink, password: str) -> bool:
    """Whether the password is right; the session then passes until the password changes."""
    if not check_password(password, link.password):
        return False
    request.session[PASSED] = {**request.session.get(PASSED, {}), str(link.pk): _pass(link)}
    return True


def _pass(link: ShareLink) -> str:
    return salted_hmac("apps.sharing.pass", link.password).hexdigest()


def is_private(link: ShareLink) -> bool:
    """Whether nothing of it may be kept anywhere, not even by the reader's browser."""
    return bool(link.password) or link.audience != link.Audience.ANYONE
