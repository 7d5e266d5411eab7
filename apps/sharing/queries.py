"""What is read of links; each begins with what its reader owns, or is an administrator's."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from .models import Revision, ShareLink

PER_PAGE = 50


def mine(user, page: Any = 1) -> Page:
    """The person's published links, each with the `title` that it shows."""
    return _paged(_published().for_user(user), page)


def everybodys(page: Any = 1) -> Page:
    return _paged(_published().select_related("revoked_by"), page)


def _published() -> QuerySet[ShareLink]:
    shown = Revision.objects.filter(link=OuterRef("pk"), published_at__isnull=False).order_by("-published_at")
    title = Subquery(shown.annotate(named=KT("content__title")).values("named")[:1])
    titled = ShareLink.objects.annotate(title=title).filter(title__isnull=False)
    return titled.select_related("conversation", "owner")


def _paged(found: QuerySet[ShareLink], page: Any) -> Page:
    return Paginator(found.order_by("-created_at"), PER_PAGE).get_page(page)
