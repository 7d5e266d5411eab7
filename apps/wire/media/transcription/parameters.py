"""What can be said about a transcription, by what the model has."""

import re

from ...parameters import Parameter, gettext_noop

_ = gettext_noop

TRANSLATE = "translate"
ALL_FORMATS = ("json", "text", "srt", "vtt", "verbose_json")
_LATER = re.compile(r"(?:^|/)gpt-(?:[\w.]+-)*?transcribe|transcribe-4o")
_DIARIZE = re.compile(r"diari[sz]e")
_WHISPER = re.compile(r"whisper", re.IGNORECASE)


def _format(*choices: str) -> Parameter:
    hint = _("What the answer holds. verbose_json has times; srt and vtt are subtitles.")
    return Parameter("response_format", "choice", "output", _("Format"), hint, choices=choices)


LANGUAGE = Parameter(
    "language", "text", "other", _("Language"), _("Two letters, as in en or zh. It is recognised where none is given.")
)
TEMPERATURE = Parameter("temperature", "number", "sampling", _("Temperature"), minimum=0, maximum=1, step=0.1)
GRANULARITIES = Parameter(
    "timestamp_granularities",
    "strings",
    "output",
    _("Times of"),
    _("word and segment, one a line; only with verbose_json."),
    maximum=2,
    choices=("word", "segment"),
)
INCLUDE = Parameter("include", "strings", "output", _("Include"), _("logprobs: how sure the model is."), maximum=4)
CHUNKING = Parameter(
    "chunking_strategy",
    "text",
    "other",
    _("Chunking"),
    _("auto, or an object of server_vad. Telling speakers apart needs it past 30 seconds."),
)
SPEAKERS = Parameter(
    "known_speaker_names", "strings", "other", _("Known speakers"), _("One a line, at most four."), maximum=4
)
REFERENCES = Parameter(
    "known_speaker_references",
    "strings",
    "other",
    _("Voices of known speakers"),
    _("A data address of 2 to 10 seconds for each speaker, in the same order."),
    maximum=4,
)
KEYWORDS = Parameter("keywords", "strings", "other", _("Keywords"), _("Names and words to listen for, one a line."))
LANGUAGES = Parameter(
    "languages", "strings", "other", _("Languages"), _("Which languages it may be, two letters each, one a line.")
)
WHISPER = (_format(*ALL_FORMATS), GRANULARITIES, LANGUAGE, TEMPERATURE)
LATER = (_format("json", "text"), LANGUAGE, TEMPERATURE, INCLUDE, CHUNKING)
NEWEST = (_format("json", "text"), LANGUAGE, LANGUAGES, KEYWORDS, INCLUDE, CHUNKING)
DIARIZING = (_format("diarized_json", "json", "text"), LANGUAGE, CHUNKING, SPEAKERS, REFERENCES)
TRANSLATING = (_format(*ALL_FORMATS), TEMPERATURE)
PARAMETERS = {parameter.name: parameter for parameter in (*WHISPER, *LATER, *NEWEST, *DIARIZING)}


def parameters_of(model: str, task: str = "") -> tuple[Parameter, ...]:
    """OpenAI's later models give no subtitles and no times; of unknown models all that Whisper has is offered."""
    if task == TRANSLATE:
        return TRANSLATING
    if _DIARIZE.search(model):
        return DIARIZING
    if not _LATER.search(model):
        return WHISPER
    return LATER if "4o" in model else NEWEST


def tasks(model: str) -> tuple[str, ...]:
    """Whisper also translates, always into English."""
    return ("",) if _LATER.search(model) or _DIARIZE.search(model) else ("", TRANSLATE)


def streams(model: str) -> bool:
    """Whether the text can come in pieces. Whisper ignores the wish and answers whole."""
    return not _WHISPER.search(model)
