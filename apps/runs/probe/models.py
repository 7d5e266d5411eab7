"""A probe of an upstream while it works, and what was last found out about each of its models."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.upstreams.models import Model, Upstream
from apps.work.ids import new_id
from apps.work.leases import Leased


class Probe(Leased):
    """`trials` is what it asks, as `scope` writes it; `ceiling` and `spent` are US dollars.

    `assumed` says that some prices are not known, so that money is counted by an assumption.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETED = "completed", _("completed")
        CANCELLED = "cancelled", _("cancelled")
        CEILING = "ceiling", _("ended at its ceiling")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    upstream = models.ForeignKey(Upstream, models.CASCADE, related_name="probes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="probes")
    trials = models.JSONField(default=list)
    done = models.PositiveIntegerField(default=0)
    ceiling = models.DecimalField(max_digits=14, decimal_places=8)
    spent = models.DecimalField(max_digits=14, decimal_places=8, default=0)
    assumed = models.BooleanField(default=False)
    stop_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["upstream"], condition=models.Q(status="running"), name="one_running_probe_per_upstream"
            )
        ]

    def __str__(self):
        return f"{self.upstream_id} {self.status}"

    @property
    def state(self) -> str:
        """The status in words."""
        return str(self.Status(self.status).label)


class ProbeResult(models.Model):
    """The newest finding of one check. `conclusive` is false where the failure says nothing of the model, as with a
    rate limit: such a finding corrects no catalogue. `says` is the upstream's own words."""

    class State(models.TextChoices):
        OK = "ok", _("Yes")
        FAILED = "failed", _("No")
        NOT_OFFERED = "not_offered", _("Not offered")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(Model, models.CASCADE, related_name="probe_results")
    format = models.CharField(max_length=32, blank=True, default="")
    check_name = models.CharField(max_length=16)
    state = models.CharField(max_length=12, choices=State.choices)
    conclusive = models.BooleanField(default=True)
    sentence = models.TextField(blank=True, default="")
    says = models.TextField(blank=True, default="")
    run = models.ForeignKey("runs.Run", models.SET_NULL, null=True, related_name="+")
    probe = models.ForeignKey(Probe, models.SET_NULL, null=True, related_name="results")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "format", "check_name"], name="one_probe_result_per_check")
        ]

    def __str__(self):
        return f"{self.check_name} {self.state}"
