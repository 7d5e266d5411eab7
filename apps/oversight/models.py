"""Glass that was broken: an administrator who reads a member's conversations, why, until when, and what was read."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation
from apps.work.ids import new_id


class OpeningQuerySet(models.QuerySet):
    def of(self, owner):
        """Those of this person's conversations."""
        return self.filter(owner=owner)

    def for_user(self, user):
        """Those through which this person may read now: who broke the glass, in time, and is an administrator yet."""
        return self.filter(
            Q(administrator=user),
            ended_at=None,
            until__gt=timezone.now(),
            administrator__is_active=True,
            administrator__is_superuser=True,
            administrator__session_version=F("session_version"),
        )


class Opening(models.Model):
    """`whole` is all that the member has; else it is `conversation` alone, and nothing once that is gone.

    `session_version` is the administrator's: whoever is disabled and let in again does not go on reading.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    administrator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="openings_made", verbose_name=_("who")
    )
    administrator_name = models.CharField(_("who"), max_length=254)
    session_version = models.PositiveIntegerField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="openings", verbose_name=_("whose")
    )
    whole = models.BooleanField(_("everything"))
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, related_name="openings")
    reason = models.TextField(_("reason"))
    began_at = models.DateTimeField(_("from"), default=timezone.now)
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    noted_at = models.DateTimeField(null=True, help_text=_("When the owner had seen it."))

    objects = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        verbose_name = _("opening")
        verbose_name_plural = _("openings")

    def __str__(self):
        return f"{self.administrator_name} → {self.owner}"

    @property
    def over_at(self):
        return self.ended_at or self.until

    @property
    def is_over(self) -> bool:
        return self.over_at <= timezone.now()


class Reading(models.Model):
    """A conversation was read through an opening, this time for the first time."""

    opening = models.ForeignKey(Opening, models.CASCADE, related_name="readings")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="readings")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["opening", "conversation"], name="one_reading_per_opening")]

    def __str__(self):
        return f"{self.opening_id} {self.conversation_id}"
