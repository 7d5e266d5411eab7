"""What each model of films takes, by its name: gateways keep the vendor's within theirs.

A name that is not known is offered everything: what is not set is not sent.
"""

import re
from typing import Literal

from ..dialect import Inputs
from ..shapes import MediaRequest, Role

Line = Literal["sora", "veo", "other", ""]
FRAMES: tuple[Role, ...] = ("first_frame", "last_frame")
REFERENCES: tuple[Role, ...] = ("reference",) * 3
SECONDS: dict[str, float] = {"sora": 4.0, "veo": 8.0}
USUAL = 5.0
_OTHER = re.compile(r"kling|wan\d|hailuo|minimax|vidu|pixverse|seedance|runway|luma|jimeng|hunyuan|cogvideo|grok")
_WORDS_ALONE = re.compile(r"veo-?[23](?:\.0)?(?:-fast|-pro)?(?:-generate.*)?$")


def line_of(model: str) -> Line:
    name = model.lower()
    if "sora" in name or "veo" in name:
        return "sora" if "sora" in name else "veo"
    return "other" if _OTHER.search(name) else ""


def is_pro(model: str) -> bool:
    """Whether it may be asked for the large and long; a name that is not known may."""
    return "pro" in model.lower() or line_of(model) != "sora"


def roles_of(model: str) -> tuple[Role, ...]:
    """What its pictures are for, in the order in which they are sent."""
    name = model.lower()
    if "components" in name:
        return REFERENCES
    if line_of(model) == "sora" or re.search(r"veo3-.*frames|veo3-frames", name):
        return FRAMES[:1]
    return () if _WORDS_ALONE.search(name) else FRAMES


def inputs(model: str, task: str) -> Inputs:
    """Models of frames and of components need theirs."""
    if task:
        return Inputs()
    roles = roles_of(model)
    needed = roles[:1] if "frames" in model.lower() or roles == REFERENCES else ()
    return Inputs({role: roles.count(role) for role in roles}, dict.fromkeys(needed, 1))


def units(request: MediaRequest) -> tuple[str, float]:
    """The seconds that are asked for, or the model's usual ones."""
    for name in ("seconds", "duration", "durationSeconds"):
        told = str(request.parameters.get(name, ""))
        if told.isascii() and told.isdigit() and len(told) < 6:
            return "second", float(told)
    return "second", SECONDS.get(line_of(request.model), USUAL)
