"""Links to frozen copies of conversations. A link shows the newest of its revisions that was published."""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation
from apps.media.models import Asset
from apps.upstreams.models import Model
from apps.work.ids import new_id


def new_token() -> str:
    return secrets.token_urlsafe(24)


class ShareLinkQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(owner=user)


class ShareLink(models.Model):
    """Goes with its conversation: what was deleted is not kept in a frozen copy. While that is in the bin, it is dead.

    Groups only ever add readers: one that goes opens nothing.
    """

    class Audience(models.TextChoices):
        ANYONE = "anyone", _("Anyone with the link")
        MEMBERS = "members", _("Members who are signed in")
        NAMED = "named", _("Named members and groups")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="share_links", verbose_name=_("owner")
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="share_links")
    audience = models.CharField(_("audience"), max_length=8, choices=Audience.choices, default=Audience.ANYONE)
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    groups = models.ManyToManyField(Group, blank=True, related_name="+")
    password = models.CharField(max_length=128, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    views = models.PositiveIntegerField(_("views"), default=0)

    objects = ShareLinkQuerySet.as_manager()
    outlives_groups = True

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("share link")
        verbose_name_plural = _("share links")

    def __str__(self):
        return str(self.pk)

    def is_over(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    @property
    def state(self) -> str:
        """live, revoked, ended, or deleted, as its conversation is."""
        if self.revoked_at:
            return "revoked"
        if self.conversation.deleted_at:
            return "deleted"
        return "ended" if self.is_over(timezone.now()) else "live"

    @property
    def label(self) -> str:
        words = {"live": _("live"), "revoked": _("revoked"), "ended": _("ended"), "deleted": _("chat deleted")}
        return str(words[self.state])


class RevisionQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(link__owner=user)

    def drafts(self):
        """What its owner looks at before it is shared: nobody else knows of it."""
        return self.filter(published_at=None)

    def published(self):
        return self.filter(published_at__isnull=False)


class Revision(models.Model):
    """What may be shown, and nothing else: `content` as `content.Content` dumps it, never changed once published.

    `options` is how it was chosen, for the next revision. A draft has in `raw` what it was made of, and in `kept` the
    keys of likely secrets that the owner wants shown. `message_id` is the last message that it shows, `model` what its
    last answer came from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="revisions")
    message_id = models.UUIDField()
    model = models.ForeignKey(Model, models.SET_NULL, null=True, related_name="+")
    options = models.JSONField(default=dict)
    raw = models.JSONField(null=True)
    content = models.JSONField(default=dict)
    kept = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.link_id} {self.published_at}"


class RevisionFile(models.Model):
    """A file that a revision shows, by the name that it has there, and under an id of its own: nobody learns the one
    under which its owner keeps it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="files")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, blank=True, default="")

    def __str__(self):
        return f"{self.revision_id} {self.asset_id}"
