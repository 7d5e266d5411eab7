"""Connecting upstreams and keeping our list of their models. All of it is for synchronous callers, except `check`."""

from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.work import storable

from .address import BadAddress, check_key, normalise
from .capabilities import corrected, guess
from .chat_formats import formats_of
from .check import CheckResult, Step, check
from .known import NOTHING, facts_of
from .listing import Listed
from .media_dialects import dialects_of_types
from .models import Model, Upstream

__all__ = ["BadAddress", "CheckResult", "Step", "check", "connect", "ensure", "normalise", "refresh", "store"]

OURS = (
    "owned_by",
    "capabilities",
    "stated_capabilities",
    "stated_formats",
    "stated_dialects",
    "context_window",
    "input_price",
    "output_price",
    "cached_price",
    "cache_write_price",
    "listed",
)


def connect(
    *, name: str, url: str, key: str, kind: str = Upstream.Kind.GATEWAY, save_anyway: bool = False
) -> tuple[Upstream, CheckResult]:
    """Tests a new upstream and stores it with its models. Where the test fails it is not stored, unless asked to.

    The result says what is wrong, a bad address or a name already taken included; nothing is raised.
    """
    upstream = Upstream(name=name.strip(), kind=kind, base_url=url)
    try:
        prepare(upstream, url=url, key=key)
    except BadAddress as error:
        return upstream, CheckResult(False, 0, str(error), [Step("error", str(error))], tested=False)
    result = async_to_sync(check)(upstream.endpoint())
    if result.ok or save_anyway:
        try:
            _save(upstream, result)
        except IntegrityError:
            taken = _taken(upstream)
            return upstream, CheckResult(False, 0, taken, [*result.steps, Step("error", taken)])
    return upstream, result


def prepare(upstream: Upstream, *, url: str, key: str | None) -> None:
    """Puts address and key on it, and a name if it has none; `key` None keeps the stored one. Raises BadAddress."""
    upstream.base_url = normalise(url)
    upstream.name = upstream.name or upstream.endpoint().host
    if Upstream.objects.filter(name=upstream.name).exclude(id=upstream.id).exists():
        raise BadAddress(
            _("There is already an upstream called {name}. Choose another name.").format(name=upstream.name)
        )
    if key is not None:
        upstream.set_key(check_key(key))


def _taken(upstream: Upstream) -> str:
    return _("There is already an upstream called {name}. Choose another name.").format(name=upstream.name)


@transaction.atomic
def _save(upstream: Upstream, result: CheckResult) -> None:
    upstream.position = (Upstream.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    upstream.save()
    _record(upstream, result)


def ensure(*, name: str, url: str, key: str, kind: str) -> Upstream:
    """The upstream of that name, made or brought up to date, without testing it. Raises BadAddress."""
    upstream = Upstream.objects.filter(name=name).first() or Upstream(name=name)
    upstream.kind, upstream.base_url = kind, normalise(url)
    key = check_key(key)
    if upstream._state.adding or upstream.endpoint().key != key:
        upstream.set_key(key)
    upstream.save()
    return upstream


def refresh(upstream: Upstream, kind: str = "check") -> CheckResult:
    """Tests it and brings its models up to date. A failed test changes none of them. `kind` as in `limits_of`."""
    result = async_to_sync(check)(upstream.endpoint(), kind)
    with transaction.atomic():
        _record(upstream, result)
    return result


def _record(upstream: Upstream, result: CheckResult) -> None:
    upstream.checked_at = timezone.now()
    upstream.check_error = "" if result.ok else storable.text(result.sentence)
    upstream.save(update_fields=["checked_at", "check_error"])
    if result.ok:
        store(upstream, result.listed)


@transaction.atomic
def store(upstream: Upstream, listed: list[Listed]) -> None:
    """Adds what is new and marks what vanished as not listed; labels, switches and order are the administrator's.

    Until there is an order of theirs, models stand as they are listed first; a catalogue stored without one stays so.
    """
    known = {model.name: model for model in upstream.models.all()}
    last = max((model.position for model in known.values()), default=0)
    ordered = not known or last > 0
    new = []
    for entry in listed:
        model = known.pop(entry.name, None)
        if model is None:
            last += ordered
            model = Model(upstream=upstream, name=entry.name, label=entry.label, position=last)
            new.append(model)
        _describe(model, entry)
        model.listed = True
        if not model._state.adding:
            model.save(update_fields=OURS)
    Model.objects.bulk_create(new)
    Model.objects.filter(id__in=[model.id for model in known.values()]).update(listed=False)


def _describe(model: Model, entry: Listed) -> None:
    """What the catalogue says comes first, then what is publicly known. A toy or a sandbox costs nothing."""
    model.owned_by = entry.owned_by or model.owned_by
    found = (entry.traits if "chat" in entry.traits else None) or guess(entry.name, entry.types)
    model.stated_capabilities, model.capabilities = found, corrected(found, model.accepted)
    model.stated_formats, model.stated_dialects = formats_of(entry.types), dialects_of_types(entry.types)
    gateway = model.upstream.kind == Upstream.Kind.GATEWAY
    facts = facts_of(entry.name, model.upstream.base_url) if gateway else NOTHING
    free = None if gateway else 0
    model.context_window = entry.context_window or facts.context_window
    for price in ("input_price", "output_price", "cached_price", "cache_write_price"):
        named = getattr(entry, price)
        setattr(model, price, next((p for p in (named, getattr(facts, price), free) if p is not None), None))
