"""What is kept to be used again: prompts with their versions, presets of a chat's settings, and a person's habits."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.upstreams.models import Model
from apps.work.ids import new_id


class KeptQuerySet(models.QuerySet):
    def for_user(self, user):
        """What somebody may read and use: their own, and what is shared with a group of theirs."""
        shared = self.model.groups.through.objects.filter(group__in=user.groups.all())
        return self.filter(Q(owner=user) | Q(pk__in=shared.values(self.model.KIND)), deleted_at=None)

    def owned_by(self, user):
        return self.filter(owner=user, deleted_at=None)

    def changeable_by(self, user):
        return self.for_user(user).filter(Q(owner=user) | Q(members_edit=True))

    def deleted_of(self, user):
        return self.filter(owner=user, deleted_at__isnull=False)


class Kept(models.Model):
    """Somebody's, shared with groups or with nobody. What is deleted can be restored for some days."""

    # Nothing is open to more people for want of a group, so a group may go although this is shared with it.
    outlives_groups = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="%(class)ss")
    title = models.CharField(_("title"), max_length=120)
    description = models.CharField(_("description"), max_length=400, blank=True, default="")
    groups = models.ManyToManyField(Group, blank=True, verbose_name=_("shared with"), related_name="%(class)ss")
    members_edit = models.BooleanField(_("members of these groups may change it"), default=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["title", "id"]

    def __str__(self):
        return self.title


class Prompt(Kept):
    """`current` is the version in use, the one with the highest number."""

    KIND = "prompt"

    current = models.ForeignKey("PromptVersion", models.SET_NULL, null=True, related_name="+")


class PromptVersion(models.Model):
    """One state of a prompt's words; `by_name` stays when the account of who wrote it goes."""

    class Kind(models.TextChoices):
        USER = "user", _("Message")
        SYSTEM = "system", _("System prompt")

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.USER)
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=254, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["prompt", "number"], name="one_prompt_version_per_number")]

    def __str__(self):
        return f"{self.number}"


class Preset(Kept):
    """The settings of a chat. `tools` are names, since each person has tools of their own; `model_name` and
    `upstream_name` tell which model it was when that is gone."""

    KIND = "preset"

    model = models.ForeignKey(Model, models.SET_NULL, null=True, blank=True, related_name="+")
    model_name = models.CharField(max_length=300, blank=True, default="")
    upstream_name = models.CharField(max_length=300, blank=True, default="")
    format = models.CharField(max_length=32, blank=True, default="")
    format_chosen = models.BooleanField(default=False)
    parameters = models.JSONField(default=dict, blank=True)
    set_aside = models.JSONField(default=dict, blank=True)
    extra = models.TextField(blank=True, default="")
    system_prompt = models.TextField(blank=True, default="")
    tools = models.JSONField(default=list, blank=True)
    tool_choice = models.CharField(max_length=64, blank=True, default="")
    tool_rounds = models.PositiveSmallIntegerField(default=8)
    response_schema = models.JSONField(null=True, blank=True)
    web_search = models.BooleanField(default=False)
    keep_state = models.BooleanField(default=False)


class Habit(models.Model):
    """How one person works: the preset that new chats begin with, and whether single keys are shortcuts."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="habit")
    preset = models.ForeignKey(Preset, models.SET_NULL, null=True, blank=True, related_name="+")
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)

    def __str__(self):
        return f"{self.owner}"
