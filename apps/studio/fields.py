"""The fields that a dialect writes: its parameters with their values, and the files that it takes."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.media.models import Asset
from apps.runs.parameters import EXTRA, PREFIX
from apps.wire.media.dialect import Inputs
from apps.wire.media.shapes import Role
from apps.wire.parameters import Parameter

from .draft import INPUT

# So many letters of choices still fit beside each other.
SEGMENTS, LETTERS = 5, 24
KINDS = {"audio": Asset.Kind.AUDIO, "video": Asset.Kind.VIDEO}
LABELS: dict[str, Promise] = {
    "image": _("Image"),
    "mask": _("Mask"),
    "first_frame": _("First frame"),
    "last_frame": _("Last frame"),
    "reference": _("Reference image"),
    "audio": _("Audio"),
    "video": _("Video"),
}
TAKES: dict[str, Promise] = {
    Asset.Kind.IMAGE: _("PNG, JPEG, WebP or GIF"),
    Asset.Kind.AUDIO: _("MP3, WAV, Ogg, FLAC, M4A or WebM"),
    Asset.Kind.VIDEO: _("MP4, MOV or WebM"),
}


class Field(msgspec.Struct, frozen=True):
    """One parameter. `control` says how it is entered; a `wide` one has a row of its own."""

    spec: Parameter
    value: str
    error: str = ""

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.spec.name}"

    @property
    def control(self) -> str:
        if self.spec.kind == "choice":
            few = len(self.spec.choices) <= SEGMENTS and sum(map(len, self.spec.choices)) <= LETTERS
            return "segments" if few else "select"
        return {"number": "number", "integer": "number", "boolean": "switch", "text": "line"}.get(
            self.spec.kind, "lines"
        )

    @property
    def wide(self) -> bool:
        return self.control in ("segments", "line", "lines")

    @property
    def shapes(self) -> dict[str, str]:
        """How the choices look, where they are ratios."""
        return {choice: _shape(choice) for choice in self.spec.choices}


class Slot(msgspec.Struct, frozen=True):
    """Files of one role: which lie there, of which kinds, and how many may."""

    role: str
    label: str
    kinds: Sequence[str]
    most: int
    least: int
    assets: Sequence[Asset]
    error: str = ""

    @property
    def name(self) -> str:
        return f"{INPUT}{self.role}"

    @property
    def is_full(self) -> bool:
        return len(self.assets) >= self.most

    @property
    def limit(self) -> int:
        """Megabytes of one file."""
        return max(settings.UPLOAD_MB[kind] for kind in self.kinds)

    @property
    def takes(self) -> str:
        return "; ".join(str(TAKES[kind]) for kind in self.kinds)

    @property
    def accepts(self) -> str:
        """As a file field of a page wants it."""
        return ",".join(f"{kind}/*" for kind in self.kinds)


def fields(specs: Iterable[Parameter], texts: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    return [
        Field(spec, texts.get(f"{PREFIX}{spec.name}", ""), errors.get(f"{PREFIX}{spec.name}", "")) for spec in specs
    ]


def extra(texts: Mapping[str, str], errors: Mapping[str, str]) -> Field:
    """The field for what no control says."""
    return fields([EXTRA], texts, errors)[0]


def slots(wanted: Inputs, given: Mapping[str, Sequence[Asset]], errors: Mapping[str, str]) -> list[Slot]:
    return [
        Slot(
            role=role,
            label=str(LABELS.get(role, role)),
            kinds=kinds_of(wanted, role),
            most=most,
            least=wanted.least.get(role, 0),
            assets=given.get(role, ()),
            error=errors.get(f"{INPUT}{role}", ""),
        )
        for role, most in wanted.most.items()
        if most
    ]


def kinds_of(wanted: Inputs, role: Role) -> list[str]:
    """The kinds of files that the role takes, first the one that it is meant for."""
    return [KINDS.get(role, Asset.Kind.IMAGE), *([Asset.Kind.VIDEO] if role in wanted.heard else [])]


def _shape(choice: str) -> str:
    wide, found, high = choice.replace("x", ":").partition(":")
    if not found or not (wide.isdigit() and high.isdigit()):
        return ""
    return "square" if int(wide) == int(high) else "tall" if int(wide) < int(high) else "wide"
