"""What the people page shows."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from .models import Invitation, User

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class People:
    """Members of one page of the list, the open invitations, and every group with `size` members."""

    page: Page
    invitations: list[Invitation]
    groups: list[Group]


def people(*, search: str = "", page: Any = 1) -> People:
    found = (
        User.objects.filter(Q(email__icontains=search) | Q(name__icontains=search)) if search else User.objects.all()
    )
    ordered = found.order_by("-is_active", "-is_superuser", "email").prefetch_related("groups")
    return People(
        page=Paginator(ordered, PER_PAGE).get_page(page),
        invitations=list(Invitation.objects.open().select_related("invited_by").prefetch_related("groups")),
        groups=list(Group.objects.annotate(size=Count("user")).order_by("name")),
    )
