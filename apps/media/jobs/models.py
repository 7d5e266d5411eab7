"""What is to be made, by whom it is worked on, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.upstreams.models import Model, Upstream
from apps.work.ids import new_id


class JobQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(owner=user)


class Job(models.Model):
    """One request of a studio. Its upstream requests are Calls whose `run_id` is the job's id.

    `submitting_at` is stored before the request is sent, `remote_id` before the first poll: a job found with the first
    and without the second has an unknown outcome, and is never submitted again by itself. `values` is the MediaRequest
    without its files, as JSON; `notes` is what is kept with it and never sent; `result` is what is not a file. `worker`
    is empty while it waits for `due_at`. `language` is that of whoever asked: what goes wrong is told and stored in it.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        SUBMITTED = "submitted", _("submitted")
        RUNNING = "running", _("running")
        SUCCEEDED = "succeeded", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        UNKNOWN = "unknown", _("outcome unknown")

    OPEN = (Status.QUEUED, Status.SUBMITTED, Status.RUNNING)

    id: uuid.UUID = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    family = models.CharField(max_length=16)
    dialect = models.CharField(max_length=32)
    model = models.ForeignKey(Model, models.SET_NULL, null=True, related_name="jobs")
    model_name = models.CharField(max_length=300)
    language = models.CharField(max_length=12, blank=True, default="")
    prompt = models.TextField(blank=True, default="")
    values = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.QUEUED)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text=_("When it is to be worked on next."))
    submitting_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True, help_text=_("When it is no longer asked about."))
    finished_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=200, blank=True, default="")
    heartbeat_at = models.DateTimeField(default=timezone.now)
    cancel_requested = models.BooleanField(default=False)
    remote_id = models.TextField(blank=True, default="")
    polls = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(null=True)
    result = models.JSONField(default=dict)
    error = models.JSONField(default=dict)
    estimate = models.DecimalField(max_digits=14, decimal_places=8, null=True, help_text=_("US dollars"))
    cost = models.DecimalField(max_digits=14, decimal_places=8, null=True, help_text=_("US dollars"))

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "due_at"], name="jobs_due"),
            models.Index(fields=["owner", "family", "-id"], name="jobs_of_a_studio"),
        ]

    def __str__(self):
        return f"{self.family} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class JobInput(models.Model):
    """A file that goes along, by what it is for; its id is its order. No asset: it was deleted since."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="inputs")
    asset = models.ForeignKey("media.Asset", models.SET_NULL, null=True, related_name="job_inputs")
    role = models.CharField(max_length=12)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.role} of {self.job_id}"


class JobOutput(models.Model):
    """A file that was made: told first (`made` is the wire's Made without its data), then fetched and kept.

    `error` says why it could not be had; a fetch is tried again without a new submit.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="outputs")
    position = models.PositiveSmallIntegerField()
    made = models.JSONField(default=dict)
    asset = models.ForeignKey("media.Asset", models.SET_NULL, null=True, related_name="job_outputs")
    poster = models.ForeignKey("media.Asset", models.SET_NULL, null=True, related_name="job_posters")
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="one_output_at_a_place")]

    def __str__(self):
        return f"output {self.position} of {self.job_id}"


class Absence(models.Model):
    """What an upstream said that it does not have, in the words of `apps.wire.media.absent`: it is not asked for again
    until somebody wants to try. `what` of a model holds its name."""

    upstream = models.ForeignKey(Upstream, models.CASCADE, related_name="absences")
    dialect = models.CharField(max_length=32)
    what = models.CharField(max_length=330)
    said = models.TextField(blank=True, default="")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["upstream", "dialect", "what"], name="absent_once")]

    def __str__(self):
        return f"{self.what} at {self.upstream_id}"
