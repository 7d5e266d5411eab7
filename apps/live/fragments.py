"""State to HTML: each frame holds only `<hx-partial>`s, made from the templates that make the page.

No template runs per token: the frame of a growing part is put together from its blocks by hand.
"""

import json
import uuid
from collections.abc import Mapping, Sequence

from django.db.models import UUIDField
from django.template.loader import render_to_string
from django.utils.html import escape

from apps.conversations import queries
from apps.conversations.models import Conversation, Message
from apps.conversations.render.escape import fit
from apps.runs import cited, pages, turns
from apps.runs.cards import SHORT
from apps.runs.compare import board
from apps.runs.progress import LivePart, Progress
from apps.usage.budgets import notices
from apps.wire.messages import Citation, Reasoning, ToolCall
from apps.work.prepared import Select, Slot

_message = Select(lambda: Message.objects.select_related("conversation").filter(id=Slot("id", UUIDField())))
SOUND_FRAME = 256 * 1024


def partial(target: str, swap: str, html: str) -> str:
    return f'<hx-partial hx-target="{target}" hx-swap="{swap}">{html}</hx-partial>'


def body(seen) -> str:
    """The whole running answer so far; from here on only what changes is sent."""
    progress = seen.progress
    progress.cite()
    shown = [(index, live) for index, live in enumerate(progress.live) if live.stands_alone]
    html = "".join(_part_html(f"{progress.message_id}-{index}", live) for index, live in shown)
    seen.parts = [_extent(live) for live in progress.live]
    return partial(f"#body-{progress.message_id}", "innerHTML", html) + sources(progress)


def delta(seen) -> str:
    """What came since the last frame: new parts, finished blocks, and the open ends."""
    progress, frame = seen.progress, ""
    progress.cite()
    for index, live in enumerate(progress.live):
        id = f"{progress.message_id}-{index}"
        if index == len(seen.parts):
            frame += _begun(progress, id, live)
        elif seen.parts[index][1] != live.version:
            frame += _grown(id, live, seen.parts[index])
        else:
            continue
        seen.parts[index : index + 1] = [_extent(live)]
    return frame


def _begun(progress: Progress, id: str, live: LivePart) -> str:
    if isinstance(live.part, Citation):
        return sources(progress)
    return partial(f"#body-{progress.message_id}", "beforeend", _part_html(id, live)) if live.stands_alone else ""


def sources(progress: Progress) -> str:
    """What the answer rests on so far."""
    found = cited.sources(progress.message_id, progress.transcript.parts)
    html = render_to_string("conversations/_sources.html", {"sources": found})
    return partial(f"#sources-{progress.message_id}", "innerHTML", html) if found else ""


def _extent(live: LivePart) -> tuple[int, int, int]:
    """Finished blocks, or letters of a call, version and edition; an ended part counts apart: its end is told."""
    if isinstance(live.part, ToolCall):
        return len(live.part.arguments), live.version, live.edition
    return len(live.stream.sealed) if live.stream else 0, live.version, live.edition


def _grown(id: str, live: LivePart, extent: tuple[int, int, int]) -> str:
    told, _version, edition = extent
    if isinstance(live.part, ToolCall) and not live.ended:
        return _written(id, live.part, told)
    if live.stream is None or live.ended or live.edition != edition:
        # Thoughts fold when they end; anything else is morphed, so that a selection in it survives.
        swap = "outerHTML" if isinstance(live.part, Reasoning) else "outerMorph"
        return partial(f"#p-{id}", swap, _part_html(id, live))
    sealed = "".join(live.stream.sealed[told:])
    frame = partial(f"#o-{id}", "beforebegin", sealed) if sealed else ""
    return frame + partial(f"#o-{id}", "innerHTML", live.stream.open_html())


def _written(id: str, call: ToolCall, told: int) -> str:
    """More of a call's arguments, added to what is there: a card that a reader has opened stays so."""
    frame = partial(f"#a-{id}", "beforeend", escape(fit(call.arguments[told:])))
    if told < SHORT:
        frame += partial(f"#s-{id}", "innerHTML", escape(fit(call.arguments[:SHORT])))
    return frame


def _part_html(id: str, live: LivePart) -> str:
    return render_to_string("conversations/_part.html", {"part": turns.live_view(id, live)})


def metrics(progress: Progress) -> str:
    """The quiet line while the answer comes, and why nothing comes while a retry is waited for."""
    if progress.is_hidden:
        return ""
    facts = [*progress.metrics(), *filter(None, [progress.waiting])]
    html = render_to_string("conversations/_metrics.html", {"run": {"model": progress.model, "metrics": facts}})
    return partial(f"#metrics-{progress.message_id}", "innerHTML", html)


def sounds(message_id: uuid.UUID, first: int, pieces: Sequence[str]) -> list[str]:
    """Base64 of 24 kHz mono 16-bit samples, some at a time: a frame has a greatest size. `first` is the number of the
    first piece, so that a page that comes back plays nothing twice."""
    groups: list[list[str]] = [[]]
    size = 0
    for piece in pieces:
        if groups[-1] and size + len(piece) > SOUND_FRAME:
            groups.append([])
            size = 0
        groups[-1].append(piece)
        size += len(piece)
    frames = []
    for group in groups:
        frames.append(json.dumps({"sound": str(message_id), "first": first, "pieces": group}))
        first += len(group)
    return frames


def jobs(changed: Mapping[uuid.UUID, bool]) -> str:
    """Names of jobs that have changed, and of those that are gone."""
    names = {False: list[str](), True: list[str]()}
    for id, is_gone in changed.items():
        names[is_gone].append(str(id))
    return json.dumps({"jobs": names[False], "gone": names[True]})


def ended(message_id: uuid.UUID) -> str:
    """The finished turn, as a page would show it, in place of the running one."""
    message = _message.first(id=message_id)
    if message is None:
        return ""
    left = budget_left(message.conversation.owner_id)
    if message.conversation.column_of_id:
        return comparison(message.conversation) + left
    turn = turns.turns_of([queries.node_of(message)])[0]
    html = render_to_string("conversations/_turn.html", {"turn": turn, "conversation": message.conversation})
    return partial(f"#m-{message_id}", "outerMorph", html) + left


def budget_left(user_id: int) -> str:
    """What is left of the person's budgets, once something of them was used."""
    found = notices.left(user_id)
    return partial("#budget-left", "outerHTML", render_to_string("usage/_left.html", found)) if found else ""


def thread(user, conversation_id: uuid.UUID) -> str:
    """The branch on show and its title, for a page that is behind."""
    conversation = Conversation.objects.for_user(user).select_related("head").filter(id=conversation_id).first()
    if conversation is None:
        return partial("#thread", "innerHTML", render_to_string("conversations/_gone.html"))
    if conversation.kind != Conversation.Kind.CHAT:
        return comparison(conversation)
    context = {**pages.thread(conversation), "swap": "outerMorph"}
    return render_to_string("conversations/_thread_partial.html", context)


def comparison(conversation: Conversation) -> str:
    """All columns of the comparison that this is, or is a column of. Answers that grow are left as they are."""
    return render_to_string("compare/_board_partial.html", board.of_column(conversation))


def history(user, shown: uuid.UUID | None, ordered: bool = False) -> str:
    """The list of conversations, and the title of the one on show; `ordered`: what else lists them reads anew."""
    conversation = queries.mine(user, shown) if shown else None
    context = {"history": queries.history(user), "conversation": conversation}
    html = partial("#recent", "innerMorph", render_to_string("conversations/_history_groups.html", context))
    if ordered:
        html += partial("#order-news", "innerHTML", "<i></i>")
    if conversation is not None:
        html += partial("#title", "innerHTML", escape(str(conversation)))
    return html


def version_of(user, conversation_id: uuid.UUID) -> int | None:
    return Conversation.objects.for_user(user).filter(id=conversation_id).values_list("version", flat=True).first()
