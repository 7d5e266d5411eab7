"""What a format cannot carry of what a person wants sent. It is left out, named in the page, and noted with the run.

A thing left out is a pair: its kind, and its own name for people (a parameter's label, a file's name), '' without one.
Kinds: parameter, extra, format, tools, strict, schema, web_search, state, thoughts, hosted_tool, and image, pdf, audio,
video, text_file, which begin with `model_` where it is the model that cannot take them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.conversations import queries
from apps.conversations.models import Conversation, Message
from apps.conversations.models import Part as StoredPart
from apps.conversations.parts import load_part
from apps.conversations.render.escape import fit as fit_text
from apps.upstreams.chat_formats import can_search
from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire import messages as wire
from apps.wire.messages import Audio, File, GenerationRequest, HostedTool, Image, Part, Reasoning

from .attachments import NEEDS

Left = tuple[str, str]
OF_MODEL = "model_"
SIGNATURE = "thoughtSignature"
_ABILITIES = dict(NEEDS.values())


def kind_of_attachment(part: Part) -> str:
    """Which of `Format.takes` a part needs; '' for one that every format carries."""
    if isinstance(part, Image):
        return "image"
    if isinstance(part, Audio):
        return "audio"
    if not isinstance(part, File):
        return ""
    if part.media_type == "application/pdf":
        return "pdf"
    return "video" if part.media_type.startswith("video/") else "text_file"


def foreign(parts: Iterable[Part], format: str) -> list[Left]:
    """What only the format that gave it can read: signed thoughts, and what its upstream's own tools found."""
    owns = formats.get(format).owns
    kinds = {_given_as(part) for part in parts if owns.isdisjoint(getattr(part, "opaque", None) or owns)}
    return [(kind, "") for kind in ("thoughts", "hosted_tool") if kind in kinds]


def _given_as(part: Part) -> str:
    """Gemini signs its thoughts on whatever part follows them."""
    if isinstance(part, HostedTool):
        return "hosted_tool"
    return "thoughts" if isinstance(part, Reasoning) or SIGNATURE in (getattr(part, "opaque", None) or ()) else ""


def _why_not(part: Part, takes: frozenset[str], model: Model | None) -> Left | None:
    """The part as a thing left out, because of the format or else of the model; None where both carry it."""
    kind = kind_of_attachment(part)
    if not kind:
        return None
    name = getattr(part, "name", "")
    if kind not in takes:
        return kind, name
    return (OF_MODEL + kind, name) if model and not model.can(_ABILITIES[kind]) else None


def fit(request: GenerationRequest, format: str, model: Model | None) -> tuple[GenerationRequest, list[Left]]:
    """The request without what the format cannot carry, and what that is."""
    takes, left = formats.get(format).takes, list[Left]()
    messages = tuple(_fitting(message, takes, model, left) for message in request.messages)
    changes: dict[str, Any] = {}
    if left:
        changes["messages"] = tuple(message for message in messages if message.parts)
    left += foreign((part for message in request.messages for part in message.parts), format)
    if request.tools and "tools" not in takes:
        changes |= {"tools": (), "tool_choice": ""}
        left.append(("tools", ""))
    if "strict" not in takes and any(tool.strict for tool in request.tools):
        changes["tools"] = tuple(msgspec.structs.replace(tool, strict=False) for tool in request.tools)
        left += [("strict", tool.name) for tool in request.tools if tool.strict]
    if request.response_schema and "schema" not in takes:
        changes["response_schema"] = None
        left.append(("schema", ""))
    if request.web_search and not (model and can_search(model, format)):
        changes["web_search"] = False
        left.append(("web_search", ""))
    return msgspec.structs.replace(request, **changes) if changes else request, left


def _fitting(message: wire.Message, takes: frozenset[str], model: Model | None, left: list[Left]) -> wire.Message:
    """The message with the parts that fit; most have only those, and are given back as they are."""
    found = [_why_not(part, takes, model) for part in message.parts]
    strange = [reason for reason in found if reason]
    if not strange:
        return message
    left += strange
    kept = (part for part, reason in zip(message.parts, found, strict=True) if reason is None)
    return msgspec.structs.replace(message, parts=tuple(kept))


def carried(conversation: Conversation) -> list[Part]:
    """What the branch on show carries beside its texts: files of prompts, thoughts and findings of answers."""
    brought = Q(message__role=Message.Role.USER, kind__in=("image", "audio", "file"))
    opaque = Q(kind__in=("reasoning", "hosted_tool")) | Q(data__opaque__icontains=SIGNATURE)
    given = opaque & Q(message__role=Message.Role.ASSISTANT)
    rows = list(StoredPart.objects.filter(brought | given, message__conversation=conversation).order_by("id"))
    shown = {node.id for node in queries.branch(conversation)} if rows else set()
    return [load_part(row) for row in rows if row.message_id in shown]


def left_of(parts: Iterable[Part], format: str, model: Model) -> list[Left]:
    """What of these the format or the model cannot carry."""
    takes, parts = formats.get(format).takes, list(parts)
    return [*(reason for part in parts if (reason := _why_not(part, takes, model))), *foreign(parts, format)]


def sentences(left: Iterable[Sequence[str]], format: str, model: str) -> list[str]:
    """What was left out, in the reader's words; each thing once."""
    known = {"format": formats.get(format).label, "model": model}
    return list(dict.fromkeys(_sentence(kind, name, known) for kind, name in left))


def _sentence(kind: str, name: str, known: dict[str, str]) -> str:
    named = {
        "parameter": _("{format} has no {name}: it was left out."),
        "strict": _("{format} cannot hold a call to its schema: {name} is sent as a tool that is not strict."),
        "image": _("{who} takes no images: {name} is not sent."),
        "pdf": _("{who} takes no PDF: {name} is not sent."),
        "audio": _("{who} takes no audio: {name} is not sent."),
        "video": _("{who} takes no video: {name} is not sent."),
        "text_file": _("{who} takes no text files: {name} is not sent."),
    }
    plain = {
        "extra": _("The extra JSON is merged in as it is: check that it is what {format} understands."),
        "image": _("{who} takes no images: those of this conversation are not sent."),
        "pdf": _("{who} takes no PDF: those of this conversation are not sent."),
        "audio": _("{who} takes no audio: that of this conversation is not sent."),
        "video": _("{who} takes no video: that of this conversation is not sent."),
        "text_file": _("{who} takes no text files: those of this conversation are not sent."),
        "tools": _("{format} takes no tools: none are sent."),
        "schema": _("{format} takes no JSON schema: none is sent."),
        "web_search": _("{model} does not search the web by {format}: it is not asked to."),
        "state": _("{format} keeps nothing at the upstream: the whole conversation is sent."),
        "thoughts": _("{format} cannot read the thoughts that another format signed: they are not sent back."),
        "hosted_tool": _("{format} cannot read what another format's own tools found: only the answers are sent."),
        "format": _("{model} is not offered in {name}: {format} is used."),
    }
    bare = kind.removeprefix(OF_MODEL)
    template = named.get(bare) if name else None
    who = known["model"] if kind != bare else known["format"]
    words = _(name) if kind == "parameter" and name else fit_text(name)
    return (template or plain.get(bare, "{name}")).format(**known, who=who, name=words)
