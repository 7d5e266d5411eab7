"""Messages as a page shows them: one view-model for page, swap and live frame alike."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db.models import UUIDField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.conversations.queries import MessageNode, parts_of
from apps.conversations.render import Cite, render
from apps.conversations.render.escape import fit
from apps.usage.models import Call
from apps.wire import formats
from apps.wire.data_uris import url_of
from apps.wire.messages import (
    Audio,
    File,
    HostedTool,
    Image,
    Part,
    Reasoning,
    Refusal,
    Text,
    ToolCall,
    ToolResult,
    kind_of,
    said,
)
from apps.work.figures import decimal
from apps.work.prepared import SelectIn

from . import carrying, cited, elsewhere, files, hosted, structured
from .cards import Card, card
from .cited import Source
from .documents import Document, document_of
from .finish import SPENT
from .metrics import Spent, final_metrics, summed
from .models import Run
from .progress import LivePart, Progress
from .reaper import replayed
from .tools.definitions import by_hand
from .tools.pairs import results_of

_runs = SelectIn(UUIDField(), lambda ids: Run.objects.filter(message__in=ids).select_related("model").order_by("id"))
_calls = SelectIn(UUIDField(), lambda ids: Call.objects.filter(run_id__in=ids, kind="chat"))


class PartView(msgspec.Struct):
    id: str
    kind: str
    blocks: Sequence[SafeString] = ()
    open_html: SafeString = SafeString("")
    is_open: bool = False
    name: str = ""
    arguments: str = ""
    url: str = ""
    label: str = ""
    state: str = ""
    result: str = ""
    file: Any = None
    card: Card | None = None
    document: Document | None = None


class RunView(msgspec.Struct):
    id: uuid.UUID
    status: str
    model: str
    format: str
    metrics: list[str]
    error: dict | None
    note: str
    answered_model: str = ""
    left_out: Sequence[str] = ()
    goes_on: bool = False

    @property
    def is_running(self) -> bool:
        return self.status == Run.Status.RUNNING

    @property
    def can_retry(self) -> bool:
        return not self.is_running

    @property
    def can_continue(self) -> bool:
        return self.status in (Run.Status.INTERRUPTED, Run.Status.STOPPED) or bool(self.note) or self.goes_on


class Turn(msgspec.Struct):
    id: uuid.UUID
    role: str
    version: MessageNode
    text: str = ""
    parts: Sequence[PartView] = ()
    run: RunView | None = None
    files: Sequence[Any] = ()
    sources: Sequence[Source] = ()

    @property
    def waits(self) -> bool:
        """Whether a person has to answer calls of tools before it goes on."""
        return any(part.card and part.card.field for part in self.parts)


@lru_cache(maxsize=512)
def blocks_of(prefix: str, text: str, language: str | None, cites: tuple[Cite, ...] = ()) -> tuple[SafeString, ...]:
    """The finished Markdown of one part; made once for all readers of the language, which is the active one."""
    return tuple(mark_safe(block) for block in render(text, prefix, cites))  # noqa: S308 (render cleans it)


def turns_of(nodes: Sequence[MessageNode]) -> list[Turn]:
    """The turns of these messages, whatever their number, in four queries."""
    ids = [node.id for node in nodes]
    parts, runs = parts_of(ids), _runs_of(ids)
    spent = _spent(runs)
    newest = {id: of_one[-1] for id, of_one in runs.items()}
    turns = [turn_of(node, parts.get(node.id, ()), newest.get(node.id), spent) for node in nodes]
    files.lay_in(turns, parts)
    return turns


def opening(
    text: str,
    files: Sequence[Any] = (),
    *,
    prompt_id: uuid.UUID,
    message_id: uuid.UUID,
    run_id: uuid.UUID,
    model_label: str,
    format: str,
    left_out: Sequence[tuple[str, str]] = (),
) -> list[Turn]:
    """The two turns that a prompt at the end of a branch begins with, without asking the database for them."""
    run = RunView(
        id=run_id,
        status=Run.Status.RUNNING,
        model=model_label,
        format=formats.get(format).label,
        metrics=[],
        error=None,
        note="",
        left_out=carrying.sentences(left_out, format, model_label),
    )
    prompt = MessageNode(prompt_id, "user", None)
    answer = MessageNode(message_id, "assistant", prompt_id)
    return [
        Turn(id=prompt.id, role=prompt.role, version=prompt, text=text, files=files),
        Turn(id=answer.id, role=answer.role, version=answer, run=run),
    ]


def _runs_of(message_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Run]]:
    """The runs of each message, oldest first: an answer may have been gone on with."""
    found: dict[uuid.UUID, list[Run]] = {}
    for run in _runs(message_ids):
        found.setdefault(run.message_id, []).append(run)
    return found


def _spent(runs: Mapping[uuid.UUID, Sequence[Run]]) -> dict[uuid.UUID, Spent | None]:
    """For each message all that its answer took: the calls of every round of every run of it, as one."""
    calls: dict[uuid.UUID, list[Call]] = {}
    for call in _calls(run.origin_id for each in runs.values() for run in each):
        calls.setdefault(call.run_id, []).append(call)
    return {
        id: summed([call for run in each for call in elsewhere.calls_of(run) or calls.get(run.origin_id, [])])
        for id, each in runs.items()
    }


def spent_on(message_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Spent | None]:
    """What each of these answers took."""
    return _spent(_runs_of(message_ids))


def turn_of(node: MessageNode, parts: Iterable[Part], run: Run | None, spent: Mapping) -> Turn:
    """The turn of this message; its files are not laid in."""
    if node.role == "user":
        return Turn(id=node.id, role=node.role, version=node, text=said(parts))
    if run is not None and run.status == Run.Status.RUNNING:
        progress = replayed(run)
        views, parts = live_views(progress), progress.parts
    else:
        parts = list(parts)
        cites = cited.cites(node.id, parts)
        views = _views(node.id, parts, cites, run)
    shown = None if run is None else run_view(run, spent.get(node.id))
    if shown is not None:
        shown.goes_on = shown.status == Run.Status.FAILED and bool(parts) and isinstance(parts[-1], ToolResult)
    sources = cited.sources(node.id, parts)
    return Turn(id=node.id, role=node.role, version=node, parts=views, run=shown, sources=sources)


def live_views(progress: Progress) -> list[PartView]:
    progress.cite()
    parts = enumerate(progress.live)
    return [live_view(f"{progress.message_id}-{index}", part) for index, part in parts if part.stands_alone]


def live_view(id: str, live: LivePart) -> PartView:
    """One part of a live run, rendered as far as it has come."""
    view = _described(id, live.part, live.ended)
    if isinstance(live.part, ToolCall):
        view.card = card(live.part, live.result, ended=live.ended, running=True, by_hand=live.by_hand)
    view.url = files.live_address(live) or view.url
    if live.stream:
        blocks: Sequence[str] = live.stream.finish() if live.ended else live.stream.sealed
        if live.cites and live.ended:
            blocks = blocks_of(id, live.stream.text, get_language(), live.cites)
        view.blocks = [mark_safe(block) for block in blocks]  # noqa: S308 (render cleans it)
        view.open_html = mark_safe("" if live.ended else live.stream.open_html())  # noqa: S308
    return view


def _views(message_id: uuid.UUID, parts: Sequence[Part], cites: dict, run: Run | None) -> list[PartView]:
    """The parts of an answer that has ended: results of tools are shown with their calls."""
    answered = results_of(parts)
    within = set(answered.values())
    shown = [(index, part) for index, part in cited.joined(parts) if index not in within]
    views = [_view(f"{message_id}-{index}", part, cites.get(index, ())) for index, part in shown]
    hands = by_hand(run.tools) if run else ()
    for view, (index, part) in zip(views, shown, strict=True):
        if isinstance(part, ToolCall):
            result = parts[answered[index]] if index in answered else None
            result = result if isinstance(result, ToolResult) else None
            view.card = card(part, result, ended=True, running=False, by_hand=part.name in hands)
            if view.card.state == "waiting":
                view.card.ask(message_id, index)
    if run is not None and run.response_schema:
        _lay_in_document(message_id, [part for _index, part in shown], views, run)
    return views


def _lay_in_document(message_id: uuid.UUID, parts: Sequence[Part], views: list[PartView], run: Run) -> None:
    place = structured.place_of(parts)
    if place is not None:
        view, text = views[place], said([parts[place]])
        view.document = document_of(message_id, text, run.violations)
        if view.document.tree:
            view.blocks = blocks_of(view.id, f"{structured.FENCE}{text}", get_language())


def _view(id: str, part: Part, cites: tuple[Cite, ...] = ()) -> PartView:
    view = _described(id, part, ended=True)
    if isinstance(part, Text | Reasoning | Refusal):
        view.blocks = blocks_of(id, part.text, get_language(), cites)
    return view


def _described(id: str, part: Part, ended: bool) -> PartView:
    view = PartView(id=id, kind=kind_of(part), is_open=not ended)
    match part:
        case Reasoning():
            view.label = _thought(part, ended)
        case ToolResult():
            view.name, view.arguments = fit(part.name), fit(part.content)
        case Image():
            view.url, view.label = _image_url(part), _("Image from the model")
        case Audio():
            view.url, view.label = files.address(part), part.transcript
        case File():
            view.url, view.name = files.address(part), part.name
        case HostedTool():
            view.name, view.arguments = part.name, fit(part.arguments)
            view.label, view.state = hosted.sentence(part), hosted.state(part)
            view.result = hosted.found(part)
    return view


def _thought(part: Reasoning, ended: bool) -> str:
    if not ended:
        return _("Reasoning…")
    if part.seconds is None:
        return _("Reasoning")
    return _("Reasoned for %(seconds)s s") % {"seconds": decimal(part.seconds, 1)}


RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")


def _image_url(part: Image) -> str:
    """What an img may load: a file of ours, or raster bytes that could not be made one. An address elsewhere is a link,
    opened by click."""
    if part.asset:
        return files.address(part)
    if part.data and part.media_type in RASTER:
        return url_of(part)
    return part.url if part.url.startswith(("http://", "https://")) else ""


def run_view(run: Run, spent: Spent | None) -> RunView:
    return RunView(
        id=run.id,
        status=run.status,
        model=str(run.model) if run.model else run.model_name,
        format=formats.get(run.format).label,
        metrics=final_metrics(spent),
        error=run.error,
        note=_note(run),
        answered_model=run.answered_model if run.answered_model != run.model_name else "",
        left_out=carrying.sentences(run.left_out, run.format, str(run.model) if run.model else run.model_name),
    )


def _note(run: Run) -> str:
    """What a reader must know of an ending that is not a plain one; '' for a plain one."""
    notes: dict[str, str] = {
        Run.Status.STOPPED: _("Stopped."),
        Run.Status.INTERRUPTED: _(
            "Interrupted: the server went away while this was being written. The text up to then is kept."
        ),
    }
    if run.status in notes:
        return notes[run.status]
    if run.finish_reason in ("length", "max_tokens"):
        return _("Cut at the length limit.")
    if run.finish_reason == SPENT:
        rounds = ngettext("%(count)d round", "%(count)d rounds", run.tool_rounds) % {"count": run.tool_rounds}
        return _("Ended after %(rounds)s of tool calls. Continue lets it go on.") % {"rounds": rounds}
    if run.finish_reason == "content_filter":
        return _("Ended by the upstream's content filter.")
    if run.status == Run.Status.COMPLETED and run.truncated:
        return _("The stream ended without its closing mark: the answer may be cut.")
    return ""
