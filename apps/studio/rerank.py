"""The bench of reranking: documents by how well they answer a query, marked or not with how well they do."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.media.jobs.models import Job
from apps.media.jobs.refusals import NotMade
from apps.media.models import Asset
from apps.wire.media.shapes import MediaRequest, Role

from .family import Family

MOST = 1000
PARTED = re.compile(r"^---[ \t]*$", re.MULTILINE)
MARK = re.compile(r"\[(\d(?:\.\d+)?)\]\s+")
NO_MARK = re.compile(r"\\(?=\\*\[\d(?:\.\d+)?\]\s)")


def documents(text: str) -> list[str]:
    """One a line; where lines of --- part them, a document has as many lines as it likes."""
    text = text.replace("\r\n", "\n")
    pieces = PARTED.split(text) if PARTED.search(text) else text.split("\n")
    return [piece.strip() for piece in pieces if piece.strip()]


def read(texts: Mapping[str, str], task: str) -> dict[str, Any]:
    query = texts.get("prompt", "")
    if not query.strip():
        raise NotMade(gettext("Write what is looked for."), field="prompt")
    found = [_unmarked(document) for document in documents(texts.get("documents", ""))]
    if len(found) > MOST:
        text = gettext("These are %(count)s documents; at most %(most)s go into one request.")
        raise NotMade(text % {"count": f"{len(found):,}", "most": f"{MOST:,}"}, field="documents")
    if not all(found):
        raise NotMade(gettext("A document has a mark and no text."), field="documents")
    return {"prompt": query, "texts": tuple(found)}


def check(request: MediaRequest, inputs: Sequence[tuple[Role, Asset]]) -> None:
    if not request.texts and not inputs:
        raise NotMade(gettext("Write at least one document, one a line."), field="documents")


def notes(texts: Mapping[str, str]) -> dict[str, Any]:
    """The grade of each document, where one of them is marked: without a mark it is of no use."""
    marks = [MARK.match(f"{document} ") for document in documents(texts.get("documents", ""))]
    return {"labels": [float(mark[1]) if mark else 0.0 for mark in marks]} if any(marks) else {}


def _unmarked(document: str) -> str:
    """Without its mark; a backslash says that what looks like one is the text's own."""
    spaced = f"{document} "
    pattern = MARK if MARK.match(spaced) else NO_MARK
    return (spaced[found.end() :] if (found := pattern.match(spaced)) else document).strip()


def write(job: Job) -> dict[str, str]:
    """The documents with their marks; `read` gives the same again."""
    texts = [str(text) for text in job.values.get("texts", ())]
    marks = labels_of(job)
    marked = [_marked(text, marks[place] if place < len(marks) else 0) for place, text in enumerate(texts)]
    between = "\n---\n" if any("\n" in text for text in texts) else "\n"
    return {"prompt": job.prompt, "documents": between.join(marked)}


def labels_of(job: Job) -> list[float]:
    """The grades of the documents, empty where none is marked."""
    return list(job.notes.get("labels", ()))


def _marked(text: str, grade: float) -> str:
    if grade:
        return f"[{grade:g}] {text}"
    return f"\\{text}" if MARK.match(text.lstrip("\\")) else text


RERANK = Family(
    name="rerank",
    label=_("Rerank"),
    title=_("New ranking"),
    icon="rerank",
    section="bench",
    action=_("Rank"),
    prompt_label=_("Query"),
    placeholder=_("Which planet is the largest?"),
    asks="studio/bench/_documents.html",
    fields=("prompt", "documents", "beside"),
    pairs=True,
    read=read,
    check=check,
    notes=notes,
    write=write,
    result=lambda job: None,
)
