"""One generation of an assistant message, and its journal while it lives."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.conversations.models import Conversation, Message
from apps.upstreams.models import Model
from apps.upstreams.secrets import decrypt, encrypt
from apps.work.ids import new_id
from apps.work.leases import Leased

from .probe.models import Probe as Probe
from .probe.models import ProbeResult as ProbeResult


class RunQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(user=user, conversation__deleted_at=None)


class ToolQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(owner=user)


class ComparisonQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(conversation__owner=user, conversation__deleted_at=None)


class RoundQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(comparison__conversation__owner=user, comparison__conversation__deleted_at=None)


class Run(Leased):
    """A message may have several: Continue makes a second one. `error` is what the reader is told, as a dict.

    `turn_id` is made by the browser and unique per person: a form sent twice makes one turn.
    `left_out` is what the format could not say, as pairs of `carrying`. `answer_id` is the upstream's id of the answer,
    `previous_id` that of the answer it went on from, where the upstream keeps what was said.
    `tools` are the definitions as they were sent, without secrets; `violations` is how the answer breaks its
    `response_schema`, as pairs of a path and a sentence: None while nobody has looked. Schemas are kept as text: a
    database orders keys anew, and models write in the order of the schema.
    `copied_from` is the run that a comparison began from: its calls and its wire are those of the copy too.
    `brought_calls` are the calls of an imported run, by the names of a Call's fields: no call of this instance.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("answering")
        COMPLETED = "completed", _("completed")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="runs")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="runs")
    message = models.ForeignKey(Message, models.CASCADE, related_name="runs")
    turn_id = models.UUIDField()
    model = models.ForeignKey(Model, models.SET_NULL, null=True)
    model_name = models.CharField(max_length=300)
    upstream_name = models.CharField(max_length=120)
    format = models.CharField(max_length=32)
    system_prompt = models.TextField(blank=True, default="")
    parameters = models.JSONField(default=dict)
    web_search = models.BooleanField(default=False)
    extra = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    previous_id = models.CharField(max_length=200, blank=True, default="")
    answer_id = models.CharField(max_length=200, blank=True, default="")
    tools = models.JSONField(default=list)
    tool_choice = models.CharField(max_length=64, blank=True, default="")
    tool_rounds = models.PositiveSmallIntegerField(default=8)
    response_schema = models.JSONField(null=True)
    violations = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    stop_requested = models.BooleanField(default=False)
    finish_reason = models.CharField(max_length=40, blank=True, default="")
    truncated = models.BooleanField(default=False)
    answered_model = models.CharField(max_length=300, blank=True, default="")
    error = models.JSONField(null=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    brought_calls = models.JSONField(default=list)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "turn_id"], name="one_run_per_turn")]

    def __str__(self):
        return f"{self.model_name} {self.status}"

    @property
    def origin_id(self):
        """The run under which its calls stand."""
        return self.copied_from_id or self.id


class RunEvent(models.Model):
    """What came since the last group commit, merged; dropped when the run ends."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    events = models.BinaryField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="one_run_event_per_seq")]

    def __str__(self):
        return f"{self.run_id} {self.seq}"


class Tool(models.Model):
    """A function that a person lets models call. By hand: they answer each call themselves; otherwise an address does.

    The secret is the value of one header of each request to that address, encrypted and never shown again.
    """

    class Kind(models.TextChoices):
        HAND = "hand", _("answered by hand")
        ENDPOINT = "endpoint", _("HTTPS endpoint")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tools")
    name = models.CharField(_("name"), max_length=64)
    description = models.TextField(_("description"), blank=True, default="", max_length=8000)
    schema = models.TextField(_("JSON schema of its arguments"), max_length=100_000)
    strict = models.BooleanField(_("strict"), default=False)
    kind = models.CharField(_("who answers"), max_length=8, choices=Kind.choices, default=Kind.HAND)
    url = models.CharField(_("address"), max_length=2000, blank=True, default="")
    seconds = models.PositiveSmallIntegerField(_("time limit, in seconds"), default=20)
    header = models.CharField(_("header of the secret"), max_length=80, blank=True, default="Authorization")
    secret = models.BinaryField(default=bytes, editable=False)

    objects = ToolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_tool_per_name")]

    def __str__(self):
        return self.name

    def reveal_secret(self) -> str:
        """Raises KeyUnreadable."""
        return decrypt(bytes(self.secret))

    def set_secret(self, secret: str) -> None:
        self.secret = encrypt(secret)


class Comparison(models.Model):
    """One conversation holds the prompts and what all columns share; each column is a conversation that answers them.

    `blind` hides the columns' names until `revealed_at`: the first vote, or the wish to see them.
    """

    conversation = models.OneToOneField(Conversation, models.CASCADE, primary_key=True, related_name="comparison")
    blind = models.BooleanField(default=False)
    revealed_at = models.DateTimeField(null=True)

    objects = ComparisonQuerySet.as_manager()

    def __str__(self):
        return str(self.conversation)

    @property
    def hidden(self) -> bool:
        return self.blind and self.revealed_at is None


class Round(models.Model):
    """A prompt to all columns, or to one. `turn_id` is made of the browser's: a form sent twice makes one round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="rounds")
    prompt = models.OneToOneField(Message, models.CASCADE, related_name="+")
    column = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="+")
    turn_id = models.UUIDField(unique=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.comparison_id} {self.id}"


class Vote(models.Model):
    """Which answer of a round a person found best; without a column none was better."""

    class When(models.TextChoices):
        BLIND = "blind", _("Voted before the names were shown.")
        CHANGED = "changed", _("The vote was changed after the names were shown.")
        OPEN = "open", _("Voted after the names were shown.")

    round = models.OneToOneField(Round, models.CASCADE, primary_key=True, related_name="vote")
    column = models.ForeignKey(Conversation, models.CASCADE, null=True, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"{self.round_id} {self.column_id}"

    def when(self, shown_at) -> When:
        """Whether the names were known when it was given, or was last changed."""
        if self.given_at > shown_at:
            return self.When.OPEN
        return self.When.CHANGED if self.changed_at > shown_at else self.When.BLIND
