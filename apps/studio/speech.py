"""The studio of speech: a text is said aloud, and heard as it comes."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.media.jobs.refusals import NotMade
from apps.wire.media.shapes import MediaRequest
from apps.wire.media.speech.splitting import LONGEST, most_of, pieces

from .family import Family, read_prompt

ONE, MOST = f"{LONGEST:,}", 100_000


def read(texts: Mapping[str, str], task: str) -> dict[str, Any]:
    """Raises NotMade."""
    told = read_prompt(texts, task)
    if (length := len(told["prompt"])) > MOST:
        text = gettext("This text has %(length)s characters; at most %(most)s are said at once. Cut it into parts.")
        raise NotMade(text % {"length": f"{length:,}", "most": f"{MOST:,}"}, field="prompt")
    return told


def requests(request: MediaRequest) -> str:
    """What an upstream would refuse in one request, or cut off without a word, goes in several."""
    if (count := len(pieces(request.prompt))) < 2:
        return ""
    text = gettext("%(count)s requests of at most %(most)s characters")
    return text % {"count": count, "most": f"{most_of(request.prompt):,}"}


SPEECH = Family(
    name="speech",
    label=_("Speech"),
    title=_("New speech"),
    icon="speech",
    prompt_label=_("Text"),
    prompt_hint=format_lazy(_("A text of more than {most} characters is said in several requests."), most=ONE),
    placeholder=_("Write what is to be said"),
    read=read,
    requests=requests,
)
