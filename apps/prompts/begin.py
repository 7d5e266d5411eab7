"""What a new chat begins with: a preset or a model that its address names, otherwise the person's own preset."""

import uuid
from collections.abc import Mapping

from apps.runs.beginning import Beginning
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model

from . import presets
from .models import Habit, Preset


def begun(user, query: Mapping[str, str]) -> Beginning | None:
    if model := _model(user, query.get("model")):
        return Beginning(presets.unsaved(user, {"model": model, "format": model.default_format}))
    preset = _preset(user, query.get("preset"))
    if preset is None:
        return None
    fields, notes = presets.put(preset, user, upstreams.default_model(user))
    return Beginning(presets.unsaved(user, fields), preset.title, tuple(notes))


def _model(user, named: str | None) -> Model | None:
    id = _id(named)
    model = upstreams.usable(user, id) if id else None
    return model if model and model.can("chat") else None


def _preset(user, named: str | None) -> Preset | None:
    """The one that the address names, none where it names none that there is, otherwise the person's usual one."""
    mine = Preset.objects.for_user(user)
    if named is None:
        return mine.filter(pk__in=Habit.objects.filter(owner=user).values("preset")).first()
    id = _id(named)
    return mine.filter(pk=id).first() if id else None


def _id(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
