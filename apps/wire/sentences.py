"""Our own sentences among the failures: a failure carries only its text, so a page finds by it what to translate."""

import re
from functools import cache

from .parameters import gettext_noop

TOO_MANY_BROKEN = gettext_noop("The upstream sent too many events that could not be read.")
NO_STREAM = gettext_noop("The upstream answered with a text that is no stream: {told}")
NO_ANSWER = gettext_noop("What the upstream sent is no answer of this format.")
EMPTY_REPLY = gettext_noop("The upstream closed the connection without an answer.")
REPLY_TOO_LARGE = gettext_noop("The reply is larger than this program accepts.")
STREAM_TOO_LARGE = gettext_noop("The stream is larger than this program accepts.")
EVENT_TOO_LARGE = gettext_noop("One event of the stream is larger than this program accepts.")
TITLED_PAGE_FOR_REPLY = gettext_noop(
    'The upstream answered with a web page titled "{title}" instead of a model\'s reply: check its base URL.'
)
PAGE_FOR_REPLY = gettext_noop("The upstream answered with a web page instead of a model's reply: check its base URL.")
TITLED_PAGE = gettext_noop('The upstream answered {status} with a web page titled "{title}".')
PAGE = gettext_noop("The upstream answered {status} with a web page.")
UNSAID_IN_STREAM = gettext_noop("The upstream reported an error without saying more.")
UNSAID_IN_STREAM_BUT = gettext_noop("The upstream reported an error without saying more. Its reply: {reply}")
UNSAID_WORD_IN_STREAM = gettext_noop("The upstream reported an error ({word}) without saying more.")
UNSAID_BUT = gettext_noop("The upstream answered {status} without saying why. Its reply: {reply}")
UNSAID_WORD = gettext_noop("The upstream answered {status} ({word}) without saying why.")
UNSAID = gettext_noop("The upstream answered {status} without saying why.")
ENDED_WITH_ERROR = gettext_noop("The upstream ended the answer with an error.")
SAYS_FAILED = gettext_noop("The upstream says that the answer failed.")
NO_IMAGE = gettext_noop("The upstream sent no picture: it may have been filtered.")
NO_IMAGE_WORD = gettext_noop("The upstream sent no picture ({word}).")
NO_IMAGE_BUT = gettext_noop("The model answered without a picture: {told}")
IMAGE_CUT = gettext_noop("The stream ended before the picture was whole.")
MISCOUNTED = gettext_noop("The upstream gave {given} vectors for {asked} inputs.")
NO_WORDS = gettext_noop("There must be a text to say.")
NO_RECORDING = gettext_noop("There must be a recording.")
NO_IDEA = gettext_noop("There must be an idea of the song.")
NO_LYRICS = gettext_noop("There must be lyrics, or it must be instrumental.")
NO_CLIP = gettext_noop("A clip must be named by its id.")
NO_ADDRESS = gettext_noop("Add a file, or give an http(s) address from which the upstream can fetch the sound.")
NO_OWN_SOUND = gettext_noop("Add a file, or name the clip that your audio has become.")
TWO_SOUNDS = gettext_noop("Give either a file or what names the sound, not both.")
LONG_LYRICS = gettext_noop("This version takes at most {most} characters of lyrics.")
LONG_STYLE = gettext_noop("This version takes at most {most} characters of style.")
NOTHING_TO_EMBED = gettext_noop("There must be something to embed.")
EMPTY_TEXT = gettext_noop("An empty text cannot be embedded: the whole request would be refused.")
TEXTS_ALONE = gettext_noop("This format takes texts alone.")
NO_QUERY = gettext_noop("There must be a query.")
NO_DOCUMENTS = gettext_noop("There must be at least one document.")

TEMPLATES = (
    TOO_MANY_BROKEN,
    NO_STREAM,
    NO_ANSWER,
    EMPTY_REPLY,
    REPLY_TOO_LARGE,
    STREAM_TOO_LARGE,
    EVENT_TOO_LARGE,
    TITLED_PAGE_FOR_REPLY,
    PAGE_FOR_REPLY,
    TITLED_PAGE,
    PAGE,
    UNSAID_IN_STREAM,
    UNSAID_IN_STREAM_BUT,
    UNSAID_WORD_IN_STREAM,
    UNSAID_BUT,
    UNSAID_WORD,
    UNSAID,
    ENDED_WITH_ERROR,
    SAYS_FAILED,
    NO_IMAGE,
    NO_IMAGE_WORD,
    NO_IMAGE_BUT,
    IMAGE_CUT,
    MISCOUNTED,
    NO_WORDS,
    NO_RECORDING,
    NO_IDEA,
    NO_LYRICS,
    NO_CLIP,
    NO_ADDRESS,
    NO_OWN_SOUND,
    TWO_SOUNDS,
    LONG_LYRICS,
    LONG_STYLE,
    NOTHING_TO_EMBED,
    EMPTY_TEXT,
    TEXTS_ALONE,
    NO_QUERY,
    NO_DOCUMENTS,
)


def template_of(message: str) -> tuple[str, dict[str, str]] | None:
    """The template of one of our sentences, and what was put into it; None for an upstream's own words."""
    for template, pattern in _patterns():
        if found := pattern.fullmatch(message):
            return template, found.groupdict()
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, re.compile(_pattern(template), re.DOTALL)) for template in TEMPLATES)


def _pattern(template: str) -> str:
    pieces = re.split(r"\{(\w+)\}", template)
    return "".join(f"(?P<{piece}>.+)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
