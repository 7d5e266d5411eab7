"""Who may come in: people, invitations, the one row that says this instance has been set up, and what was done."""

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{**fields, "is_superuser": True})

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Two roles: member, and administrator, which is Django's superuser."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("Follow the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=120, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(_("administrator"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    theme = models.CharField(_("theme"), max_length=8, blank=True, default="", choices=Theme.choices)
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    session_version = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self):
        return self.name or self.email

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.is_superuser

    is_staff = is_administrator

    def _get_session_auth_hash(self, secret=None):
        """Bound to `session_version` too: raising it ends every session, whatever stores them."""
        return super()._get_session_auth_hash(secret=secret) + f".{self.session_version}"


class Instance(models.Model):
    """The one row (pk 1) whose existence means that first-run set-up is over; its key decides a race of two."""

    class Signup(models.TextChoices):
        CLOSED = "closed", _("Closed")
        INVITATION = "invitation", _("By invitation")
        OPEN = "open", _("Open to everyone")

    signup = models.CharField(_("sign-up"), max_length=12, choices=Signup.choices, default=Signup.INVITATION)
    public_sharing = models.BooleanField(
        _("public sharing"), default=True, help_text=_("Whether links may be opened without an account.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("instance")
        verbose_name_plural = _("instance")

    def __str__(self):
        return "Playground"


def new_token() -> str:
    return secrets.token_urlsafe(24)


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Unused, unexpired, and sent by somebody who still is an administrator: a fallen one leaves no back door."""
        return self.filter(
            accepted_at=None,
            expires_at__gt=timezone.now(),
            invited_by__is_active=True,
            invited_by__is_superuser=True,
        )


class Invitation(models.Model):
    """A link that lets one person sign up, once, until it expires."""

    token = models.CharField(max_length=64, unique=True, default=new_token)
    email = models.EmailField(_("email"), blank=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    groups = models.ManyToManyField(Group, blank=True, verbose_name=_("groups"))
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="invitations_sent", verbose_name=_("invited by"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="invitations_accepted", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self):
        return self.email or self.token[:6]


class AppendOnly(Exception):
    """The audit log is only added to."""


class AuditQuerySet(models.QuerySet):
    def update(self, **fields):
        raise AppendOnly

    def delete(self):
        raise AppendOnly

    def bulk_update(self, *args, **kwargs):
        raise AppendOnly


class AuditEntry(models.Model):
    """One administrative act. The actor's name is a copy, which stays when the account goes.

    `action` is `<area>.<verb>`; the area that acts names it. `details` are what its sentence needs besides the target.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="acts", verbose_name=_("who"))
    actor_name = models.CharField(_("who"), max_length=254, blank=True, default="")
    action = models.CharField(_("action"), max_length=64, db_index=True)
    target = models.TextField(_("what"), blank=True, default="")
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("act")
        verbose_name_plural = _("audit log")

    def __str__(self):
        return f"{self.action} {self.target}".strip()

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly
