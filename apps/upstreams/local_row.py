"""The local model's rows: written when it is ready, so that it is offered then and only then."""

from django.db import transaction
from django.utils import timezone

from .models import Model, Upstream

NAME = "Local model"
MODEL = "SmolLM2-135M-Instruct"
LABEL = "SmolLM2 135M (toy)"
CONTEXT = 8192


@transaction.atomic
def publish(address: str, key: str) -> Upstream:
    """The upstream at this address, its one model listed. Names and switches stay the administrator's."""
    upstream = Upstream.objects.filter(kind=Upstream.Kind.LOCAL).first()
    if upstream is None:
        upstream = Upstream(kind=Upstream.Kind.LOCAL, name=_free_name(), position=1000)
    upstream.base_url, upstream.checked_at, upstream.check_error = address, timezone.now(), ""
    upstream.set_key(key)
    upstream.save()
    fresh = {"label": LABEL, "capabilities": ["chat", "prefill"], "owned_by": "local"}
    prices = {"input_price": 0, "output_price": 0, "cached_price": 0, "cache_write_price": 0}
    Model.objects.get_or_create(upstream=upstream, name=MODEL, defaults={**fresh, **prices})
    upstream.models.filter(name=MODEL).update(listed=True, context_window=CONTEXT)
    return upstream


def _free_name() -> str:
    taken = Upstream.objects.filter(name=NAME).exists()
    return f"{NAME} 2" if taken else NAME


def withdraw() -> None:
    """It does not answer: it is not offered."""
    Model.objects.filter(upstream__kind=Upstream.Kind.LOCAL).update(listed=False)
