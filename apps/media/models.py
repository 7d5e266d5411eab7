"""Stored files, who keeps them, and where they are laid ready or used."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.work.ids import new_id


class AssetQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(owner=user)


class Asset(models.Model):
    """A file as its content says, whatever its name says. The same bytes are kept once for each owner.

    `origin` tells an upload from what a model made; then `run_id` and `message_id`, or `job_id`, say where. `peaks` is
    how loud a sound is along its length, a byte each.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", _("image")
        PDF = "pdf", _("PDF")
        AUDIO = "audio", _("audio")
        VIDEO = "video", _("video")
        TEXT = "text", _("text")
        FILE = "file", _("file")

    class Origin(models.TextChoices):
        UPLOAD = "upload"
        RUN = "run"
        JOB = "job"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assets")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    has_thumbnail = models.BooleanField(default=False)
    origin = models.CharField(max_length=6, choices=Origin.choices, default=Origin.UPLOAD)
    run_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    job_id = models.UUIDField(null=True)
    peaks = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = AssetQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["owner", "sha256"], name="one_asset_per_content")]

    def __str__(self):
        return self.name

    @property
    def path(self) -> str:
        """Where the storage has it: the id alone, so that no name of a stranger's becomes one of a file of ours."""
        return path_of(self.id)

    @property
    def thumbnail_path(self) -> str:
        return f"{path_of(self.id)}.webp"

    @property
    def url(self) -> str:
        return reverse("asset", args=[self.id, self.name])

    @property
    def waveform(self) -> list[int]:
        """How loud it is along its length, 0 to 255 each; empty where it was not heard."""
        return list(bytes(self.peaks or b""))

    @property
    def thumbnail_url(self) -> str:
        """A small picture of it, '' if there is none."""
        return reverse("asset_thumbnail", args=[self.id]) if self.has_thumbnail else ""


def path_of(id: uuid.UUID) -> str:
    return f"assets/{id.hex[-2:]}/{id.hex}"


class Laid(models.Model):
    """An asset that lies ready at a place and was not sent yet: its id there is its order. `place` is a conversation's
    id, '' for the new chat, or `hold.LIBRARY` for what an import brought and nothing else holds."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="laid")
    place = models.CharField(max_length=40, blank=True)
    laid_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["asset", "place"], name="laid_once_at_a_place")]

    def __str__(self):
        return f"{self.asset_id} {self.place}"


class Use(models.Model):
    """A message holds the asset. An asset without any use is swept away, once it is a day old and lies nowhere."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="uses")
    message_id = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "message_id"], name="one_use_per_message")]

    def __str__(self):
        return f"{self.asset_id} {self.message_id}"


from .jobs.models import Absence, Job, JobInput, JobOutput  # noqa: E402, F401 - Django looks for the app's models here
