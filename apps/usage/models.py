"""The ledger: each request to an upstream is one Call, the metered unit."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.upstreams.models import Model, Upstream
from apps.work.ids import new_id


class Call(models.Model):
    """Names are copied from upstream and model, so that the past stays readable when those change or go.

    A call of a chat counts tokens, one of a job `units` of a `unit` besides, such as 8 of "second".
    """

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETED = "completed", _("completed")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    class Source(models.TextChoices):
        REPORTED = "reported", _("reported")
        ESTIMATED = "estimated", _("estimated")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="calls")
    upstream = models.ForeignKey(Upstream, models.SET_NULL, null=True, related_name="calls")
    model = models.ForeignKey(Model, models.SET_NULL, null=True, related_name="calls")
    upstream_name = models.CharField(max_length=120)
    model_name = models.CharField(max_length=300)
    format = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, default="chat")
    run_id = models.UUIDField(null=True, db_index=True)
    started_at = models.DateTimeField(default=timezone.now, db_index=True)
    duration_ms = models.PositiveIntegerField(null=True)
    first_token_ms = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.RUNNING)
    status_code = models.PositiveSmallIntegerField(null=True)
    request_id = models.CharField(max_length=200, blank=True, default="")
    retries = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    input_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    cached_tokens = models.PositiveIntegerField(null=True)
    cache_write_tokens = models.PositiveIntegerField(null=True)
    reasoning_tokens = models.PositiveIntegerField(null=True)
    unit = models.CharField(max_length=12, blank=True, default="")
    units = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    tokens_source = models.CharField(max_length=9, choices=Source.choices, blank=True, default="")
    cost = models.DecimalField(max_digits=14, decimal_places=8, null=True, help_text=_("US dollars"))
    cost_source = models.CharField(max_length=9, choices=Source.choices, blank=True, default="")
    answered_model = models.CharField(max_length=300, blank=True, default="")
    fingerprint = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-started_at"]

    def __str__(self):
        return f"{self.model_name} {self.outcome}"


class CallRecord(models.Model):
    """What went over the wire in one call, as `records` packs it: compressed, without keys, for a number of days."""

    call = models.OneToOneField(Call, models.CASCADE, primary_key=True, related_name="record")
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)
    packed = models.BinaryField()

    def __str__(self):
        return f"wire of {self.call_id}"
