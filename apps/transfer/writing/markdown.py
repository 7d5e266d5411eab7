"""A conversation as Markdown, for people: what was said on the branch on show."""

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from apps.conversations.models import Conversation
from apps.conversations.parts import ASSET_PATH
from apps.conversations.queries import branch, parts_of
from apps.runs.models import Run
from apps.wire import formats
from apps.wire import messages as wire

from .shown import AT_ONCE, sections

_WHOLE = re.compile(ASSET_PATH.pattern + r"[\w.~%-]*", re.ASCII)


def markdown(conversation: Conversation, places: Mapping[str, str]) -> Iterator[str]:
    """Piece by piece; `places` are addresses of files by their ids."""
    yield f"# {one_line(str(conversation))}\n\n"
    yield f"{conversation.created_at:%Y-%m-%d %H:%M} UTC\n\n"
    if conversation.system_prompt:
        yield f"## {_('System prompt')}\n\n{conversation.system_prompt}\n\n"
    for section in sections(conversation):
        if section.title:
            yield f"# {one_line(section.title)}\n\n"
        yield from _turns(section.conversation, places, hidden=section.hidden)


def _turns(conversation: Conversation, places: Mapping[str, str], *, hidden: bool) -> Iterator[str]:
    nodes = branch(conversation)
    for start in range(0, len(nodes), AT_ONCE):
        ids = [node.id for node in nodes[start : start + AT_ONCE]]
        parts, runs = parts_of(ids), {run.message_id: run for run in Run.objects.filter(message__in=ids).order_by("id")}
        for node in nodes[start : start + AT_ONCE]:
            yield f"## {one_line(_who(node.role, None if hidden else runs.get(node.id)))}\n\n"
            for part in parts.get(node.id, ()):
                yield from _part(part, places)


def _who(role: str, run: Run | None) -> str:
    if role == "user":
        return _("You")
    return f"{run.model_name} · {formats.get(run.format).label}" if run else _("Answer")


def _part(part: wire.Part, places: Mapping[str, str]) -> Iterator[str]:
    match part:
        case wire.Text() | wire.Refusal():
            yield f"{_WHOLE.sub(lambda found: places.get(found[1], found[0]), part.text).strip()}\n\n"
        case wire.Reasoning() if part.text:
            quoted = "\n".join(f"> {line}".rstrip() for line in part.text.strip().split("\n"))
            yield f"> **{_('Reasoning')}**\n>\n{quoted}\n\n"
        case wire.ToolCall() | wire.HostedTool():
            yield f"**{one_line(part.name)}**\n\n{fenced(part.arguments, 'json')}\n\n"
        case wire.ToolResult():
            yield f"{fenced(part.content)}\n\n"
        case wire.Citation():
            yield f"- [{one_line(part.title or part.url)}](<{one_line(part.url)}>)\n\n"
        case wire.Image() | wire.Audio() | wire.File():
            yield f"{_file(part, places)}\n\n"


def _file(part: wire.Image | wire.Audio | wire.File, places: Mapping[str, str]) -> str:
    name = one_line(getattr(part, "name", "")) or _("a file")
    address = places.get(part.asset, "") or getattr(part, "url", "")
    sign = "!" if isinstance(part, wire.Image) else ""
    return f"{sign}[{name}](<{one_line(address)}>)" if address else f"[{name}]"


def fenced(text: str, language: str = "") -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def one_line(text: str) -> str:
    return " ".join(text.replace("<", "").replace(">", "").split())
