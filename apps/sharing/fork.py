"""What a link shows as the beginning of the reader's own conversation."""

import uuid
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _
from msgspec.structs import replace

from apps.conversations import edit
from apps.conversations.models import Conversation, Message, Part
from apps.conversations.parts import ASSET_PATH, dump_part, files_of
from apps.media import hold, store
from apps.media.models import Asset
from apps.runs.metrics import Spent
from apps.runs.models import Run
from apps.upstreams.models import Model
from apps.upstreams.queries import default_model
from apps.wire import formats
from apps.wire import messages as wire
from apps.work.ids import new_id

from . import content as frozen
from .models import Revision


def model_for(reader, revision: Revision) -> Model | None:
    """The model of the last answer where the reader may use it, else the one that they begin with."""
    same = Model.objects.for_user(reader).filter(pk=revision.model_id).first() if revision.model_id else None
    return same or default_model(reader)


def fork(*, revision: Revision, reader) -> Conversation:
    """Raises NotTaken, before anything is made, where the files are more than the reader may keep."""
    content = frozen.load(revision.content)
    kept = _copied(revision, reader)
    with transaction.atomic():
        return _Fork(content, reader, kept, model_for(reader, revision)).made()


def _copied(revision: Revision, reader) -> dict[str, Asset]:
    """The reader's own copies of the files, by their ids in the revision."""
    rows = list(revision.files.select_related("asset"))
    store.check_room(reader, [row.asset for row in rows])
    return {str(row.pk): store.keep_copy(owner=reader, asset=row.asset) for row in rows}


class _Fork:
    def __init__(self, content: frozen.Content, reader, kept: dict[str, Asset], model: Model | None):
        self._content, self._reader, self._kept, self._model = content, reader, kept, model
        self._messages: dict[int, Message] = {}

    def made(self) -> Conversation:
        self._talk = self._begun()
        self._lay_down(self._content.turns, None)
        head = self._messages[self._content.turns[-1].number]
        for branch in self._content.branches:
            self._lay_down(branch.turns, self._messages.get(branch.after))
        edit.show_version(conversation=self._talk, message=head)
        return self._talk

    def _begun(self) -> Conversation:
        last = next((turn.made for turn in reversed(self._content.turns) if turn.made), None)
        format = self._format(last)
        same = last is not None and format == last.format
        return edit.create(
            owner=self._reader,
            model=self._model,
            format=format,
            system_prompt=self._content.system_prompt,
            parameters=_known(last) if same and last else {},
            first_text=self._content.title,
        )

    def _format(self, last: frozen.Made | None) -> str:
        if self._model is None:
            return last.format if last else "openai_chat"
        return last.format if last and last.format in self._model.formats else self._model.default_format

    def _lay_down(self, turns, parent: Message | None) -> None:
        messages, rows = [], []
        for turn in turns:
            parent = Message(conversation=self._talk, parent=parent, role=turn.role)
            self._messages[turn.number] = parent
            messages.append(parent)
            parts = [self._part(part) for part in turn.parts]
            rows += [Part(message=parent, index=index, **dump_part(part)) for index, part in enumerate(parts)]
        Message.objects.bulk_create(messages)
        Part.objects.bulk_create(rows)
        self._hold(messages, turns)
        runs = (self._run(turn.made, message) for turn, message in zip(turns, messages, strict=True) if turn.made)
        Run.objects.bulk_create(runs)

    def _hold(self, messages, turns) -> None:
        for message, turn in zip(messages, turns, strict=True):
            held = [id for part in turn.parts for id in files_of(self._part(part))]
            if held:
                hold.use(owner_id=self._reader.pk, asset_ids=held, message_id=message.pk)

    def _part(self, part: wire.Part) -> wire.Part:
        if isinstance(part, wire.Text) and "/assets/" in part.text:
            return wire.Text(ASSET_PATH.sub(lambda found: f"/assets/{self._id(found[1])}/", part.text))
        if isinstance(part, wire.Image | wire.Audio | wire.File) and part.asset:
            return replace(part, asset=self._id(part.asset))
        return part

    def _id(self, shared: str) -> str:
        return str(self._kept[shared].pk) if shared in self._kept else str(uuid.UUID(int=0))

    def _run(self, made: frozen.Made, message: Message) -> Run:
        """Who wrote the answer. What it took was the sharer's: it is told, and stands in nobody's ledger."""
        return Run(
            user=self._reader,
            conversation=self._talk,
            message=message,
            turn_id=new_id(),
            model_name=made.model,
            format=made.format,
            status=made.status,
            finish_reason=made.finish_reason,
            truncated=made.truncated,
            answered_model=made.answered_model,
            tool_rounds=made.tool_rounds,
            error={"title": _("This answer failed.")} if made.error else None,
            parameters=_known(made),
            brought_calls=[_call(made.spent)] if made.spent else [],
        )


def _known(made: frozen.Made) -> dict[str, Any]:
    """Those that the format has. What the sharer merged into requests beside them goes into nobody else's."""
    format = formats.FORMATS.get(made.format)
    names = {parameter.name for parameter in format.PARAMETERS} if format else set()
    return {name: value for name, value in (made.parameters or {}).items() if name in names}


def _call(spent: Spent) -> dict[str, Any]:
    """As a run tells of calls that were made elsewhere."""
    told = msgspec.to_builtins(spent)
    return {name: value for name, value in told.items() if name != "requests" and value not in (None, "")}
