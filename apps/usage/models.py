"""The ledger: each request to an upstream is one Call, the metered unit."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.upstreams.models import Model, Upstream
from apps.work.ids import new_id

from .budgets.models import Budget as Budget
from .budgets.models import Hold as Hold
from .budgets.models import Notice as Notice
from .budgets.models import Tally as Tally


class Call(models.Model):
    """Names are copied from upstream and model, so that the past stays readable when those change or go.

    A call of a chat counts tokens, one of a job `units` of a `unit` besides, such as 8 of "second". `cause` is why it
    failed where no status tells, by the kinds of `upstreams.failures`. `rolled` calls are counted in a UsageDay.
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
        BILLED = "billed", _("billed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="calls", verbose_name=_("person")
    )
    upstream = models.ForeignKey(Upstream, models.SET_NULL, null=True, related_name="calls", verbose_name=_("upstream"))
    model = models.ForeignKey(Model, models.SET_NULL, null=True, related_name="calls")
    upstream_name = models.CharField(_("upstream"), max_length=120)
    model_name = models.CharField(_("model"), max_length=300)
    format = models.CharField(_("wire format"), max_length=32)
    kind = models.CharField(_("kind"), max_length=16, default="chat")
    run_id = models.UUIDField(null=True, db_index=True)
    started_at = models.DateTimeField(_("began"), default=timezone.now, db_index=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True)
    first_token_ms = models.PositiveIntegerField(_("milliseconds to the first token"), null=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, default=Outcome.RUNNING)
    status_code = models.PositiveSmallIntegerField(_("status"), null=True)
    request_id = models.CharField(_("request id"), max_length=200, blank=True, default="")
    retries = models.PositiveSmallIntegerField(_("retries"), default=0)
    error = models.TextField(_("error"), blank=True, default="")
    input_tokens = models.PositiveIntegerField(_("input tokens"), null=True)
    output_tokens = models.PositiveIntegerField(_("output tokens"), null=True)
    cached_tokens = models.PositiveIntegerField(_("cached tokens"), null=True)
    cache_write_tokens = models.PositiveIntegerField(_("tokens written to a cache"), null=True)
    reasoning_tokens = models.PositiveIntegerField(_("reasoning tokens"), null=True)
    unit = models.CharField(_("unit"), max_length=12, blank=True, default="")
    units = models.DecimalField(_("units"), max_digits=14, decimal_places=4, null=True)
    tokens_source = models.CharField(
        _("source of the tokens"), max_length=9, choices=Source.choices, blank=True, default=""
    )
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=8, null=True, help_text=_("US dollars"))
    cost_source = models.CharField(
        _("source of the cost"), max_length=9, choices=Source.choices, blank=True, default=""
    )
    answered_model = models.CharField(_("answered as"), max_length=300, blank=True, default="")
    fingerprint = models.CharField(max_length=200, blank=True, default="")
    cause = models.CharField(_("cause"), max_length=24, blank=True, default="")
    rolled = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes = [
            models.Index(fields=["user", "started_at"], name="usage_call_of_user"),
            models.Index(fields=["started_at"], condition=models.Q(rolled=False), name="usage_call_unrolled"),
        ]

    def __str__(self):
        return f"{self.model_name} {self.outcome}"


class UsageDay(models.Model):
    """The ended calls of one UTC day that agree in all of `rollup.DIMENSIONS`, added up; the id is made of these.

    `estimated` is the part of `cost` that we worked out ourselves, `unpriced` counts the calls that used something and
    whose cost is not known. Sums may be of several rows: nothing but their total is promised. `firsts` and `speeds`
    have a letter for each call that tells of it, as `times` writes them.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    day = models.DateField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="usage_days")
    upstream_name = models.CharField(max_length=120)
    model_name = models.CharField(max_length=300)
    format = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    outcome = models.CharField(max_length=12)
    cause = models.CharField(max_length=24, blank=True, default="")
    unit = models.CharField(max_length=12, blank=True, default="")
    calls = models.BigIntegerField()
    retries = models.BigIntegerField()
    input_tokens = models.BigIntegerField()
    cached_tokens = models.BigIntegerField()
    cache_write_tokens = models.BigIntegerField()
    output_tokens = models.BigIntegerField()
    reasoning_tokens = models.BigIntegerField()
    units = models.DecimalField(max_digits=24, decimal_places=4)
    cost = models.DecimalField(max_digits=24, decimal_places=8)
    estimated = models.DecimalField(max_digits=24, decimal_places=8)
    unpriced = models.BigIntegerField()
    duration_ms = models.BigIntegerField()
    firsts = models.TextField(default="")
    speeds = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["user", "day"], name="usage_day_of_user"),
            models.Index(fields=["day"], condition=models.Q(outcome="failed"), name="usage_day_failed"),
        ]

    def __str__(self):
        return f"{self.day} {self.model_name} {self.calls}"


class Price(models.Model):
    """What a model costs from a moment on, US dollars, where somebody set that. What is left empty is as the catalogue
    says; a price that has begun stays as it is, since calls were priced with it.
    """

    model = models.ForeignKey(Model, models.CASCADE, related_name="prices", verbose_name=_("model"))
    starts_at = models.DateTimeField(_("from"))
    input_price = models.DecimalField(
        _("USD per million input tokens"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    output_price = models.DecimalField(
        _("USD per million output tokens"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    cached_price = models.DecimalField(
        _("USD per million cached tokens"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    cache_write_price = models.DecimalField(
        _("USD per million tokens written to a cache"), max_digits=14, decimal_places=6, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=12, choices=Model.Unit.choices, blank=True, default="")
    unit_price = models.DecimalField(_("USD per unit"), max_digits=14, decimal_places=8, null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [models.UniqueConstraint(fields=["model", "starts_at"], name="one_price_at_a_time")]

    def __str__(self):
        return f"{self.model} {self.starts_at:%Y-%m-%d}"


class CallRecord(models.Model):
    """What went over the wire in one call, as `records` packs it: compressed, without keys, for a number of days."""

    call = models.OneToOneField(Call, models.CASCADE, primary_key=True, related_name="record")
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)
    packed = models.BinaryField()

    def __str__(self):
        return f"wire of {self.call_id}"
