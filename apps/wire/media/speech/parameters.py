"""How speech may sound, by what the model has."""

import re

from ...parameters import Parameter, gettext_noop

_ = gettext_noop

DEFAULT_VOICE = "alloy"
OLDER = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")
VOICES = (*OLDER, "ballad", "cedar", "marin", "verse")
FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_FIRST = re.compile(r"(?:^|/)tts-1(?:-|$)")
_OPENAI = re.compile(r"(?:^|/)gpt-[\w.]+-(?:mini-)?tts(?:-|$)")

FORMAT = Parameter(
    "response_format",
    "choice",
    "output",
    _("Format"),
    _("MP3 if none is chosen; PCM is played soonest."),
    choices=FORMATS,
)
SPEED = Parameter(
    "speed",
    "number",
    "output",
    _("Speed"),
    _("1 is as the voice speaks by itself."),
    minimum=0.25,
    maximum=4,
    step=0.05,
)
INSTRUCTIONS = Parameter(
    "instructions",
    "text",
    "other",
    _("Instructions"),
    _('How it is to be said: tone, accent, mood, as in "warm and slow, like a bedtime story".'),
)
NAMES = frozenset({"voice", "response_format", "speed", "instructions"})


def parameters_of(model: str, task: str = "") -> tuple[Parameter, ...]:
    """The first models take no instructions, the later ones no speed; of others nothing is known, so all is offered."""
    if _FIRST.search(model):
        return _voice(OLDER), FORMAT, SPEED
    if _OPENAI.search(model):
        return _voice(VOICES), FORMAT, INSTRUCTIONS
    named = Parameter(
        "voice", "text", "output", _("Voice"), _("The name of a voice that this model has."), choices=VOICES
    )
    return named, FORMAT, SPEED, INSTRUCTIONS


def streams(model: str) -> bool:
    """Whether the sound can come as events: not from the first models, which ignore or refuse it."""
    return not _FIRST.search(model)


def _voice(choices: tuple[str, ...]) -> Parameter:
    return Parameter("voice", "choice", "output", _("Voice"), choices=choices)
