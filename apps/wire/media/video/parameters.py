"""The controls of films: what they are called on the wire, by dialect."""

from ...parameters import Parameter, gettext_noop

_ = gettext_noop

RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")


def choice(name: str, label: str, choices: tuple[str, ...], hint: str = "") -> Parameter:
    return Parameter(name, "choice", "output", label, hint, choices=choices)


def lengths(name: str, choices: tuple[str, ...]) -> Parameter:
    """The length as a text, which it must be where the upstream reads it so."""
    return choice(name, _("Seconds"), choices, _("Longer takes longer and costs more."))


def ratio(choices: tuple[str, ...]) -> Parameter:
    return choice("aspect_ratio", _("Aspect ratio"), choices)


def sizes(choices: tuple[str, ...]) -> Parameter:
    return choice("size", _("Size"), choices, _("A first picture must have just this size."))


DURATION = Parameter(
    "duration",
    "integer",
    "output",
    _("Seconds"),
    _("Longer takes longer and costs more."),
    minimum=1,
    maximum=120,
    step=1,
)
SIZE = Parameter("size", "text", "output", _("Size"), _("As 1280x720."))
RESOLUTION = choice("resolution", _("Resolution"), ("480p", "720p", "1080p", "4k"))
ENHANCE = Parameter(
    "enhance_prompt", "boolean", "other", _("Improve the prompt"), _("Has it rewritten, and translated into English.")
)
UPSAMPLE = Parameter(
    "enable_upsample", "boolean", "output", _("Enlarge"), _("Has the video scaled up when it is done.")
)
HD = Parameter("hd", "boolean", "output", _("High definition"), _("Takes some eight minutes longer."))
WATERMARK = Parameter("watermark", "boolean", "other", _("Watermark"))
PRIVATE = Parameter("private", "boolean", "other", _("Private"), _("Keeps it out of the vendor's gallery."))
ORIENTATION = choice("orientation", _("Orientation"), ("portrait", "landscape"))
MODE = choice("mode", _("Mode"), ("std", "pro"), _("Of Kling: pro is better, slower and dearer."))
NEGATIVE = Parameter("negativePrompt", "text", "other", _("Not in the video"), _("What it should not show."))
SEED = Parameter(
    "seed",
    "integer",
    "other",
    _("Seed"),
    _("The same seed and settings give mostly the same video."),
    minimum=0,
    maximum=2**32 - 1,
    step=1,
)
# Google's own names, which new-api takes within `metadata`.
VEO = (
    Parameter(
        "durationSeconds",
        "integer",
        "output",
        _("Seconds"),
        _("4, 6 or 8; 8 where it is not said."),
        minimum=4,
        maximum=8,
        step=2,
    ),
    RESOLUTION,
    choice("aspectRatio", _("Aspect ratio"), ("16:9", "9:16")),
    NEGATIVE,
    choice("personGeneration", _("People"), ("allow_all", "allow_adult", "dont_allow")),
    Parameter("generateAudio", "boolean", "output", _("Sound")),
    SEED,
)
OTHERS = (Parameter("negative_prompt", "text", "other", _("Not in the video"), _("What it should not show.")), SEED)
WITHIN = {parameter.name: parameter for parameter in (*VEO, *OTHERS)}
