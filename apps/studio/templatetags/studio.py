"""What templates of studios and the rail need."""

import json
from collections.abc import Sequence

from django import template

from apps.media.models import Asset
from apps.studio import cards
from apps.studio.families import ALL
from apps.studio.family import Family

register = template.Library()


@register.simple_tag
def studios(section: str) -> Sequence[Family]:
    """The families of a section, for the rail."""
    return [family for family in ALL if family.section == section]


@register.filter
def clock(seconds: float | None) -> str:
    return cards.clock(seconds)


@register.filter
def waveform(asset: Asset) -> str:
    """The path of a bar for each stretch of the sound, in a box of 64 units' height; '' where it was not heard."""
    heights = [max(1, round(peak * 30 / 255)) for peak in asset.waveform]
    return "".join(f"M{place}.5 {32 - height}v{2 * height}" for place, height in enumerate(heights))


@register.filter
def going_on(of: str, task: str) -> str:
    """What a button posts to go on from that clip by that task, as hx-vals takes it."""
    return json.dumps({"task": task, "of": of})


@register.filter
def of(mapping, key) -> object:
    """The value of that key, '' if there is none."""
    return mapping.get(key, "")


@register.filter
def task_label(family: Family, task: str) -> str:
    return family.task_label(task)
