"""Budgets and rate limits, and how far each is used."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.work.ids import new_id


class Budget(models.Model):
    """At most `limit` of a measure in each period, for one person, a group, or everyone: neither is named then.

    `together` is one amount for all of them, where otherwise each has it. A period of a minute, or none (`ONCE`: so
    many calls at the same time), makes a rate limit: the same thing, but to whom it stops a matter of waiting.
    """

    class Period(models.TextChoices):
        DAY = "day", pgettext_lazy("of a budget", "a day")
        MONTH = "month", pgettext_lazy("of a budget", "a calendar month")
        MINUTE = "minute", pgettext_lazy("of a budget", "a minute")
        ONCE = "once", pgettext_lazy("of a budget", "at the same time")

    class Measure(models.TextChoices):
        MONEY = "money", _("US dollars")
        TOKENS = "tokens", _("tokens")
        CALLS = "calls", _("calls")

    RATES = (Period.MINUTE, Period.ONCE)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="budgets",
        verbose_name=_("person"),
    )
    group = models.ForeignKey(
        Group, models.CASCADE, null=True, blank=True, related_name="budgets", verbose_name=_("group")
    )
    together = models.BooleanField(_("all of them together"), default=False)
    measure = models.CharField(
        pgettext_lazy("of a budget", "of"), max_length=8, choices=Measure.choices, default=Measure.MONEY
    )
    limit = models.DecimalField(pgettext_lazy("of a budget", "at most"), max_digits=18, decimal_places=4)
    period = models.CharField(
        pgettext_lazy("of a budget", "in"), max_length=8, choices=Period.choices, default=Period.MONTH
    )
    is_on = models.BooleanField(pgettext_lazy("of a budget", "in force"), default=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            models.CheckConstraint(condition=Q(user=None) | Q(group=None), name="budget_of_one_or_of_a_group"),
            models.CheckConstraint(condition=Q(user=None) | Q(together=False), name="budget_of_one_is_not_shared"),
            models.CheckConstraint(condition=Q(limit__gte=0), name="budget_is_not_negative"),
        ]

    def __str__(self):
        from .words import name_of

        return name_of(self)

    @property
    def is_rate(self) -> bool:
        return self.period in self.RATES


class Tally(models.Model):
    """How much of a budget is used in the period that began at `starts_at`: of one person, or of all together.

    `reserved` is what calls on their way may take. Each row is used for one period after the other; what a period
    begins with is read from the ledger, so a row may be deleted at any time that no call is on its way.
    `unpriced` counts calls whose cost nobody knows: to a budget of money they are free.
    """

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="tallies")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="tallies")
    starts_at = models.DateTimeField(null=True)
    used = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    reserved = models.DecimalField(max_digits=24, decimal_places=8, default=0)
    unpriced = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["budget", "user"], name="one_tally_of_a_person"),
            models.UniqueConstraint(fields=["budget"], condition=Q(user=None), name="one_tally_of_all"),
        ]

    def __str__(self):
        return f"{self.used} + {self.reserved}"


class Hold(models.Model):
    """What one call has reserved of one tally. `is_settled` ones are kept where the call may yet be taken up again."""

    call = models.ForeignKey("usage.Call", models.CASCADE, related_name="holds")
    tally = models.ForeignKey(Tally, models.CASCADE, related_name="holds")
    starts_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=24, decimal_places=8)
    is_settled = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.amount} of {self.call_id}"


class Notice(models.Model):
    """Somebody was told that a budget is nearly used up: once in each of its periods."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="budget_notices")
    budget = models.ForeignKey(Budget, models.CASCADE, related_name="notices")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "budget"], name="one_notice_at_a_time")]

    def __str__(self):
        return f"{self.user_id} {self.starts_at}"
