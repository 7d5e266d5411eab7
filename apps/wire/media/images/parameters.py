"""What each model of OpenAI's image endpoints can be told, and which pictures it takes.

A model is known by its name, as gateways keep the vendor's within theirs. One that is not known is offered everything:
what is not set is not sent.
"""

import re
from typing import Literal

from ...parameters import Parameter, gettext_noop
from ..dialect import Inputs

_ = gettext_noop

Line = Literal["dall-e-2", "dall-e-3", "gpt-image", "gateway", ""]
RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
EDIT = "edit"
# Vendors whose models a gateway serves through this endpoint.
_GATEWAY = re.compile(
    r"banana|gemini|imagen|seedream|doubao|qwen|wan\d|flux|ideogram|recraft|kling|jimeng|hunyuan|grok|midjourney|cogview"
)
_OPENAI = re.compile(r"(?:chat)?gpt-image(?:-(\d+))?")


def line_of(model: str) -> Line:
    name = model.lower()
    if _OPENAI.search(name):
        return "gpt-image"
    if "dall-e" in name:
        return "dall-e-2" if "dall-e-2" in name else "dall-e-3"
    return "gateway" if _GATEWAY.search(name) else ""


def tasks(model: str) -> tuple[str, ...]:
    return ("",) if line_of(model) == "dall-e-3" else ("", EDIT)


def inputs(model: str, task: str) -> Inputs:
    line = line_of(model)
    if task == EDIT:
        return Inputs({"image": 1 if line == "dall-e-2" else 16, "mask": 0 if line == "gateway" else 1}, {"image": 1})
    return Inputs({"reference": 10}) if line in ("gateway", "") else Inputs()


def streams(model: str) -> bool:
    """Whether it shows a picture in the making. Some gateways answer whole all the same, and a few fail."""
    return line_of(model) == "gpt-image" or "image-stream" in model.lower()


def parameters(model: str, task: str) -> tuple[Parameter, ...]:
    known = {
        "dall-e-2": _dall_e_2,
        "dall-e-3": lambda task: (_size(LARGE_3), _quality(("standard", "hd")), STYLE, ANSWER),
        "gpt-image": lambda task: _gpt_image(model, task),
        "gateway": lambda task: (COUNT, SIZE, RATIO, RESOLUTION, WATERMARK, ANSWER),
        "": _any,
    }
    return known[line_of(model)](task)


def _dall_e_2(task: str) -> tuple[Parameter, ...]:
    return (COUNT, _size(("256x256", "512x512", "1024x1024")), ANSWER)


def _gpt_image(model: str, task: str) -> tuple[Parameter, ...]:
    """From the second on any size goes, and there are higher qualities."""
    found = _OPENAI.search(model.lower())
    later = found is not None and int(found.group(1) or 1) >= 2
    size = SIZE if later else _size(LARGE_1)
    quality = _quality((*QUALITIES, "xhigh", "max") if later else QUALITIES)
    own = (FIDELITY,) if task == EDIT else (MODERATION,)
    return (COUNT, size, quality, BACKGROUND, FORMAT, COMPRESSION, *own, PARTIALS)


def _any(task: str) -> tuple[Parameter, ...]:
    every = _quality((*QUALITIES, "xhigh", "max", "standard", "hd"))
    own = (FIDELITY,) if task == EDIT else (STYLE, MODERATION)
    shape = (COUNT, SIZE, RATIO, RESOLUTION, every, BACKGROUND)
    return (*shape, FORMAT, COMPRESSION, *own, WATERMARK, ANSWER, PARTIALS)


def _size(choices: tuple[str, ...]) -> Parameter:
    return Parameter("size", "choice", "output", _("Size"), _("Width by height in pixels."), choices=choices)


def _quality(choices: tuple[str, ...]) -> Parameter:
    hint = _("Higher takes longer and costs more.")
    return Parameter("quality", "choice", "output", _("Quality"), hint, choices=choices)


LARGE_1 = ("auto", "1024x1024", "1536x1024", "1024x1536")
LARGE_3 = ("1024x1024", "1792x1024", "1024x1792")
QUALITIES = ("auto", "low", "medium", "high")
COUNT = Parameter("n", "integer", "output", _("How many"), minimum=1, maximum=10, step=1)
SIZE = Parameter(
    "size",
    "text",
    "output",
    _("Size"),
    _("As 1024x1024: the sides are multiples of 16. Some models take a ratio instead, as 16:9."),
)
RATIO = Parameter("aspect_ratio", "choice", "output", _("Aspect ratio"), choices=RATIOS)
RESOLUTION = Parameter("resolution", "choice", "output", _("Resolution"), choices=("1K", "2K", "4K"))
STYLE = Parameter(
    "style",
    "choice",
    "output",
    _("Style"),
    _("Vivid is dramatic, natural is closer to life."),
    choices=("vivid", "natural"),
)
BACKGROUND = Parameter(
    "background",
    "choice",
    "output",
    _("Picture background"),
    _("A transparent one needs PNG or WebP."),
    choices=("auto", "transparent", "opaque"),
)
FORMAT = Parameter("output_format", "choice", "output", _("File format"), choices=("png", "jpeg", "webp"))
COMPRESSION = Parameter(
    "output_compression",
    "integer",
    "output",
    _("Compression"),
    _("Of JPEG and WebP: 100 keeps the most."),
    minimum=0,
    maximum=100,
    step=1,
)
FIDELITY = Parameter(
    "input_fidelity",
    "choice",
    "output",
    _("Closeness to the pictures"),
    _("High keeps faces and details of the pictures given."),
    choices=("low", "high"),
)
MODERATION = Parameter("moderation", "choice", "other", _("Moderation"), choices=("auto", "low"))
WATERMARK = Parameter("watermark", "boolean", "other", _("Watermark"))
ANSWER = Parameter(
    "response_format",
    "choice",
    "other",
    _("Answer as"),
    _("The picture itself, or an address that soon expires. It is kept here either way."),
    choices=("url", "b64_json"),
)
PARTIALS = Parameter(
    "partial_images",
    "integer",
    "other",
    _("Pictures on the way"),
    _("How many drafts are shown while it is drawn, where the answer is streamed."),
    minimum=0,
    maximum=3,
    step=1,
)
ALL = {parameter.name: parameter for task in ("", EDIT) for parameter in _any(task)}
