"""What holds an asset: a place where it lies ready, a message that uses it, a job. What nothing holds is swept away."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.work.database import writing

from .models import Asset, Job, Laid, Use
from .refusals import NotTaken

ORPHANED_AFTER = timedelta(days=1)
LAID_FOR = timedelta(days=30)
# Where an imported file lies that nothing else holds: until its owner deletes it.
LIBRARY = "library"


def lay(*, asset: Asset, place: str) -> bool:
    """Lays it ready; False if it lay there already. Raises NotTaken if too many do."""
    laid = Laid.objects.filter(asset__owner=asset.owner_id, place=place)
    if laid.filter(asset=asset).exists():
        return False
    if laid.count() >= settings.ATTACHMENTS_MAX:
        raise NotTaken(_("A message carries at most %(limit)s files.") % {"limit": settings.ATTACHMENTS_MAX})
    Laid.objects.get_or_create(asset=asset, place=place)
    return True


def shelve(*, asset: Asset) -> bool:
    """It stays in the library by itself; False if something held it already."""
    if asset not in unheld(Asset.objects.filter(pk=asset.pk)):
        return False
    return Laid.objects.get_or_create(asset=asset, place=LIBRARY)[1]


def put_away(*, assets: Iterable[Asset], place: str) -> None:
    """They no longer lie there: sent, or not wanted any more."""
    Laid.objects.filter(asset__in=list(assets), place=place).delete()


def discard(*, asset: Asset, place: str) -> None:
    """Takes it away from there, and deletes it if nothing else holds it."""
    put_away(assets=[asset], place=place)
    delete_unheld(Asset.objects.filter(pk=asset.pk))


def delete(*, asset: Asset) -> None:
    """Deletes it whatever holds it: messages and finished jobs show that it is gone. Raises NotTaken if an open job
    needs it."""
    with writing():
        if asset.job_inputs.filter(job__status__in=Job.OPEN).exists():
            raise NotTaken(_("A job that is not done yet uses this file. Cancel the job first, or wait for it."), 409)
        asset.delete()


def use(*, owner_id: int, asset_ids: Iterable[str], message_id: uuid.UUID) -> None:
    """The owner's message holds them from now on. Ids of what is gone, or of somebody else's, are passed over."""
    found = Asset.objects.filter(owner=owner_id, pk__in=set(asset_ids)).values_list("pk", flat=True)
    Use.objects.bulk_create((Use(asset_id=id, message_id=message_id) for id in found), ignore_conflicts=True)


def release(*, message_ids) -> None:
    """These messages, a query of ids, are about to go."""
    Use.objects.filter(message_id__in=message_ids).delete()


def sweep() -> int:
    """Deletes what nobody sent within a day, and what was forgotten in a draft for a month; gives the number."""
    now = timezone.now()
    Laid.objects.filter(laid_at__lt=now - LAID_FOR).exclude(place=LIBRARY).delete()
    return delete_unheld(Asset.objects.filter(seen_at__lt=now - ORPHANED_AFTER))


def delete_unheld(assets: QuerySet[Asset]) -> int:
    """Deletes those that nothing holds, a thousand at most; gives their number."""
    orphans = list(unheld(assets)[:1000])
    for orphan in orphans:
        orphan.delete()
    return len(orphans)


def unheld(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    return assets.filter(laid=None, uses=None, job_inputs=None, job_outputs=None, job_posters=None)
