"""Gateways and what they offer."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.work.ids import new_id

from . import capabilities, chat_formats, endpoint
from .endpoint import Endpoint
from .secrets import KeyUnreadable, decrypt, encrypt


class Upstream(models.Model):
    """A gateway: one base URL and one key. The key is encrypted at rest and never shown again."""

    class Kind(models.TextChoices):
        GATEWAY = "gateway", _("Gateway")
        LOCAL = "local", _("Local model")
        SANDBOX = "sandbox", _("Sandbox")

    class GeminiVersion(models.TextChoices):
        BETA = "v1beta", "/v1beta"
        STABLE = "v1", "/v1"

    class GeminiKey(models.TextChoices):
        GOOGLE = "x-goog-api-key", _("in the header x-goog-api-key")
        BEARER = "bearer", _("in the header Authorization")
        QUERY = "query", _("in the address, as ?key=")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.GATEWAY)
    base_url = models.CharField(
        _("base URL"), max_length=500, help_text=_("Without /v1. A pasted endpoint is shortened.")
    )
    key_encrypted = models.BinaryField(default=b"", editable=False)
    gemini_version = models.CharField(
        _("Gemini's version"),
        max_length=6,
        choices=GeminiVersion.choices,
        default=GeminiVersion.BETA,
        help_text=_("What the addresses of Gemini's format begin with."),
    )
    gemini_key = models.CharField(
        _("Gemini's key"),
        max_length=14,
        choices=GeminiKey.choices,
        default=GeminiKey.GOOGLE,
        help_text=_("Where Gemini's format has the key. An address ends up in the logs of others: prefer a header."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(_("tested"), null=True, blank=True)
    check_error = models.TextField(
        _("problem"), blank=True, default="", help_text=_("What the last test found wrong, if anything.")
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("upstream")
        verbose_name_plural = _("upstreams")

    def __str__(self):
        return self.name

    def set_key(self, key: str) -> None:
        self.key_encrypted = encrypt(key.strip())

    def reveal_key(self) -> str:
        """The key in clear, for the client alone."""
        return decrypt(bytes(self.key_encrypted))

    def endpoint(self) -> Endpoint:
        """What the client needs to know. A key that cannot be read is told when a call is made, not before."""
        sandbox = endpoint.own_sandbox if self.kind == self.Kind.SANDBOX else ""
        known = {
            "base_url": sandbox or self.base_url,
            "name": self.name,
            "kind": self.kind,
            "gemini_version": self.gemini_version,
            "gemini_key": self.gemini_key,
        }
        try:
            return Endpoint(**known, key=self.reveal_key())
        except KeyUnreadable as error:
            return Endpoint(**known, problem=str(error))


class ModelQuerySet(models.QuerySet):
    def for_user(self, user):
        """Models that are switched on, listed by an enabled upstream, and open to one of the person's groups."""
        return self.usable() if user.is_superuser else self.open_to(user.pk)

    def usable(self):
        return self.filter(enabled=True, listed=True, upstream__enabled=True).select_related("upstream")

    def open_to(self, user_id):
        return self.usable().filter(Q(groups=None) | Q(groups__user=user_id)).distinct()


class Model(models.Model):
    """An entry of an upstream's catalogue. `name` is what the wire says, `label` what people read.

    `capabilities` are `stated_capabilities`, the catalogue's own word, corrected by `accepted`: what a probe proved and
    an administrator accepted, by capability, `web_search:<format>` and `format:<format>`.
    `own_dialect` is how what it makes is asked for, where an administrator chose that; `unit_price` is for one `unit`.
    """

    class Unit(models.TextChoices):
        IMAGE = "image", _("image")
        SECOND = "second", _("second")
        CHARACTER = "character", _("character")
        SONG = "song", _("song")
        REQUEST = "request", _("request")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    upstream = models.ForeignKey(Upstream, models.CASCADE, related_name="models", verbose_name=_("upstream"))
    name = models.CharField(_("name"), max_length=300)
    label = models.CharField(_("label"), max_length=300, blank=True, default="")
    enabled = models.BooleanField(_("enabled"), default=True)
    listed = models.BooleanField(_("listed"), default=True, help_text=_("The upstream's catalogue names it."))
    position = models.PositiveIntegerField(_("order"), default=0)
    owned_by = models.CharField(_("owner"), max_length=120, blank=True, default="")
    capabilities = models.JSONField(_("capabilities"), default=list, blank=True)
    context_window = models.PositiveIntegerField(_("context window"), null=True, blank=True)
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
    stated_capabilities = models.JSONField(default=list, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices, blank=True, default="")
    unit_price = models.DecimalField(_("USD per unit"), max_digits=14, decimal_places=8, null=True, blank=True)
    stated_formats = models.JSONField(default=list, blank=True)
    accepted = models.JSONField(default=dict, blank=True)
    own_formats = models.JSONField(_("offered wire formats"), default=list, blank=True)
    own_format = models.CharField(_("default wire format"), max_length=32, blank=True, default="")
    stated_dialects = models.JSONField(default=list, blank=True)
    own_dialect = models.CharField(_("media dialect"), max_length=32, blank=True, default="")
    groups = models.ManyToManyField(Group, blank=True, verbose_name=_("only for groups"))
    seen_at = models.DateTimeField(auto_now_add=True)

    objects = ModelQuerySet.as_manager()

    class Meta:
        ordering = ["upstream__position", "upstream__name", "position", "name"]
        verbose_name = _("model")
        verbose_name_plural = _("models")
        constraints = [models.UniqueConstraint(fields=["upstream", "name"], name="one_model_per_name")]

    def __str__(self):
        return self.label or self.name

    @property
    def is_toy(self) -> bool:
        """True of the built-in local model: it shows how everything works, and is often wrong."""
        return self.upstream.kind == Upstream.Kind.LOCAL

    def can(self, capability: str) -> bool:
        return capabilities.able(capability, self.capabilities, self.accepted)

    @property
    def abilities(self) -> list[str]:
        """All that it can, also what is only taken to follow."""
        return list(dict.fromkeys([*self.capabilities, *filter(self.can, capabilities.FOLLOWS)]))

    @property
    def formats(self) -> list[str]:
        """The wire formats that may be chosen for it."""
        return chat_formats.offered(self)

    @property
    def default_format(self) -> str:
        """The wire format in which a new chat with it begins."""
        return chat_formats.default(self)


class ModelChoice(models.Model):
    """When a person last used a model: the newest is offered first."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="model_choices")
    model = models.ForeignKey(Model, models.CASCADE)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-used_at"]
        constraints = [models.UniqueConstraint(fields=["user", "model"], name="one_choice_per_model")]

    def __str__(self):
        return f"{self.user} {self.model}"
