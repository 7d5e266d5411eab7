"""Messages as a page shows them: one view-model for page, swap and live frame alike."""

import uuid
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.conversations.queries import MessageNode, parts_of
from apps.conversations.render import render
from apps.usage.models import Call
from apps.wire import formats
from apps.wire.messages import (
    Audio,
    Citation,
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

from .metrics import final_metrics
from .models import Run
from .plan import Plan
from .progress import LivePart, Progress
from .reaper import replayed


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


class RunView(msgspec.Struct):
    id: uuid.UUID
    status: str
    model: str
    format: str
    metrics: list[str]
    error: dict | None
    note: str
    answered_model: str = ""

    @property
    def is_running(self) -> bool:
        return self.status == Run.Status.RUNNING

    @property
    def can_retry(self) -> bool:
        return not self.is_running

    @property
    def can_continue(self) -> bool:
        return self.status in (Run.Status.INTERRUPTED, Run.Status.STOPPED) or bool(self.note)


class Turn(msgspec.Struct):
    id: uuid.UUID
    role: str
    version: MessageNode
    text: str = ""
    parts: Sequence[PartView] = ()
    run: RunView | None = None


@lru_cache(maxsize=512)
def blocks_of(prefix: str, text: str, language: str | None) -> tuple[SafeString, ...]:
    """The finished Markdown of one part; made once for all readers of the language, which is the active one."""
    return tuple(mark_safe(block) for block in render(text, prefix))  # noqa: S308 (render cleans it)


def turns_of(nodes: Sequence[MessageNode]) -> list[Turn]:
    """The turns of these messages, whatever their number, in four queries."""
    ids = [node.id for node in nodes]
    parts, runs = parts_of(ids), _newest_runs(ids)
    calls = {
        call.run_id: call for call in Call.objects.filter(run_id__in=[run.id for run in runs.values()], kind="chat")
    }
    return [_turn(node, parts.get(node.id, ()), runs.get(node.id), calls) for node in nodes]


def opening(plan: Plan, text: str) -> list[Turn]:
    """The two turns that a prompt at the end of a branch begins with, without asking the database for them."""
    run = RunView(
        id=plan.run_id,
        status=Run.Status.RUNNING,
        model=plan.model_label,
        format=formats.get(plan.format).label,
        metrics=[],
        error=None,
        note="",
    )
    prompt = MessageNode(plan.prompt_id, "user", None)
    answer = MessageNode(plan.message_id, "assistant", plan.prompt_id)
    return [
        Turn(id=prompt.id, role=prompt.role, version=prompt, text=text),
        Turn(id=answer.id, role=answer.role, version=answer, run=run),
    ]


def _newest_runs(message_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Run]:
    runs = Run.objects.filter(message__in=message_ids).select_related("model").order_by("id")
    return {run.message_id: run for run in runs}


def _turn(node: MessageNode, parts: Iterable[Part], run: Run | None, calls: dict) -> Turn:
    if node.role == "user":
        return Turn(id=node.id, role=node.role, version=node, text=said(parts))
    if run is not None and run.status == Run.Status.RUNNING:
        views = live_views(replayed(run))
    else:
        views = [_view(f"{node.id}-{index}", part) for index, part in enumerate(parts)]
    shown = None if run is None else run_view(run, calls.get(run.id))
    return Turn(id=node.id, role=node.role, version=node, parts=views, run=shown)


def live_views(progress: Progress) -> list[PartView]:
    return [live_view(f"{progress.message_id}-{index}", part) for index, part in enumerate(progress.live)]


def live_view(id: str, live: LivePart) -> PartView:
    """One part of a live run, rendered as far as it has come."""
    view = _described(id, live.part, live.ended)
    if live.stream:
        blocks = live.stream.finish() if live.ended else live.stream.sealed
        view.blocks = [mark_safe(block) for block in blocks]  # noqa: S308 (render cleans it)
        view.open_html = mark_safe("" if live.ended else live.stream.open_html())  # noqa: S308
    return view


def _view(id: str, part: Part) -> PartView:
    view = _described(id, part, ended=True)
    if isinstance(part, Text | Reasoning | Refusal):
        view.blocks = blocks_of(id, part.text, get_language())
    return view


def _described(id: str, part: Part, ended: bool) -> PartView:
    view = PartView(id=id, kind=kind_of(part), is_open=not ended)
    match part:
        case Reasoning():
            view.label = _thought(part, ended)
        case ToolCall():
            view.name, view.arguments = part.name, part.arguments
        case ToolResult():
            view.name, view.arguments = part.call_id, part.content
        case Image():
            view.url, view.label = _image_url(part), _("Image from the model")
        case Audio():
            view.label = part.transcript
        case Citation():
            view.url, view.label = part.url, part.title or part.url
    return view


def _thought(part: Reasoning, ended: bool) -> str:
    if not ended:
        return _("Reasoning…")
    if part.seconds is None:
        return _("Reasoning")
    return _("Reasoned for %(seconds)s s") % {"seconds": number_format(part.seconds, 1)}


RASTER = ("image/png", "image/jpeg", "image/gif", "image/webp")


def _image_url(part: Image) -> str:
    """What an img may load: raster bytes that came in the stream. An address elsewhere is a link, opened by click."""
    if part.data and part.media_type in RASTER:
        return f"data:{part.media_type};base64,{part.data}"
    return part.url if part.url.startswith(("http://", "https://")) else ""


def run_view(run: Run, call: Call | None) -> RunView:
    return RunView(
        id=run.id,
        status=run.status,
        model=str(run.model) if run.model else run.model_name,
        format=formats.get(run.format).label,
        metrics=final_metrics(call),
        error=run.error,
        note=_note(run),
        answered_model=run.answered_model if run.answered_model != run.model_name else "",
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
    if run.finish_reason == "content_filter":
        return _("Ended by the upstream's content filter.")
    if run.status == Run.Status.COMPLETED and run.truncated:
        return _("The stream ended without its closing mark: the answer may be cut.")
    return ""
