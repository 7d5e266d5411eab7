"""What holds an asset: a place where it lies ready, a message that uses it. What nothing holds is swept away."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Asset, Laid, Use
from .refusals import NotTaken

ORPHANED_AFTER = timedelta(days=1)
LAID_FOR = timedelta(days=30)


def lay(*, asset: Asset, place: str) -> bool:
    """Lays it ready; False if it lay there already. Raises NotTaken if too many do."""
    laid = Laid.objects.filter(asset__owner=asset.owner_id, place=place)
    if laid.filter(asset=asset).exists():
        return False
    if laid.count() >= settings.ATTACHMENTS_MAX:
        raise NotTaken(_("A message carries at most %(limit)s files.") % {"limit": settings.ATTACHMENTS_MAX})
    Laid.objects.get_or_create(asset=asset, place=place)
    return True


def put_away(*, assets: Iterable[Asset], place: str) -> None:
    """They no longer lie there: sent, or not wanted any more."""
    Laid.objects.filter(asset__in=list(assets), place=place).delete()


def discard(*, asset: Asset, place: str) -> None:
    """Takes it away from there, and deletes it if nothing else holds it."""
    put_away(assets=[asset], place=place)
    for unheld in _unheld(Asset.objects.filter(pk=asset.pk)):
        unheld.delete()


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
    Laid.objects.filter(laid_at__lt=now - LAID_FOR).delete()
    orphans = _unheld(Asset.objects.filter(seen_at__lt=now - ORPHANED_AFTER))
    for orphan in orphans:
        orphan.delete()
    return len(orphans)


def _unheld(assets: QuerySet[Asset]) -> list[Asset]:
    return list(assets.filter(laid=None, uses=None)[:1000])
