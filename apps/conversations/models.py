"""Conversations: a tree of messages, each made of parts."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.upstreams.models import Model
from apps.work.ids import new_id


class OwnedQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(owner=user)

    def held(self) -> list:
        """The ids of these rows, locked until the transaction ends: always in one order, so that of two pages that
        change the same rows one waits for the other, and never each for the other."""
        return list(self.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


class ConversationQuerySet(OwnedQuerySet):
    def for_user(self, user):
        """Those of the user that were not deleted."""
        return self.filter(owner=user, deleted_at=None)

    def deleted_of(self, user):
        """What lies in the user's bin; columns lie there with their comparison, and are not listed."""
        return self.filter(owner=user, deleted_at__isnull=False, column_of=None)


class Folder(models.Model):
    """A place in the list of conversations. A folder may hold folders; those hold none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="folders")
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="folders")
    position = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return self.name


class Tag(models.Model):
    """A word that a person puts on conversations. `color` is one of the six series of the charts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tags")
    name = models.CharField(_("name"), max_length=40)
    color = models.PositiveSmallIntegerField(default=1)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), "owner", name="one_tag_per_name")]

    def __str__(self):
        return self.name


class Conversation(models.Model):
    """`head` is the newest message of the branch on show; `version` counts changes that other pages must re-read.

    `parameters` are `format`'s; `format_chosen` says that a person chose it for good, so that it stays when the model
    changes. `set_aside` are parameters that it cannot say, by the format that can. `extra` is a JSON object, as it was
    typed, that is merged into each request; `keep_state` has the upstream remember what was said.
    `tools` are ids of the owner's tools and names of built-in ones; `response_schema` is {name, schema, strict}.
    A comparison's prompts stand in a conversation of its own, which is listed; the columns that answer are not.
    One that was deleted lies in the bin since `deleted_at`, and its columns with it.
    """

    class Kind(models.TextChoices):
        CHAT = "chat"
        COMPARISON = "comparison"
        COLUMN = "column"

    class TitleSource(models.TextChoices):
        FIRST_WORDS = "words"
        MODEL = "model"
        PERSON = "person"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="conversations")
    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    title_source = models.CharField(max_length=6, choices=TitleSource.choices, default=TitleSource.FIRST_WORDS)
    model = models.ForeignKey(Model, models.SET_NULL, null=True, blank=True)
    format = models.CharField(max_length=32, default="openai_chat")
    format_chosen = models.BooleanField(default=False)
    web_search = models.BooleanField(default=False)
    keep_state = models.BooleanField(default=False)
    extra = models.TextField(blank=True, default="")
    system_prompt = models.TextField(blank=True, default="")
    parameters = models.JSONField(default=dict, blank=True)
    set_aside = models.JSONField(default=dict, blank=True)
    tools = models.JSONField(default=list, blank=True)
    tool_choice = models.CharField(max_length=64, blank=True, default="")
    tool_rounds = models.PositiveSmallIntegerField(default=8)
    response_schema = models.JSONField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CHAT)
    column_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="columns")
    head = models.ForeignKey("Message", models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    folder = models.ForeignKey(Folder, models.SET_NULL, null=True, blank=True, related_name="conversations")
    tags = models.ManyToManyField(Tag, blank=True, related_name="conversations")
    pinned_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        indexes = [
            models.Index(fields=["owner", "-updated_at"]),
            models.Index(fields=["owner", "folder", "-updated_at"], name="conversations_in_folder"),
            models.Index(
                fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False), name="conversations_in_bin"
            ),
        ]

    def __str__(self):
        return self.title or str(_("New chat"))

    @property
    def place(self) -> str:
        """The name of the address where it is shown."""
        return "comparison" if self.kind == self.Kind.COMPARISON else "conversation"


class MessageQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(conversation__owner=user, conversation__deleted_at=None)


class Message(models.Model):
    """A node of the tree. Children of one parent are versions of each other; ids sort by time of making.

    Messages go only with their whole conversation; a cascade from parent to child would recurse once per message.
    """

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"
        TOOL = "tool"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    parent = models.ForeignKey("self", models.DO_NOTHING, null=True, blank=True, related_name="children")
    role = models.CharField(max_length=9, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.role} {self.id}"


class Part(models.Model):
    """One piece of a message. `text` is what a reader sees and search finds; `data` is the rest of the wire value."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="parts")
    index = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    text = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["message", "index"], name="one_part_per_index")]

    def __str__(self):
        return f"{self.kind} {self.index}"


class Draft(models.Model):
    """What a person has typed and not yet sent, per conversation; without one it belongs to the new chat."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    conversation = models.ForeignKey(Conversation, models.CASCADE, null=True, blank=True, related_name="drafts")
    text = models.TextField()
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "conversation"], name="one_draft_per_conversation"),
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(conversation=None), name="one_draft_for_new_chat"
            ),
        ]

    def __str__(self):
        return self.text[:40]
