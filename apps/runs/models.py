"""One generation of an assistant message, and its journal while it lives."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation, Message
from apps.upstreams.models import Model
from apps.work.leases import Leased


class RunQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user=user)


class Run(Leased):
    """A message may have several: Continue makes a second one. `error` is what the reader is told, as a dict.

    `turn_id` is made by the browser and unique per person: a form sent twice makes one turn.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("answering")
        COMPLETED = "completed", _("completed")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="runs")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="runs")
    message = models.ForeignKey(Message, models.CASCADE, related_name="runs")
    turn_id = models.UUIDField()
    model = models.ForeignKey(Model, models.SET_NULL, null=True)
    model_name = models.CharField(max_length=300)
    upstream_name = models.CharField(max_length=120)
    format = models.CharField(max_length=32)
    system_prompt = models.TextField(blank=True, default="")
    parameters = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    stop_requested = models.BooleanField(default=False)
    finish_reason = models.CharField(max_length=40, blank=True, default="")
    truncated = models.BooleanField(default=False)
    answered_model = models.CharField(max_length=300, blank=True, default="")
    error = models.JSONField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "turn_id"], name="one_run_per_turn")]

    def __str__(self):
        return f"{self.model_name} {self.status}"


class RunEvent(models.Model):
    """What came since the last group commit, merged; dropped when the run ends."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    events = models.BinaryField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="one_run_event_per_seq")]

    def __str__(self):
        return f"{self.run_id} {self.seq}"
