"""Prompts and presets as JSON.

The envelope: {"format": "playground", "version": 1, "kind": "prompts", "prompts": […], "presets": […]}.
A prompt has title, description and its versions, oldest first, each with number, kind, text, by, at. A preset has what
the chat is asked with; its model is named by upstream and name, its tools by name.
"""

import datetime
from typing import Any, Literal

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from apps.runs import aside
from apps.runs.parameters import read_extra
from apps.runs.refusals import Refused
from apps.runs.tools import choice
from apps.upstreams import queries as upstreams
from apps.upstreams.models import Model
from apps.wire.exceptions import ParameterError
from apps.work import storable

from . import library
from .library import LONGEST_TITLE, NotKept
from .models import Preset, Prompt, PromptVersion
from .presets import SAME

LARGEST = 32_000_000


class Version(msgspec.Struct):
    number: int
    text: str
    kind: Literal["user", "system"] = "user"
    by: str = ""
    at: datetime.datetime | None = None


class PromptFile(msgspec.Struct):
    title: str
    versions: list[Version]
    description: str = ""


class PresetFile(msgspec.Struct):
    title: str
    description: str = ""
    model: str = ""
    upstream: str = ""
    format: str = ""
    format_chosen: bool = False
    parameters: dict[str, Any] = {}
    set_aside: dict[str, dict[str, Any]] = {}
    extra: str = ""
    system_prompt: str = ""
    tools: list[str] = []
    tool_choice: str = ""
    tool_rounds: int = choice.ROUNDS
    response_schema: dict[str, Any] | None = None
    web_search: bool = False
    keep_state: bool = False


class Envelope(msgspec.Struct):
    format: Literal["playground"]
    version: Literal[1]
    kind: Literal["prompts"]
    exported_at: datetime.datetime | None = None
    prompts: list[PromptFile] = []
    presets: list[PresetFile] = []


class Report(msgspec.Struct):
    prompts: int = 0
    presets: int = 0
    notes: list[str] = []


def exported(owner, at: datetime.datetime) -> Envelope:
    prompts = Prompt.objects.owned_by(owner).prefetch_related("versions")
    return Envelope(
        format="playground",
        version=1,
        kind="prompts",
        exported_at=at,
        prompts=[_prompt(each) for each in prompts],
        presets=[_preset(each) for each in Preset.objects.owned_by(owner)],
    )


def _prompt(prompt: Prompt) -> PromptFile:
    oldest_first = sorted(prompt.versions.all(), key=lambda version: version.number)
    versions = [Version(each.number, each.text, each.kind, each.by_name, each.at) for each in oldest_first]
    return PromptFile(prompt.title, versions, prompt.description)


def _preset(preset: Preset) -> PresetFile:
    names = ("title", "description", "format", "format_chosen", "parameters", "set_aside", "tools", *SAME)
    known = {name: getattr(preset, name) for name in names}
    return PresetFile(model=preset.model_name, upstream=preset.upstream_name, **known)


def imported(*, owner, written: bytes) -> Report:
    """All of it, or nothing: raises NotKept, which says why. What is there already, word for word, is left out."""
    try:
        found = msgspec.json.decode(written, type=Envelope)
    except (ValueError, RecursionError) as error:
        raise NotKept(_("This is no export of prompts: {reason}").format(reason=str(error)[:200])) from error
    report = Report()
    with transaction.atomic():
        library.room_for(owner, Prompt, len(found.prompts))
        library.room_for(owner, Preset, len(found.presets))
        for prompt in found.prompts:
            _take_prompt(owner, prompt, report)
        models = {(model.upstream.name, model.name): model for model in upstreams.usable_models(owner)}
        for preset in found.presets:
            _take_preset(owner, preset, models, report)
    return report


def _take_prompt(owner, given: PromptFile, report: Report) -> None:
    title = storable.text(given.title).strip()[:LONGEST_TITLE]
    versions = sorted(given.versions, key=lambda version: version.number)[:1000]
    if not title or not versions:
        raise NotKept(_("A prompt without a title or a text cannot be taken: nothing was imported."))
    text = storable.text(versions[-1].text)
    if Prompt.objects.owned_by(owner).filter(title=title, current__text=text, current__kind=versions[-1].kind).exists():
        report.notes.append(_("{name} is here already.").format(name=title))
        return
    prompt = library.make(owner=owner, title=title, description=given.description, text=text, kind=versions[-1].kind)
    prompt.versions.all().delete()
    made = [_version(prompt, number, each) for number, each in enumerate(versions, 1)]
    prompt.current = PromptVersion.objects.bulk_create(made)[-1]
    prompt.save(update_fields=["current"])
    report.prompts += 1


def _version(prompt: Prompt, number: int, given: Version) -> PromptVersion:
    at = given.at if given.at and given.at.tzinfo else prompt.created_at
    known = {"kind": given.kind, "text": storable.text(given.text), "by_name": storable.text(given.by)[:254], "at": at}
    return PromptVersion(prompt=prompt, number=number, **known)


def _take_preset(owner, given: PresetFile, models: dict[tuple[str, str], Model], report: Report) -> None:
    title = storable.text(given.title).strip()[:LONGEST_TITLE]
    if not title:
        raise NotKept(_("A preset without a title cannot be taken: nothing was imported."))
    if Preset.objects.owned_by(owner).filter(title=title).exists():
        report.notes.append(_("{name} is here already.").format(name=title))
        return
    fields = storable.data(_checked(given, report))
    preset = Preset(owner=owner, model=models.get((given.upstream, given.model)), **{**fields, "title": title})
    if given.model and preset.model is None:
        report.notes.append(_("{name}: its model {model} is not here.").format(name=title, model=given.model))
    preset.save()
    report.presets += 1


def _checked(given: PresetFile, report: Report) -> dict[str, Any]:
    """The fields of a preset; a value that no form here would have let in is left out."""
    kept = msgspec.structs.asdict(given)
    kept |= {"model_name": kept.pop("model")[:300], "upstream_name": kept.pop("upstream")[:300]}
    values = {given.format: given.parameters} if given.parameters else {}
    kept["parameters"] = aside.read(aside.write(values)).get(given.format, {})
    kept["set_aside"] = aside.read(aside.write(given.set_aside))
    kept["description"], kept["format"] = given.description[:400], given.format[:32]
    kept["tools"], kept["tool_choice"] = given.tools[: choice.MOST], given.tool_choice[:64]
    kept["tool_rounds"] = min(max(given.tool_rounds, 1), choice.MOST_ROUNDS)
    kept["response_schema"] = _schema(given.response_schema or {})
    try:
        read_extra(given.extra)
    except ParameterError:
        kept["extra"] = ""
        report.notes.append(_("{name}: its extra JSON is no object, so it was left out.").format(name=given.title[:80]))
    return kept


def _schema(given: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return choice.wanted(str(given.get("schema", "")), str(given.get("name", "")), strict=bool(given.get("strict")))
    except Refused:
        return None
