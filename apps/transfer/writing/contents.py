"""What goes into an export: chosen conversations with their files, or everything that a person has."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.conversations.models import Conversation, Folder, Tag
from apps.media.jobs.models import Job
from apps.media.models import Asset

from .. import schema
from . import assets
from .jobs import each_job, jobs_of
from .records import folder_path

AT_ONCE = 50


@dataclass(frozen=True)
class Contents:
    """`found` are the conversations; `whole` says that all else of the person's goes along."""

    user: Any
    found: QuerySet[Conversation]
    whole: bool

    def count(self) -> int:
        """How many records there are to write; files are not counted."""
        return self.found.count() + (jobs_of(self.user).count() if self.whole else 0)

    def files(self) -> Iterator[Asset]:
        held = Asset.objects.for_user(self.user).order_by("pk") if self.whole else self._held()
        return held.defer("peaks").iterator(chunk_size=AT_ONCE)

    def _held(self) -> QuerySet[Asset]:
        return assets.held_by(self.user, self.found.order_by().values("pk"))

    def conversations(self) -> Iterator[Conversation]:
        """By ids, which are small, so that no cursor stays open while a file is written for minutes."""
        ids = list(self.found.values_list("pk", flat=True))
        related = ("model__upstream", "folder__parent", "owner", "comparison")
        for start in range(0, len(ids), AT_ONCE):
            rows = Conversation.objects.filter(pk__in=ids[start : start + AT_ONCE], deleted_at=None)
            yield from rows.select_related(*related).order_by("pk")

    def jobs(self) -> Iterator[Job]:
        return each_job(self.user) if self.whole else iter(())

    def library(self) -> list[Any]:
        """Ids of the files that neither a conversation of the export nor a job holds."""
        if not self.whole:
            return []
        alone = Asset.objects.for_user(self.user).filter(job_inputs=None, job_outputs=None, job_posters=None)
        alone = alone.exclude(pk__in=self._held().order_by().values("pk"))
        return list(alone.order_by("pk").values_list("pk", flat=True))

    def order(self) -> schema.Order:
        if not self.whole:
            return schema.Order()
        tags = Tag.objects.for_user(self.user).order_by("name")
        return schema.Order(
            folders=_folders(self.user), tags=[schema.Tag(name=tag.name, color=tag.color) for tag in tags]
        )


def _folders(user) -> list[list[str]]:
    """Each behind the one that it lies in. Those of one name in one place become one at an import."""
    folders = list(Folder.objects.for_user(user).select_related("parent"))
    outer = [folder for folder in folders if folder.parent is None]
    paths = [folder_path(each) for one in outer for each in (one, *(each for each in folders if each.parent == one))]
    return [list(path) for path in dict.fromkeys(map(tuple, paths))]
