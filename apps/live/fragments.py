"""State to HTML: each frame holds only `<hx-partial>`s, made from the templates that make the page.

No template runs per token: the frame of a growing part is put together from its blocks by hand.
"""

import uuid

from django.template.loader import render_to_string
from django.utils.html import escape

from apps.conversations import queries
from apps.conversations.models import Conversation, Message
from apps.runs import pages, turns
from apps.runs.progress import LivePart, Progress
from apps.wire.messages import Reasoning


def partial(target: str, swap: str, html: str) -> str:
    return f'<hx-partial hx-target="{target}" hx-swap="{swap}">{html}</hx-partial>'


def body(seen) -> str:
    """The whole running answer so far; from here on only what changes is sent."""
    progress = seen.progress
    html = "".join(_part_html(f"{progress.message_id}-{index}", live) for index, live in enumerate(progress.live))
    seen.parts = [_extent(live) for live in progress.live]
    return partial(f"#body-{progress.message_id}", "innerHTML", html)


def delta(seen) -> str:
    """What came since the last frame: new parts, finished blocks, and the open ends."""
    progress, frame = seen.progress, ""
    for index, live in enumerate(progress.live):
        id = f"{progress.message_id}-{index}"
        if index == len(seen.parts):
            frame += partial(f"#body-{progress.message_id}", "beforeend", _part_html(id, live))
        elif seen.parts[index][1] != live.version:
            frame += _grown(id, live, seen.parts[index][0])
        else:
            continue
        seen.parts[index : index + 1] = [_extent(live)]
    return frame


def _extent(live: LivePart) -> tuple[int, int]:
    """Finished blocks and version; an ended part counts apart, so that its end is told."""
    return len(live.stream.sealed) if live.stream else 0, live.version


def _grown(id: str, live: LivePart, told: int) -> str:
    if live.stream is None or live.ended:
        # Thoughts fold when they end; anything else is morphed, so that a selection in it survives.
        swap = "outerHTML" if isinstance(live.part, Reasoning) else "outerMorph"
        return partial(f"#p-{id}", swap, _part_html(id, live))
    sealed = "".join(live.stream.sealed[told:])
    frame = partial(f"#o-{id}", "beforebegin", sealed) if sealed else ""
    return frame + partial(f"#o-{id}", "innerHTML", live.stream.open_html())


def _part_html(id: str, live: LivePart) -> str:
    return render_to_string("conversations/_part.html", {"part": turns.live_view(id, live)})


def metrics(progress: Progress) -> str:
    """The quiet line while the answer comes, and why nothing comes while a retry is waited for."""
    facts = [*progress.metrics(), *filter(None, [progress.waiting])]
    html = render_to_string("conversations/_metrics.html", {"run": {"model": progress.model, "metrics": facts}})
    return partial(f"#metrics-{progress.message_id}", "innerHTML", html)


def ended(message_id: uuid.UUID) -> str:
    """The finished turn, as a page would show it, in place of the running one."""
    message = Message.objects.select_related("conversation").filter(id=message_id).first()
    if message is None:
        return ""
    node = next((node for node in queries.path_to(message.conversation, message_id) if node.id == message_id), None)
    turn = turns.turns_of([node])[0]
    html = render_to_string("conversations/_turn.html", {"turn": turn, "conversation": message.conversation})
    return partial(f"#m-{message_id}", "outerMorph", html)


def thread(user, conversation_id: uuid.UUID) -> str:
    """The branch on show and its title, for a page that is behind."""
    conversation = Conversation.objects.for_user(user).select_related("head").filter(id=conversation_id).first()
    if conversation is None:
        return partial("#thread", "innerHTML", render_to_string("conversations/_gone.html"))
    context = {**pages.thread(conversation), "swap": "outerMorph"}
    return render_to_string("conversations/_thread_partial.html", context)


def history(user, shown: uuid.UUID | None) -> str:
    """The list of conversations, and the title of the one on show."""
    conversation = Conversation.objects.for_user(user).filter(id=shown).first() if shown else None
    context = {"history": queries.history(user), "conversation": conversation}
    html = partial("#recent", "innerHTML", render_to_string("conversations/_history_groups.html", context))
    if conversation is not None:
        html += partial("#title", "innerHTML", escape(str(conversation)))
    return html


def version_of(user, conversation_id: uuid.UUID) -> int | None:
    return Conversation.objects.for_user(user).filter(id=conversation_id).values_list("version", flat=True).first()
