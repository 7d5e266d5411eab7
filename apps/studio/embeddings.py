"""The bench of embeddings: texts and pictures become vectors."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.media.jobs.vectors import MOST_INPUTS
from apps.media.models import Asset
from apps.runs.parameters import PREFIX
from apps.upstreams.said import in_words
from apps.wire import sentences
from apps.wire.media.embeddings.parameters import PLAIN
from apps.wire.media.shapes import MediaRequest, Role

from .family import Family


def lines(text: str) -> tuple[str, ...]:
    """Each line that says something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def read(texts: Mapping[str, str], task: str) -> dict[str, Any]:
    return {"texts": lines(texts.get("prompt", ""))}


def check(request: MediaRequest, inputs: Sequence[tuple[Role, Asset]]) -> None:
    if not request.texts and not inputs:
        raise NotMade(gettext("Write at least one text, one a line."), field="prompt")
    if inputs and request.parameters.get("shape") == PLAIN:
        raise NotMade(in_words(sentences.TEXTS_ALONE), field=f"{PREFIX}shape")


def write(job: Job) -> dict[str, str]:
    """A text of several lines, which a script may have sent, becomes one line."""
    return {"prompt": "\n".join(" ".join(text.split()) for text in job.values.get("texts", ()))}


EMBEDDINGS = Family(
    name="embeddings",
    label=_("Embeddings"),
    title=_("New vectors"),
    icon="embeddings",
    section="bench",
    action=_("Embed"),
    prompt_label=_("Texts, one a line"),
    prompt_hint=format_lazy(_("At most {count} lines, or fewer of very many dimensions."), count=f"{MOST_INPUTS:,}"),
    placeholder=_("The cat sleeps on the sofa\nA kitten naps on the couch\nShares fell sharply on Monday"),
    asks="studio/bench/_texts.html",
    pairs=True,
    fields=("prompt", "beside"),
    read=read,
    check=check,
    write=write,
    result=lambda job: None,
)
