"""Everything that is read of assets; each begins with what its reader owns."""

import uuid
from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from .models import Asset
from .sniff import MB

_withheld: list[Callable[[], Q]] = []


def withhold(condition: Callable[[], Q]) -> None:
    """Keeps the assets that this says from their owner for now; what they come to counts all the same."""
    _withheld.append(condition)


def shown_to(user) -> QuerySet[Asset]:
    """The person's assets that nothing keeps from them."""
    assets = Asset.objects.for_user(user)
    for condition in _withheld:
        assets = assets.filter(~condition())
    return assets


def load_for(user, asset_id: uuid.UUID | str) -> Asset:
    """Raises Asset.DoesNotExist for one that is not the user's to see, and for what is no id."""
    try:
        id = asset_id if isinstance(asset_id, uuid.UUID) else uuid.UUID(asset_id)
    except ValueError as error:
        raise Asset.DoesNotExist from error
    return shown_to(user).get(pk=id)


def load_all_for(user, asset_ids: Sequence[str]) -> list[Asset]:
    """Those assets in that order, each once. Raises Asset.DoesNotExist if one of them is not the user's."""
    return [load_for(user, id) for id in dict.fromkeys(asset_ids)]


def by_id(asset_ids: Iterable[str]) -> dict[str, Asset]:
    """Assets that messages hold, for who may read the messages; those that are gone have no entry."""
    wanted = []
    for id in asset_ids:
        try:
            wanted.append(uuid.UUID(id))
        except ValueError:
            continue
    return {str(asset.pk): asset for asset in Asset.objects.filter(pk__in=wanted)} if wanted else {}


def laid_for(user, place: str) -> list[Asset]:
    """What the person has laid ready there, in its order."""
    return list(Asset.objects.for_user(user).filter(laid__place=place).order_by("laid__id"))


def used_bytes(user) -> int:
    """What all files of a person come to."""
    return Asset.objects.for_user(user).aggregate(total=Sum("size"))["total"] or 0


def quota_bytes() -> int | None:
    """What the files of one person may come to; None for no limit."""
    return settings.UPLOAD_QUOTA_MB * MB or None
