"""Every change of a conversation. Each is one transaction, counts `version` up and is announced after the commit.

`by` is the id of the page that asked, which needs no news of its own doing.
"""

import uuid
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BigAutoField, F, Q, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.media import hold
from apps.upstreams.models import Model
from apps.wire import messages as wire
from apps.work import storable
from apps.work.prepared import Delete, Slot, Update, insert

from .models import Conversation, Draft, Folder, Message, Part
from .parts import dump_part, files_of
from .queries import newest_leaf
from .signals import announce
from .titles import first_words

_delete_parts = Delete(lambda: Part.objects.filter(message=Slot("message", UUIDField())))
_delete_draft = Delete(
    lambda: Draft.objects.filter(owner=Slot("owner", BigAutoField()), conversation=Slot("conversation", UUIDField()))
)
_delete_first_draft = Delete(lambda: Draft.objects.filter(owner=Slot("owner", BigAutoField()), conversation=None))
LONGEST_TITLE = Conversation._meta.get_field("title").max_length


@transaction.atomic
def create(
    *,
    owner,
    model: Model | None = None,
    format: str = "openai_chat",
    system_prompt: str = "",
    parameters: Mapping[str, Any] | None = None,
    first_text: str = "",
    folder: Folder | None = None,
    by: str = "",
    **chosen: Any,
) -> Conversation:
    """An empty conversation, named by the first words of what will be asked in it; `chosen` are more of its fields."""
    conversation = Conversation.objects.create(
        owner=owner,
        model=model,
        format=format,
        system_prompt=storable.text(system_prompt),
        parameters=storable.data(parameters or {}),
        title=first_words(storable.text(first_text)),
        folder=folder,
        **storable.data(chosen),
    )
    announce(conversation, by, thread=False)
    return conversation


def configure(*, conversation: Conversation, model: Model | None, **chosen: Any) -> None:
    """What the next turns are asked with: fields of the conversation. Nothing that other pages show changes by it."""
    fields = {"model_id": model and model.pk, **storable.data(chosen)}
    changed = {name: value for name, value in fields.items() if getattr(conversation, name) != value}
    for name, value in changed.items():
        setattr(conversation, name, value)
    if changed:
        conversation.save(update_fields=list(changed))


@transaction.atomic
def add_message(
    *,
    conversation: Conversation,
    parent: Message | None,
    role: str,
    parts: Sequence[wire.Part] = (),
    by: str = "",
) -> Message:
    """A new message below `parent`, a version beside its other children; the branch on show now ends in it."""
    if parent is not None and parent.conversation_id != conversation.pk:
        raise ValueError("The parent belongs to another conversation.")
    message = Message.objects.create(conversation=conversation, parent=parent, role=role)
    store_parts(message=message, parts=parts)
    _change(conversation, by, head=message, updated_at=timezone.now())
    return message


@transaction.atomic(savepoint=False)
def add_exchange(
    *, conversation: Conversation, parent: Message | None, text: str, attached: Sequence[wire.Part] = (), by: str = ""
) -> Message:
    """A prompt below `parent` and the empty answer below it, which is given; the branch on show now ends there.

    Files that go along stand before the text, as models read them best.

    The way to the first token leads through here: as few statements as will do.
    """
    prompt = Message(conversation=conversation, parent=parent, role=Message.Role.USER)
    answer = Message(conversation=conversation, parent=prompt, role=Message.Role.ASSISTANT)
    insert(prompt, answer)
    parts = [*attached, wire.Text(text)] if text or not attached else attached
    insert(*(Part(message=prompt, index=index, **dump_part(part)) for index, part in enumerate(parts)))
    _hold_files(prompt, attached)
    _change(conversation, by, head=answer, updated_at=timezone.now())
    return answer


@transaction.atomic(savepoint=False)
def store_parts(*, message: Message, parts: Sequence[wire.Part]) -> None:
    """Makes these the parts of the message, in place of those it had."""
    _delete_parts(message=message.pk)
    if parts:
        insert(*(Part(message=message, index=index, **dump_part(part)) for index, part in enumerate(parts)))
        _hold_files(message, parts)


def _hold_files(message: Message, parts: Sequence[wire.Part]) -> None:
    """A file that a message shows stays; in Markdown, it stands by its address."""
    held = [id for part in parts for id in files_of(part)]
    if held:
        hold.use(owner_id=message.conversation.owner_id, asset_ids=held, message_id=message.pk)


@transaction.atomic
def show_version(*, conversation: Conversation, message: Message, by: str = "") -> None:
    """Shows the branch through `message`, down to what was written last below it."""
    if message.conversation_id != conversation.pk:
        raise ValueError("The message belongs to another conversation.")
    _change(conversation, by, head_id=newest_leaf(conversation, message.pk))


@transaction.atomic
def rename(*, conversation: Conversation, title: str, by: str = "") -> None:
    """A person's own title. Raises ValidationError with a sentence if it is empty or too long."""
    title = " ".join(storable.text(title).split())
    if not title:
        raise ValidationError(_("A title needs at least one character."))
    if len(title) > LONGEST_TITLE:
        raise ValidationError(_("A title has at most %(count)d characters.") % {"count": LONGEST_TITLE})
    _change(conversation, by, thread=False, title=title, title_source=Conversation.TitleSource.PERSON)


@transaction.atomic
def retitle(*, conversation_id: uuid.UUID, title: str) -> bool:
    """The model's title, unless a person has named the conversation, even a moment ago; says whether it was taken."""
    unnamed = Conversation.objects.exclude(title_source=Conversation.TitleSource.PERSON)
    conversation = unnamed.select_for_update(of=("self",)).filter(pk=conversation_id).first()
    if conversation is None:
        return False
    title = storable.text(title)[:LONGEST_TITLE]
    _change(conversation, thread=False, title=title, title_source=Conversation.TitleSource.MODEL)
    return True


@transaction.atomic
def pin(*, conversation: Conversation, pinned: bool = True, by: str = "") -> None:
    _change(conversation, by, thread=False, pinned_at=timezone.now() if pinned else None)


@transaction.atomic
def archive(*, conversation: Conversation, archived: bool = True, by: str = "") -> None:
    """Takes it out of the list and off its pin, or back into the list."""
    _change(conversation, by, thread=False, archived_at=timezone.now() if archived else None, pinned_at=None)


@transaction.atomic
def delete(*, conversation: Conversation, by: str = "") -> None:
    """Erases it, and tells the pages that show it."""
    announce(conversation, by)
    erase(conversation=conversation)


@transaction.atomic
def erase(*, conversation: Conversation) -> None:
    """Deletes the conversation and all below it: messages, parts, runs, draft, columns. Its files go with the sweep."""
    below = Q(conversation=conversation) | Q(conversation__column_of=conversation)
    hold.release(message_ids=Message.objects.filter(below).values("pk"))
    Conversation.objects.filter(pk=conversation.pk).delete()


@transaction.atomic
def touch(*, conversation: Conversation, by: str = "", thread: bool = True) -> None:
    """Something that a page shows of it has changed; `thread` False if pages that follow its run know it already."""
    _change(conversation, by, thread=thread)


def _change(conversation: Conversation, by: str = "", *, thread: bool = True, **fields: Any) -> None:
    """Writes only `fields`: what another page changed meanwhile stays. The object counts on without reading again:
    should another page have counted too, whoever holds this number is behind and re-reads."""
    _counting(tuple(fields))(pk=conversation.pk, **fields)
    for name, value in fields.items():
        setattr(conversation, name, value)
    conversation.version += 1
    announce(conversation, by, thread=thread)


@cache
def _counting(names: tuple[str, ...]) -> Update:
    slots = {name: Slot(name, Conversation._meta.get_field(name)) for name in names}
    mine = Conversation._meta.pk
    return Update(lambda: (Conversation.objects.filter(pk=Slot("pk", mine)), {"version": F("version") + 1, **slots}))


def save_draft(*, owner, conversation: Conversation | None, text: str) -> None:
    """Keeps what is typed; an empty text, as after sending, deletes it. Raises ValidationError past the limit."""
    text = storable.text(text)
    if len(text) > settings.MESSAGE_MAX_CHARS:
        raise ValidationError(_("This text is too long to be kept as a draft."))
    if text:
        Draft.objects.update_or_create(owner=owner, conversation=conversation, defaults={"text": text})
    elif conversation:
        _delete_draft(owner=owner.pk, conversation=conversation.pk)
    else:
        _delete_first_draft(owner=owner.pk)


def draft_of(*, owner, conversation: Conversation | None) -> str:
    """What the owner has typed here and not sent, or an empty text."""
    draft = Draft.objects.filter(owner=owner, conversation=conversation).first()
    return draft.text if draft else ""
