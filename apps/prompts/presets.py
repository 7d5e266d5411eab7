"""A preset: taken from a chat's settings, and put to use in a chat of whoever may read it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.runs import carrying
from apps.runs.aside import switched
from apps.runs.forms import TurnForm
from apps.runs.manner import FOLLOW
from apps.runs.models import Tool
from apps.runs.tools import library as tools
from apps.runs.tools.built_in import BUILT_IN
from apps.runs.tools.definitions import as_id
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model
from apps.wire import formats
from apps.work import storable

from .library import LONGEST_TITLE, NotKept, room_for
from .models import Habit, Preset

# What a preset and a conversation both have, word for word.
SAME = ("extra", "system_prompt", "tool_choice", "tool_rounds", "response_schema", "web_search", "keep_state")


@transaction.atomic
def keep(*, form: TurnForm, title: str, replace: bool = False) -> Preset:
    """The settings that the form shows, under a name. Raises NotKept if the name is taken."""
    title = storable.text(title).strip()[:LONGEST_TITLE]
    if not title:
        raise NotKept(_("Give the preset a name."))
    kept = _named(form.user, title, with_shared=replace)
    if kept and not replace:
        raise NotKept(_("You have a preset of this name: tick “Replace it”, or choose another name."))
    if kept is None:
        room_for(form.user, Preset)
        kept = Preset(owner=form.user, title=title)
    for name, value in storable.data(_taken(form)).items():
        setattr(kept, name, value)
    kept.model = form.model
    kept.save()
    return kept


def _named(user, title: str, *, with_shared: bool) -> Preset | None:
    """The person's own of that name, otherwise one that is shared with them and that they may change."""
    own = Preset.objects.owned_by(user).filter(title=title).first()
    return own or (Preset.objects.changeable_by(user).filter(title=title).first() if with_shared else None)


def _taken(form: TurnForm) -> dict[str, Any]:
    return {
        "model_name": form.model.name,
        "upstream_name": form.model.upstream.name,
        "format": form.choice.format,
        "format_chosen": form.choice.scope != FOLLOW,
        "parameters": form.parameters,
        "set_aside": form.set_aside,
        "extra": form.extra,
        "system_prompt": form.system_prompt,
        "web_search": form.web_search,
        "keep_state": form.keep_state,
        **{**form.using, "tools": names_of(form.user, form.using.get("tools", []))},
    }


def names_of(owner, picked: list[str]) -> list[str]:
    """The names of a person's tools, and of built-in ones, that a conversation keeps by id or name."""
    mine = {str(tool.id): tool.name for tool in Tool.objects.for_user(owner).filter(id__in=_ids(picked))}
    named = (value if value in BUILT_IN else mine.get(value) for value in picked)
    return [name for name in named if name]


def _ids(picked: list[str]) -> list:
    return [id for id in map(as_id, picked) if id]


def put(preset: Preset, user, standing: Model | None) -> tuple[dict[str, Any], list[str]]:
    """The fields of a conversation of this person, and a sentence for each thing of the preset that cannot be had.

    Without its model the rest is used with the one that stands, in a format of that one.
    """
    model, notes = _model(preset, user, standing)
    format = _format(preset, model)
    values, left, aside = switched(preset.parameters, preset.format, format, preset.set_aside)
    notes += carrying.sentences(left, format, str(model))
    if format != preset.format and preset.format in formats.FORMATS:
        sentence = _("{model} is not offered in {format}: {other} is used.")
        labels = {"format": formats.get(preset.format).label, "other": formats.get(format).label}
        notes.append(sentence.format(model=model, **labels))
    picked, missing = _tools(user, preset.tools)
    notes += [_("You have no tool called %(name)s: it is left out.") % {"name": name} for name in missing]
    fields = {
        "model": model,
        "format": format,
        "format_chosen": preset.format_chosen and format == preset.format,
        "parameters": values,
        "set_aside": aside,
        "tools": picked,
        **{name: getattr(preset, name) for name in SAME},
    }
    return fields, notes


def _format(preset: Preset, model: Model | None) -> str:
    if model:
        return preset.format if preset.format in model.formats else model.default_format
    return preset.format if preset.format in formats.FORMATS else "openai_chat"


def _model(preset: Preset, user, standing: Model | None) -> tuple[Model | None, list[str]]:
    model = upstreams.usable(user, preset.model_id) if preset.model_id else None
    if model and model.can("chat"):
        return model, []
    if not preset.model_name:
        return standing, []
    sentence = _("The preset’s model {name} is gone or not open to you: the chat keeps {other}.")
    return standing, [sentence.format(name=preset.model_name, other=standing or _("no model"))]


def _tools(user, names: list[str]) -> tuple[list[str], list[str]]:
    picked, missing = [], []
    for name in names:
        try:
            picked.append(tools.find(user, name))
        except LookupError:
            missing.append(name)
    return picked, missing


def unsaved(user, fields: dict[str, Any]) -> Conversation:
    """A conversation that only tells what is chosen."""
    return Conversation(owner=user, **fields)


def begin_with(user, preset: Preset | None) -> None:
    """New chats of this person begin with it, or with nothing of the kind."""
    Habit.objects.update_or_create(owner=user, defaults={"preset": preset})
