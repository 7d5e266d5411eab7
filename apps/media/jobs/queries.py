"""Everything that is read of jobs; each begins with what its reader owns."""

import uuid

from .models import Job

PAGE = 30
# Their results are vectors, too many numbers for a list.
LARGE = ("embeddings",)


def _shown(user):
    return (
        Job.objects.for_user(user)
        .select_related("model", "model__upstream")
        .prefetch_related("inputs__asset", "outputs__asset", "outputs__poster")
    )


def load_for(user, id: uuid.UUID | str) -> Job:
    """Raises Job.DoesNotExist for one that is not the user's, and for what is no id."""
    try:
        id = id if isinstance(id, uuid.UUID) else uuid.UUID(id)
    except ValueError as error:
        raise Job.DoesNotExist from error
    # What is cancelled, deleted or shown as a card may have a hundred megabytes of vectors.
    return _shown(user).defer("result").get(pk=id)


def jobs_for(
    user, family: str = "", search: str = "", before: uuid.UUID | None = None, after: uuid.UUID | None = None
) -> list[Job]:
    """A page of 30, the newest first, of one family or of all; `before` is the last job of the page in front of it, and
    `after` the newest that is known."""
    found = _shown(user)
    if family:
        found = found.filter(family=family)
    if family in LARGE:
        found = found.defer("result")
    if search:
        found = found.filter(prompt__icontains=search)
    if before:
        found = found.filter(pk__lt=before)
    if after:
        found = found.filter(pk__gt=after)
    return list(found[:PAGE])
