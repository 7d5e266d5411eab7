"""Of several imports of one person, in two tabs or two processes, only one writes a record at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.accounts.models import User
from apps.work.database import writing


@contextmanager
def alone(owner) -> Iterator[None]:
    """A transaction in which what was looked up stays so until it is written."""
    with writing():
        list(User.objects.select_for_update(no_key=True).filter(pk=owner.pk).values_list("pk"))
        yield
