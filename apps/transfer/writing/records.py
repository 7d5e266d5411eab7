"""Conversations as records of the product's own format. No keys and no secrets are in what is read here."""

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import QuerySet

from apps.conversations.models import Conversation, Draft, Folder, Message, Part
from apps.conversations.parts import load_part
from apps.runs.models import Comparison, Round, Run, Tool
from apps.runs.reaper import replayed
from apps.usage.models import Call
from apps.wire import messages as wire

from .. import schema
from ..models import Origin

SAME = ("id", "kind", "title", "title_source", "format", "format_chosen", "web_search", "keep_state", "extra")
SAME += ("system_prompt", "parameters", "set_aside", "tool_choice", "tool_rounds", "response_schema")
SAME += ("pinned_at", "archived_at", "created_at", "updated_at")
RUN = ("id", "turn_id", "status", "format", "system_prompt", "parameters", "web_search", "extra", "left_out")
RUN += ("previous_id", "answer_id", "tools", "tool_choice", "tool_rounds", "response_schema", "violations")
RUN += ("created_at", "finished_at", "finish_reason", "truncated", "answered_model", "error")
CALL = schema.Call.__struct_fields__


def listed(user) -> QuerySet[Conversation]:
    """What a person has, oldest first: neither columns by themselves, nor what was asked to try a model."""
    found = Conversation.objects.for_user(user).filter(column_of=None)
    return found.exclude(columns__kind=Conversation.Kind.CHAT).order_by("pk")


def record_of(conversation: Conversation) -> schema.Conversation:
    """The whole conversation: each message of each branch, and its columns if it is a comparison."""
    carried = _carried(conversation)
    fields = {name: getattr(conversation, name) for name in SAME}
    fields["response_schema"] = msgspec.convert(conversation.response_schema, schema.Shape | None)
    return schema.Conversation(
        **fields,
        model=_model(conversation, carried),
        tools=_tools(conversation, carried),
        head=conversation.head_id,
        folder=folder_path(conversation.folder),
        tags=_tags(conversation),
        draft=_draft(conversation),
        messages=_messages(conversation),
        comparison=_comparison(conversation),
    )


def _carried(conversation: Conversation) -> dict[str, Any]:
    """What its record said at its import and had no place here; a column's stands with its cover."""
    origin = Origin.objects.filter(pk=conversation.column_of_id or conversation.pk).first()
    return origin.carried.get(str(conversation.pk), {}) if origin else {}


def _model(conversation: Conversation, carried: dict[str, Any]) -> schema.ModelName | None:
    model = conversation.model
    if model is None:
        return msgspec.convert(carried["model"], schema.ModelName) if "model" in carried else None
    return schema.ModelName(upstream=model.upstream.name, name=model.name)


def _tools(conversation: Conversation, carried: dict[str, Any]) -> list[str]:
    """Names: ids are of this instance alone, and a tool's address may hold a secret."""
    ids = [id for id in conversation.tools if _is_id(id)]
    names = dict(Tool.objects.filter(owner=conversation.owner_id, pk__in=ids).values_list("pk", "name"))
    known = [names.get(uuid.UUID(id)) if _is_id(id) else id for id in conversation.tools]
    return sorted({name for name in (*known, *carried.get("tools", ())) if name})


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def folder_path(folder: Folder | None) -> list[str]:
    """Its names, from the outermost inwards."""
    return [*folder_path(folder.parent), folder.name] if folder else []


def _tags(conversation: Conversation) -> list[schema.Tag]:
    return [schema.Tag(name=tag.name, color=tag.color) for tag in conversation.tags.order_by("name")]


def _draft(conversation: Conversation) -> str:
    draft = Draft.objects.filter(conversation=conversation, owner=conversation.owner_id).first()
    return draft.text if draft else ""


def _messages(conversation: Conversation) -> list[schema.Message]:
    parts: dict[uuid.UUID, list[Part]] = {}
    for part in Part.objects.filter(message__conversation=conversation).order_by("message", "index"):
        parts.setdefault(part.message_id, []).append(part)
    runs = _runs(conversation)
    return [
        schema.Message(
            id=message.pk,
            parent=message.parent_id,
            role=message.role,
            created_at=message.created_at,
            parts=_said(parts.get(message.pk, ()), runs.get(message.pk, ())),
            runs=[_run(run, calls) for run, calls in runs.get(message.pk, ())],
        )
        for message in Message.objects.filter(conversation=conversation).order_by("pk")
    ]


def _said(rows: Iterable[Part], runs: Sequence[tuple[Run, Any]]) -> list[dict[str, Any]]:
    """The parts; of an answer that is being written, as far as it has come."""
    if runs and runs[-1][0].status == Run.Status.RUNNING:
        return [part_record(part) for part in replayed(runs[-1][0]).parts]
    return [part_record(load_part(row)) for row in rows]


def part_record(part: wire.Part) -> dict[str, Any]:
    fields = {"kind": wire.kind_of(part), **msgspec.to_builtins(part)}
    if (opaque := getattr(part, "opaque", None)) is not None:
        fields["opaque"] = json.dumps(opaque)
    return fields


def _runs(conversation: Conversation) -> dict[uuid.UUID, list[tuple[Run, list[Call]]]]:
    runs = list(Run.objects.filter(conversation=conversation).order_by("pk"))
    calls: dict[uuid.UUID, list[Call]] = {}
    for call in Call.objects.filter(run_id__in={run.origin_id for run in runs}).order_by("pk"):
        calls.setdefault(call.run_id, []).append(call)
    found: dict[uuid.UUID, list[tuple[Run, list[Call]]]] = {}
    for run in runs:
        found.setdefault(run.message_id, []).append((run, calls.get(run.origin_id, [])))
    return found


def _run(run: Run, calls: Sequence[Call]) -> schema.Run:
    fields = {name: getattr(run, name) for name in RUN}
    if run.status == Run.Status.RUNNING:
        fields["status"] = Run.Status.INTERRUPTED
    fields["tools"] = msgspec.convert(run.tools, list[schema.Tool])
    fields["response_schema"] = msgspec.convert(run.response_schema, schema.Shape | None)
    made = [schema.Call(**{name: getattr(call, name) for name in CALL}) for call in calls]
    brought = msgspec.convert(run.brought_calls, list[schema.Call])
    return schema.Run(**fields, upstream=run.upstream_name, model=run.model_name, calls=brought or made)


def _comparison(conversation: Conversation) -> schema.Comparison | None:
    if conversation.kind != Conversation.Kind.COMPARISON:
        return None
    found = Comparison.objects.get(pk=conversation.pk)
    columns = Conversation.objects.filter(column_of=conversation).select_related("model__upstream").order_by("pk")
    return schema.Comparison(
        blind=found.blind,
        revealed_at=found.revealed_at,
        columns=[record_of(column) for column in columns],
        rounds=[_round(each) for each in found.rounds.select_related("vote").order_by("pk")],
    )


def _round(each: Round) -> schema.Round:
    vote = getattr(each, "vote", None)
    told = schema.Vote(column=vote.column_id, given_at=vote.given_at, changed_at=vote.changed_at) if vote else None
    return schema.Round(id=each.pk, prompt=each.prompt_id, column=each.column_id, turn_id=each.turn_id, vote=told)
