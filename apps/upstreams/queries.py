"""Reads: which models a person may use, in the order in which they are offered."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import BigAutoField, Case, Count, DateTimeField, IntegerField, Q, UUIDField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.work.prepared import Select, Slot, Update

from .models import Model, ModelChoice, Upstream
from .wording import meta

_RANK = Case(
    When(upstream__kind=Upstream.Kind.GATEWAY, then=Value(0)),
    When(upstream__kind=Upstream.Kind.LOCAL, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)

_ID, _USER = Slot("id", UUIDField()), Slot("user", BigAutoField())
_usable = Select(lambda: Model.objects.usable().filter(id=_ID))
_open_to = Select(lambda: Model.objects.open_to(_USER).filter(id=_ID))
_used = Update(
    lambda: (ModelChoice.objects.filter(user=_USER, model=_ID), {"used_at": Slot("used_at", DateTimeField())})
)


@dataclass(frozen=True, slots=True)
class PickerModel:
    """A row of the picker; `meta` is its second line, prices in USD per million tokens."""

    id: str
    name: str
    label: str
    capabilities: list[str]
    context_window: int | None
    input_price: Decimal | None
    output_price: Decimal | None
    meta: str
    is_toy: bool


@dataclass(frozen=True, slots=True)
class PickerGroup:
    """The models of one upstream."""

    label: str
    models: list[PickerModel] = field(default_factory=list)


class NoSuchModel(LookupError):
    """No model that fits; the text says which there are."""


def _ordered(user):
    keys = ("upstream__position", "upstream__name", "position", "name")
    return Model.objects.for_user(user).annotate(rank=_RANK).order_by("rank", *keys)


def usable(user, id) -> Model | None:
    """The model of that id, if the person may use it."""
    return _usable.first(id=id) if user.is_superuser else _open_to.first(id=id, user=user.pk)


def usable_models(user) -> list[Model]:
    """All models that the person may use, as they are offered."""
    return list(_ordered(user))


def chat_models(user) -> list[Model]:
    return [model for model in _ordered(user) if model.can("chat")]


def picker(user) -> list[PickerGroup]:
    """What the person may chat with, by upstream: gateways, then the local model, then the sandbox."""
    groups: dict[object, PickerGroup] = {}
    for model in chat_models(user):
        group = groups.setdefault(model.upstream_id, PickerGroup(model.upstream.name))
        group.models.append(_row(model))
    return list(groups.values())


def _row(model: Model) -> PickerModel:
    return PickerModel(
        id=str(model.id),
        name=model.name,
        label=str(model),
        capabilities=model.abilities,
        context_window=model.context_window,
        input_price=model.input_price,
        output_price=model.output_price,
        meta=meta(model),
        is_toy=model.upstream.kind == Upstream.Kind.LOCAL,
    )


def default_model(user) -> Model | None:
    """What a new chat begins with: the model used last, else the first that does not fail on purpose."""
    return next(iter(by_preference(user)), None)


def by_preference(user) -> list[Model]:
    """What a person may begin to chat with: the model used last, then the others as they are offered."""
    usable = {model.id: model for model in chat_models(user)}
    chosen = ModelChoice.objects.filter(user=user, model__in=usable).values_list("model_id", flat=True).first()
    last = [usable.pop(chosen)] if chosen else []
    return [*last, *filter(_means_well, usable.values())]


def _means_well(model: Model) -> bool:
    """The sandbox has models that show how an upstream fails: nobody begins with one unasked."""
    return model.upstream.kind != Upstream.Kind.SANDBOX or not model.name.startswith("fault-")


def remember(user, model: Model) -> None:
    """The model is offered first from now on."""
    if _used(user=user.pk, id=model.pk, used_at=timezone.now()):
        return
    choice = ModelChoice(user=user, model=model, used_at=timezone.now())
    unique = ["user", "model"]
    ModelChoice.objects.bulk_create([choice], update_conflicts=True, update_fields=["used_at"], unique_fields=unique)


def find(user, text: str, upstream: str = "") -> Model:
    """The model that a person named on a command line: its id, name or label, exact before part. Raises NoSuchModel."""
    usable = [model for model in _ordered(user) if not upstream or model.upstream.name.lower() == upstream.lower()]
    wanted = text.lower()
    for fits in (_is_named, _begins, _contains):
        for model in usable:
            if fits(model, wanted):
                return model
    raise NoSuchModel(_no_model(text, upstream, usable))


def _is_named(model: Model, wanted: str) -> bool:
    return wanted in (str(model.id), model.name.lower(), model.label.lower())


def _begins(model: Model, wanted: str) -> bool:
    return model.name.lower().startswith(wanted) or model.label.lower().startswith(wanted)


def _contains(model: Model, wanted: str) -> bool:
    return wanted in model.name.lower() or wanted in model.label.lower()


def _no_model(text: str, upstream: str, usable: list[Model]) -> str:
    where = _(" at the upstream {name}").format(name=upstream) if upstream else ""
    if not usable:
        return _("There is no model to use{where}. Connect a gateway under Settings, Upstreams.").format(where=where)
    names = ", ".join(model.name for model in usable[:12])
    return _("No model called {text}{where}. Some that there are: {names}.").format(text=text, where=where, names=names)


def overview(only: Upstream | None = None):
    """Upstreams with `listed_count` and `usable_count` of their models, for administrators."""
    found = Upstream.objects.filter(id=only.id) if only else Upstream.objects.all()
    listed = Q(models__listed=True)
    return found.annotate(
        listed_count=Count("models", filter=listed),
        usable_count=Count("models", filter=listed & Q(models__enabled=True)),
    ).order_by("position", "name")


def described():
    """Models with all that their row in the administrator's table shows."""
    return Model.objects.select_related("upstream").prefetch_related("groups")


def model_page(upstream: Upstream, *, search: str = "", page: str | None = None) -> Page:
    """An upstream's models, a hundred at a time; those that it no longer lists come last."""
    found = described().filter(upstream=upstream)
    if search:
        found = found.filter(Q(name__icontains=search) | Q(label__icontains=search))
    return Paginator(found.order_by("-listed", "position", "name"), 100).get_page(page)
