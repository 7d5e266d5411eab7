"""What can be said about a song, by what is to be done."""

from ...parameters import Parameter, gettext_noop
from ..dialect import Inputs

_ = gettext_noop

INSPIRATION, CUSTOM, CUSTOM_INSTRUMENTAL, INSTRUMENTAL = "", "custom", "custom_instrumental", "instrumental"
UPLOAD_EXTEND, EXTEND, CONCAT, LYRICS, UPLOAD = "upload_extend", "extend", "concat", "lyrics", "upload"
TASKS = (
    INSPIRATION,
    CUSTOM,
    CUSTOM_INSTRUMENTAL,
    INSTRUMENTAL,
    UPLOAD_EXTEND,
    EXTEND,
    CONCAT,
    LYRICS,
    UPLOAD,
)
# What only gateways beyond new-api offer: whether one does is found by asking, see `is_missing`.
BEYOND = (UPLOAD_EXTEND, CONCAT, UPLOAD)
VERSIONS = ("chirp-v3-0", "chirp-v3-5", "chirp-v4", "chirp-auk", "chirp-bluejay", "chirp-crow")
UPLOADED_VERSIONS = ("chirp-v4", "chirp-auk", "chirp-bluejay", "chirp-v3-5-upload", "chirp-v3-5-tau")
SHORT, LONG = (3000, 200), (5000, 1000)
LIMITS = {"chirp-v3-0": SHORT, "chirp-v3-5": SHORT, "chirp-v4": SHORT}

VERSION_HINT = _("chirp-v4 is Suno 4, chirp-auk 4.5, chirp-bluejay 4.5+, chirp-crow 5; any other name may be given.")
VERSION = Parameter("mv", "text", "output", _("Version"), VERSION_HINT, choices=VERSIONS)
UPLOADED_VERSION = Parameter("mv", "text", "output", _("Version"), VERSION_HINT, choices=UPLOADED_VERSIONS)
TITLE = Parameter("title", "text", "output", _("Title"))
TAGS = Parameter("tags", "text", "output", _("Style"), _("Separated by commas, as in lo-fi, piano, female voice."))
NEGATIVE_TAGS = Parameter(
    "negative_tags", "text", "output", _("Not this style"), _("Some gateways leave it out without saying so.")
)
CONTINUE_AT = Parameter(
    "continue_at",
    "number",
    "length",
    _("Continue at"),
    _("The second of the clip from which it goes on; within its length."),
    minimum=0,
    maximum=3600,
    step=0.1,
)
TASK_ID = Parameter(
    "task_id",
    "text",
    "other",
    _("Task of the clip"),
    _("The task that made the clip; some need it."),
)
INFILL = Parameter("is_infill", "boolean", "other", _("Infill"), _("Off for a song that was continued at its end."))
ADDRESS = Parameter(
    "url", "text", "output", _("Address"), _("Where the upstream fetches the sound: an http(s) address.")
)
METADATA = Parameter("metadata", "json", "other", _("Metadata"), _('As in {"vocal_gender": "f"}.'))
PERSONA = Parameter("persona_id", "text", "other", _("Persona"), _("The id of a voice of yours."))

DESCRIBED = (VERSION,)
OWN = (TITLE, TAGS, NEGATIVE_TAGS, VERSION, PERSONA, METADATA)
CONTINUED = (CONTINUE_AT, TITLE, TAGS, NEGATIVE_TAGS)
BY_TASK: dict[str, tuple[Parameter, ...]] = {
    INSPIRATION: DESCRIBED,
    INSTRUMENTAL: DESCRIBED,
    CUSTOM: OWN,
    CUSTOM_INSTRUMENTAL: OWN,
    UPLOAD_EXTEND: (*CONTINUED, UPLOADED_VERSION),
    EXTEND: (*CONTINUED, VERSION, TASK_ID),
    CONCAT: (INFILL,),
    UPLOAD: (ADDRESS,),
}
NAMES = frozenset(parameter.name for parameters in BY_TASK.values() for parameter in parameters)


def parameters_of(model: str, task: str = "") -> tuple[Parameter, ...]:
    return BY_TASK.get(task, ())


def tasks(model: str) -> tuple[str, ...]:
    return TASKS


def inputs_of(model: str, task: str) -> Inputs:
    """A sound of one's own is brought there before; see `uploads`."""
    return Inputs(most={"audio": 1}) if task in (UPLOAD, UPLOAD_EXTEND) else Inputs()


def limits(version: str) -> tuple[int, int]:
    """How many characters of lyrics and of style a version takes; of one that is not known, the most that any takes."""
    return LIMITS.get(version, LONG)
