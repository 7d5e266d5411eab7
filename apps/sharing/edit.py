"""Every change of a link. A draft is published as it was seen."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts import audit
from apps.accounts.models import Instance, User
from apps.conversations.models import Message
from apps.work.database import writing

from . import secrets
from .freeze import Choice, freeze
from .models import Revision, RevisionFile, ShareLink

DRAFTS_FOR = timedelta(days=1)


class Readers(msgspec.Struct, frozen=True):
    """Who may read, and until when. `password` is None where it stays as it is, '' for none."""

    audience: str
    users: Sequence[User] = ()
    groups: Sequence[Group] = ()
    password: str | None = ""
    days: int | None = None  # None: it does not end
    keeps_end: bool = False


@transaction.atomic
def draft(
    *, message: Message, choice: Choice, readers: Readers | None = None, link: ShareLink | None = None
) -> Revision:
    """What would be shared, with every likely secret taken out; for a new link, or one more revision of one.

    Raises NotShared.
    """
    frozen = freeze(message, choice)
    owner = message.conversation.owner
    _forget_drafts(owner)
    if link is None:
        link = ShareLink(owner=owner, conversation=message.conversation)
        _set(link, readers or Readers(ShareLink.Audience.ANYONE))
    revision = Revision.objects.create(
        link=link,
        message_id=message.pk,
        model=frozen.model,
        options=msgspec.to_builtins(choice),
        raw=frozen.data,
        content=secrets.remove(frozen.data, secrets.find(frozen.data)),
    )
    for id, asset in frozen.files.items():
        RevisionFile.objects.create(id=id, revision=revision, asset=asset, name=_name(revision, id))
    return revision


def _name(revision: Revision, file_id: str) -> str:
    return revision.content.get("files", {}).get(file_id, "")[:200]


def _forget_drafts(owner: User) -> None:
    """Those that were left a day ago, and the links that never had anything else."""
    old = Revision.objects.for_user(owner).drafts().filter(created_at__lt=timezone.now() - DRAFTS_FOR)
    links = list(old.values_list("link", flat=True))
    old.delete()
    ShareLink.objects.filter(pk__in=links, revisions=None).delete()


@transaction.atomic
def keep(*, revision: Revision, keys: Iterable[str]) -> None:
    """Takes out of a draft every likely secret but these."""
    kept = set(keys)
    found = secrets.find(revision.raw)
    revision.kept = [each.key for each in found if each.key in kept]
    revision.content = secrets.remove(revision.raw, [each for each in found if each.key not in kept])
    revision.save(update_fields=["kept", "content"])
    for file in revision.files.all():
        file.name = _name(revision, str(file.pk))
        file.save(update_fields=["name"])


@transaction.atomic
def publish(*, revision: Revision) -> ShareLink:
    """What was seen is shared from now on. What was taken out of it is kept nowhere, nor what it replaces."""
    revision.raw, revision.kept, revision.published_at = None, [], timezone.now()
    revision.save(update_fields=["raw", "kept", "published_at"])
    revision.files.exclude(pk__in=list(revision.content.get("files", {}))).delete()
    revision.link.revisions.exclude(pk=revision.pk).delete()
    return revision.link


@transaction.atomic
def change(*, link: ShareLink, readers: Readers) -> None:
    _set(link, readers)


def _set(link: ShareLink, readers: Readers) -> None:
    link.audience = readers.audience
    if readers.password is not None:
        link.password = make_password(readers.password) if readers.password else ""
    if not readers.keeps_end:
        link.expires_at = None if readers.days is None else timezone.now() + timedelta(days=readers.days)
    link.save()
    is_named = link.audience == ShareLink.Audience.NAMED
    link.users.set(readers.users if is_named else ())
    link.groups.set(readers.groups if is_named else ())


def revoke(*, link: ShareLink, by: User) -> None:
    """For good, from this moment on."""
    ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by)
    if by.pk != link.owner_id:
        audit.record(by, "sharing.revoke", str(link.owner), link=str(link.pk))


def delete(*, link: ShareLink) -> None:
    link.delete()


def count_view(link: ShareLink) -> None:
    with writing():
        ShareLink.objects.filter(pk=link.pk).update(views=F("views") + 1)


def switch_public_sharing(*, on: bool, by: User) -> None:
    Instance.objects.filter(pk=1).update(public_sharing=on)
    audit.record(by, "sharing.public", "on" if on else "off")
