"""Groups decide which models a person may use, so one that something is reserved for is not thrown away."""

from django.contrib.auth.models import Group
from django.db import transaction

from .audit import record
from .models import Invitation, User


class GroupInUse(Exception):
    """Something is reserved for this group; without the group it would be open to everyone."""


@transaction.atomic
def make_group(*, name: str, by: User | None = None) -> Group:
    record(by, "group.make", name)
    return Group.objects.create(name=name)


@transaction.atomic
def rename_group(*, group: Group, name: str, by: User | None = None) -> None:
    record(by, "group.rename", group.name, name=name)
    Group.objects.filter(pk=group.pk).update(name=name)


@transaction.atomic
def delete_group(*, group: Group, by: User | None = None) -> None:
    """Raises GroupInUse."""
    if any(_reserved(group)):
        raise GroupInUse
    record(by, "group.delete", group.name)
    group.delete()


def _reserved(group: Group):
    """What upper layers reserve or set for groups, found through the model registry since we may not import them."""
    for relation in Group._meta.related_objects:
        harmless = relation.related_model in (User, Invitation) or hasattr(relation.related_model, "outlives_groups")
        if not harmless:
            yield relation.related_model._base_manager.filter(**{relation.field.name: group}).exists()
