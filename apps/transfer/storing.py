"""A record into the database: all of it in one transaction, or nothing of it."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.conversations.models import Conversation, Draft, Folder, Message, Part, Tag
from apps.conversations.parts import ASSET_PATH, dump_part, files_of
from apps.media import hold
from apps.media.models import Asset
from apps.runs.models import Comparison, Round, Run, Vote
from apps.runs.tools.library import find as find_tool
from apps.upstreams.models import Model
from apps.wire import formats
from apps.wire import messages as wire
from apps.work import storable
from apps.work.ids import new_id
from apps.work.prepared import insert

from . import renewing, schema
from .faults import said_of
from .models import Origin
from .refusals import NotTaken
from .writing.records import RUN, SAME

MOST_AT_ONCE = 500
MOST_MESSAGES = 100_000


class Place(msgspec.Struct):
    """Where records of one import go: to whom, with which models, and with which files, by their ids there."""

    owner: Any
    models: Mapping[tuple[str, str], Model]
    assets: Mapping[str, str] = {}

    def model(self, wanted: schema.ModelName | None) -> Model | None:
        """The model of that name, of the upstream of that name if there is one."""
        if wanted is None:
            return None
        return self.models.get((wanted.upstream, wanted.name)) or self.models.get(("", wanted.name))


def store(*, record: schema.Conversation, place: Place, source: str, origin: str, digest: str) -> Conversation:
    """Within the caller's transaction. Raises NotTaken with a sentence."""
    check(record)
    if not renewing.is_free(record, place.owner):
        renewing.renew(record)
    carried: dict[str, Any] = {}
    talk = _conversation(record, place, carried)
    _messages(record, talk, place)
    if record.comparison:
        _comparison(record.comparison, talk, place, carried)
    if record.draft:
        Draft.objects.create(owner=place.owner, conversation=talk, text=storable.text(record.draft))
    Origin.objects.create(
        conversation=talk, owner=place.owner, source=source, record=origin[:200], digest=digest, carried=carried
    )
    return talk


def arrange(order: schema.Order, owner) -> None:
    """All folders and tags, also those that hold nothing."""
    for path in order.folders:
        _folder(path, owner)
    for tag in order.tags:
        _tag(tag, owner)


def check(record: schema.Conversation) -> None:
    """What a schema cannot say: formats that are known, parents that are there, nothing twice, nothing in a circle."""
    names = {each.format for each in (*renewing.all_of(record), *renewing.runs_of(record))}
    if unknown := sorted(names - formats.FORMATS.keys()):
        raise NotTaken(_("The wire format “%(name)s” is not known here.") % {"name": unknown[0]})
    if (record.kind == "comparison") != (record.comparison is not None) or record.kind == "column":
        raise NotTaken(_("It is neither a whole chat nor a whole comparison."))
    ids = [message.id for message in renewing.messages_of(record)]
    if len(ids) > MOST_MESSAGES:
        raise NotTaken(_("It has more than %(most)d messages.") % {"most": MOST_MESSAGES})
    if len(set(ids)) < len(ids):
        raise NotTaken(_("One of its messages is there twice."))
    for each in renewing.all_of(record):
        each.messages = _parents_first(each.messages)
    _check_rounds(record)


def _parents_first(messages: list[schema.Message]) -> list[schema.Message]:
    seen: set[uuid.UUID | None] = {None}
    if all(message.parent in seen and not seen.add(message.id) for message in messages):
        return messages
    children: dict[uuid.UUID | None, list[schema.Message]] = {}
    for message in messages:
        children.setdefault(message.parent, []).append(message)
    found = children.get(None, [])[:]
    for message in found:  # grows while it is walked
        found += children.get(message.id, ())
    if len(found) < len(messages):
        raise NotTaken(_("Some of its messages hang on nothing, or on each other."))
    return found


def _check_rounds(record: schema.Conversation) -> None:
    prompts = {message.id for message in record.messages}
    columns = {None, *(each.id for each in renewing.all_of(record)[1:])}
    for round in renewing.rounds_of(record):
        voted = round.vote.column if round.vote else None
        if round.prompt not in prompts or not {round.column, voted} <= columns:
            raise NotTaken(_("A prompt or a column of the comparison is missing."))
    if any(column.kind != "column" or column.comparison for column in renewing.all_of(record)[1:]):
        raise NotTaken(_("It is neither a whole chat nor a whole comparison."))


def _conversation(
    record: schema.Conversation, place: Place, carried: dict[str, Any], cover: Conversation | None = None
) -> Conversation:
    fields = {name: storable.data(_plain(getattr(record, name))) for name in SAME}
    model = place.model(record.model)
    tools, missing = _tools(record.tools, place.owner)
    folder = _folder(record.folder, place.owner)
    talk = Conversation(**fields, owner=place.owner, model=model, tools=tools, column_of=cover, folder=folder)
    insert(talk, as_is=True)
    talk.tags.set([_tag(tag, place.owner) for tag in record.tags])
    kept = {"model": msgspec.to_builtins(record.model)} if record.model and not model else {}
    if kept := kept | ({"tools": missing} if missing else {}):
        carried[str(talk.pk)] = kept
    return talk


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct | list) else value


def _tools(names: list[str], owner) -> tuple[list[str], list[str]]:
    """What the conversation keeps of its tools, and the names of those that the owner does not have."""
    found, missing = [], []
    for name in map(storable.text, names):
        try:
            found.append(find_tool(owner, name))
        except LookupError:
            missing.append(name)
    return found, missing


def _folder(names: list[str], owner) -> Folder | None:
    folder = None
    for name in map(storable.text, names):
        known = Folder.objects.for_user(owner).filter(name=name, parent=folder).first()
        position = 0 if known else Folder.objects.for_user(owner).count()
        folder = known or Folder.objects.create(owner=owner, name=name, parent=folder, position=position)
    return folder


def _tag(tag: schema.Tag, owner) -> Tag:
    name = storable.text(tag.name)
    known = Tag.objects.for_user(owner).filter(name__iexact=name).first()
    return known or Tag.objects.create(owner=owner, name=name, color=tag.color)


def _messages(record: schema.Conversation, talk: Conversation, place: Place) -> None:
    messages = [
        Message(id=each.id, conversation=talk, parent_id=each.parent, role=each.role, created_at=each.created_at)
        for each in record.messages
    ]
    _insert_all(messages)
    asset = _asset_ids(record, place)
    rows, held = [], []
    for each in record.messages:
        parts = [_part(fields, asset) for fields in each.parts]
        rows += [Part(message_id=each.id, index=index, **dump_part(part)) for index, part in enumerate(parts)]
        held += [(each, id) for part in parts for id in files_of(part)]
    _insert_all(rows)
    _insert_all([_run(run, each, talk, place) for each in record.messages for run in each.runs])
    _hold(held, place.owner)
    if record.head and any(record.head == each.id for each in record.messages):
        Conversation.objects.filter(pk=talk.pk).update(head=record.head)


def _insert_all(rows: list[Any]) -> None:
    for start in range(0, len(rows), MOST_AT_ONCE):
        insert(*rows[start : start + MOST_AT_ONCE], as_is=True)


def read_part(fields: Mapping[str, Any]) -> wire.Part:
    """Raises NotTaken for what is no part."""
    try:
        if fields.get("opaque") is not None:
            fields = {**fields, "opaque": json.loads(fields["opaque"])}
        return msgspec.convert(fields, wire.Part)
    except (msgspec.ValidationError, TypeError, ValueError, RecursionError) as error:
        raise NotTaken(_("A part of a message cannot be read: %(error)s") % {"error": said_of(error)}) from error


def _part(fields: Mapping[str, Any], asset: Callable[[str], str]) -> wire.Part:
    """With the ids that its files have here."""
    part = read_part(fields)
    if isinstance(part, wire.Text) and "/assets/" in part.text:
        text = ASSET_PATH.sub(lambda found: f"/assets/{asset(found[1])}/", part.text)
        return msgspec.structs.replace(part, text=text)
    if isinstance(part, wire.Image | wire.Audio | wire.File) and part.asset:
        return msgspec.structs.replace(part, asset=asset(part.asset))
    return part


def _asset_ids(record: schema.Conversation, place: Place) -> Callable[[str], str]:
    """The id here of a file's id in the record. What did not come along and is not the owner's is the id of nothing:
    the id of somebody else's file would show it."""
    known: dict[str, str] = {}

    def id_here(id: str) -> str:
        if id not in known:
            known[id] = place.assets.get(id) or _own_or_nothing(id, place.owner)
        return known[id]

    return id_here


def _own_or_nothing(id: str, owner) -> str:
    try:
        found = Asset.objects.filter(pk=uuid.UUID(id)).first()
    except ValueError:
        return ""
    return id if found is None or found.owner_id == owner.pk else str(new_id())


def _run(run: schema.Run, message: schema.Message, talk: Conversation, place: Place) -> Run:
    fields = {name: storable.data(_plain(getattr(run, name))) for name in RUN}
    return Run(
        **fields,
        user=place.owner,
        conversation=talk,
        message_id=message.id,
        model=place.model(schema.ModelName(upstream=run.upstream, name=run.model)),
        model_name=storable.text(run.model),
        upstream_name=storable.text(run.upstream),
        heartbeat_at=run.finished_at or run.created_at,
        brought_calls=storable.data(msgspec.to_builtins(run.calls)),
    )


def _hold(held: list[tuple[schema.Message, str]], owner) -> None:
    """The files stay as long as the messages; of what a model made it is known again where."""
    for message, id in held:
        hold.use(owner_id=owner.pk, asset_ids=[id], message_id=message.id)
        if message.runs:
            made = Asset.objects.filter(pk=id, owner=owner, origin=Asset.Origin.RUN, message_id=None)
            made.update(message_id=message.id, run_id=message.runs[-1].id)


def _comparison(told: schema.Comparison, cover: Conversation, place: Place, carried: dict[str, Any]) -> None:
    comparison = Comparison.objects.create(conversation=cover, blind=told.blind, revealed_at=told.revealed_at)
    for column in told.columns:
        _messages(column, _conversation(column, place, carried, cover), place)
    for each in told.rounds:
        round = Round(id=each.id, comparison=comparison, prompt_id=each.prompt, turn_id=each.turn_id)
        round.column_id = each.column
        insert(round, as_is=True)
        if each.vote:
            vote = Vote(round=round, given_at=each.vote.given_at, changed_at=each.vote.changed_at)
            vote.column_id = each.vote.column
            insert(vote, as_is=True)
