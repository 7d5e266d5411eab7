"""What goes out and comes in: each export and import, what became of each record, and where records came from."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation
from apps.media.jobs.models import Job
from apps.media.models import Asset
from apps.work.leases import Leased


class TransferQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(owner=user)


class Transfer(Leased):
    """An export or an import, done in the background; `file` is where the storage has what came or what was made.

    `subject` is whose conversations they are, where an administrator exports those of somebody who is about to go.
    `chosen` are ids of conversations, None for all. `done` counts records that were dealt with, of `total` where that
    is known; `read` and `size` are bytes of an import's file. `source` is the format that was found in it.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("export")
        IMPORT = "import", _("import")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    OPEN = (Status.WAITING, Status.RUNNING)

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="transfers")
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    name = models.CharField(max_length=200, blank=True, default="")
    format = models.CharField(max_length=8, blank=True, default="")
    chosen = models.JSONField(null=True)
    source = models.CharField(max_length=12, blank=True, default="")
    language = models.CharField(max_length=12, blank=True, default="")
    file = models.CharField(max_length=120, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    stop_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    objects = TransferQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.kind} {self.status}"

    @property
    def state(self) -> str:
        """The status in words."""
        return str(self.Status(self.status).label)

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class Line(models.Model):
    """What became of one record of an import, a conversation, a job or a file: `number` counts from 1 in the file."""

    class Outcome(models.TextChoices):
        IMPORTED = "imported", _("imported")
        SKIPPED = "skipped", _("skipped")
        FAILED = "failed", _("failed")

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True, default="")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    why = models.TextField(blank=True, default="")
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    asset = models.ForeignKey(Asset, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["transfer", "number"], name="one_line_per_record")]

    def __str__(self):
        return f"{self.number} {self.outcome}"

    @property
    def url(self) -> str:
        """Where it is to be seen, '' if it is gone or never was."""
        if self.conversation:
            return reverse(self.conversation.place, args=[self.conversation_id])
        if self.job_id:
            return reverse("job", args=[self.job_id])
        return reverse("library_item", args=[self.asset_id]) if self.asset_id else ""


class Origin(models.Model):
    """Where an imported conversation came from. `digest` is of the record as it was read: the same one is not taken
    twice. `carried` is what has no place here, as the name of a model that this instance does not have."""

    conversation = models.OneToOneField(Conversation, models.CASCADE, primary_key=True, related_name="came_from")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source = models.CharField(max_length=12)
    record = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    carried = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["owner", "source", "record"], name="origin_of_a_record")]

    def __str__(self):
        return f"{self.source} {self.record}"


class JobOrigin(models.Model):
    """Where an imported job came from: its id there is not taken twice. `upstream` is the name of its model's."""

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="came_from")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    record = models.UUIDField()
    upstream = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "record"], name="one_job_per_record")]

    def __str__(self):
        return f"{self.upstream} {self.record}"
