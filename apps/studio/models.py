"""What a person's forms say, kept by the server."""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """A form of a studio as it was last left: it is shown so on every page of its person, and after each restart.

    `taken` is the token of the last one that became a job, so that a second click, or one after a lost answer, pays
    nothing twice; `job_id` is that job.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="studio_drafts")
    family = models.CharField(max_length=16)
    kept = models.JSONField(default=dict)
    taken = models.UUIDField(null=True)
    job_id = models.UUIDField(null=True)
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "family"], name="one_draft_per_studio")]

    def __str__(self):
        return f"{self.family} of {self.user_id}"
