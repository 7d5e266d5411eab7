"""The studio of speech: a text is said aloud, and heard as it comes."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.media.jobs.refusals import NotMade
from apps.wire.media.speech.splitting import LONGEST

from .family import Family, read_prompt

MOST = f"{LONGEST:,}"


def read(texts: Mapping[str, str], task: str) -> dict[str, Any]:
    """Raises NotMade for what an upstream refuses, or cuts off without a word."""
    told = read_prompt(texts, task)
    if (length := len(told["prompt"])) > LONGEST:
        text = gettext("This text has %(length)s characters; at most %(most)s go into one request. Cut it into parts.")
        raise NotMade(text % {"length": f"{length:,}", "most": MOST}, field="prompt")
    return told


SPEECH = Family(
    name="speech",
    label=_("Speech"),
    title=_("New speech"),
    icon="speech",
    prompt_label=_("Text"),
    prompt_hint=format_lazy(_("At most {most} characters go into one request."), most=MOST),
    placeholder=_("Write what is to be said"),
    read=read,
)
