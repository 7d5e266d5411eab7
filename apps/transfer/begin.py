"""How a transfer begins: a row, which whoever has time takes up."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts import audit
from apps.work import storable

from .bringing import MB
from .desk import desk
from .models import Transfer
from .work import path_of
from .writing.export import FORMATS, ZIP, chosen

MOST_OPEN = 5


def export(*, owner, format: str, ids: Sequence[str] | None = None) -> Transfer:
    """Of these conversations, or of all. Raises ValidationError with a sentence."""
    if format not in FORMATS:
        raise ValidationError(_("This format of export is not known."))
    kept = None if ids is None else _ids(ids)
    if kept is not None and not chosen(owner, kept).exists():
        raise ValidationError(_("None of the chosen conversations is there any more."))
    return _begun(owner, kind=Transfer.Kind.EXPORT, format=format, chosen=kept, name=_name())


def export_of_person(*, person, by) -> Transfer:
    """Everything of somebody who is about to be deleted, for the administrator who does it. Raises ValidationError."""
    if person.is_active:
        raise ValidationError(_("Disable this person first: an export by somebody else is a part of deleting."))
    transfer = _begun(by, kind=Transfer.Kind.EXPORT, format=ZIP, subject=person, name=_name())
    audit.record(by, "person.export", person, person=person.pk, transfer=str(transfer.pk))
    return transfer


def bring(*, owner, file: UploadedFile) -> Transfer:
    """An import of an upload, which is kept until it is done. Raises ValidationError."""
    if not file.size:
        raise ValidationError(_("This file is empty."))
    if file.size > settings.IMPORT_MB * MB:
        raise ValidationError(_("This file is larger than %(limit)s MB.") % {"limit": settings.IMPORT_MB})
    _check_open(owner)
    name = storable.text(file.name or "")[-200:]
    transfer = Transfer(owner=owner, kind=Transfer.Kind.IMPORT, name=name, size=file.size)
    transfer.file = default_storage.save(path_of(transfer), file)
    return _begin(transfer)


def stop(transfer: Transfer) -> None:
    """It ends at its next record; one that nobody has taken up yet ends at once."""
    Transfer.objects.filter(pk=transfer.pk).update(stop_requested=True)
    waiting = Transfer.objects.filter(pk=transfer.pk, status=Transfer.Status.WAITING)
    if waiting.update(status=Transfer.Status.FAILED, error=_("Stopped."), finished_at=timezone.now()):
        _forget_file(transfer)


def forget(transfer: Transfer) -> None:
    """Takes it off the list, with its file."""
    if transfer.is_open:
        stop(transfer)
    transfer.delete()


def stop_of_person(sender, instance, **kwargs) -> None:
    """Nothing is left to export of somebody who goes, and it must not become an export of who asked for it."""
    for transfer in Transfer.objects.filter(subject=instance, status__in=Transfer.OPEN):
        stop(transfer)


def forget_file(sender, instance: Transfer, **kwargs) -> None:
    """Whatever deletes the row, as its owner's going, the file goes with it, once that is certain."""
    path = instance.file
    if path:
        transaction.on_commit(lambda: default_storage.delete(path))


def _forget_file(transfer: Transfer) -> None:
    if transfer.file:
        default_storage.delete(transfer.file)


def _ids(ids: Sequence[str]) -> list[str]:
    try:
        return [str(uuid.UUID(id)) for id in dict.fromkeys(ids)]
    except ValueError as error:
        raise ValidationError(_("The form is not whole: reload the page.")) from error


def _name() -> str:
    return f"playground {timezone.localdate():%Y-%m-%d}"


def _check_open(owner) -> None:
    if Transfer.objects.for_user(owner).filter(status__in=Transfer.OPEN).count() >= MOST_OPEN:
        raise ValidationError(_("Too many exports and imports are waiting already: wait until one of them is done."))


def _begun(owner, **fields) -> Transfer:
    _check_open(owner)
    return _begin(Transfer(owner=owner, **fields))


def _begin(transfer: Transfer) -> Transfer:
    transfer.status, transfer.language = Transfer.Status.WAITING, get_language() or ""
    transfer.save(force_insert=True)
    desk.poke()
    return transfer
