"""Groups decide which models a person may use, so one that something is reserved for is not thrown away."""

from django.contrib.auth.models import Group
from django.db import transaction

from .models import Invitation, User


class GroupInUse(Exception):
    """Something is reserved for this group; without the group it would be open to everyone."""


@transaction.atomic
def delete_group(*, group: Group) -> None:
    """Raises GroupInUse."""
    if any(_reserved(group)):
        raise GroupInUse
    group.delete()


def _reserved(group: Group):
    """What upper layers reserve for groups, found through the model registry since we may not import them."""
    for relation in Group._meta.related_objects:
        if relation.many_to_many and relation.related_model not in (User, Invitation):
            yield relation.related_model._base_manager.filter(**{relation.field.name: group}).exists()
