"""A conversation up to a message, or one answer with its prompt, as values that no later edit reaches."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from apps.conversations import queries
from apps.conversations.models import Message
from apps.conversations.parts import ASSET_PATH
from apps.conversations.tree import MessageNode, Tree
from apps.media import store
from apps.media.models import Asset
from apps.runs import structured
from apps.runs.models import Run
from apps.runs.turns import spent_on
from apps.upstreams.models import Model
from apps.wire.exceptions import Undecodable
from apps.wire.messages import Part, said
from apps.work import storable
from apps.work.ids import new_id

from . import secrets
from .content import FAILED, Branch, Content, Made, Turn, changed, dump
from .parts import Answered, prompted

NOBODY = str(uuid.UUID(int=0))


class Choice(msgspec.Struct, frozen=True):
    """What is shared: `whole` for all up to the message, else that answer and its prompt; the rest are ticks."""

    title: str = ""
    whole: bool = True
    author: bool = True
    system_prompt: bool = False
    parameters: bool = False
    attachments: bool = False
    branches: bool = False


class NotShared(Exception):
    """Why it cannot be shared now, as a sentence."""


class Frozen(msgspec.Struct, frozen=True):
    """Dumped content, the assets of its files by the ids that they have there, and the model of the last answer.

    Beside the content the data has `suspects`: how many likely secrets stand in those of its files that are texts.
    """

    data: dict[str, Any]
    files: Mapping[str, Asset]
    model: Model | None


def freeze(message: Message, choice: Choice) -> Frozen:
    """Raises NotShared while an answer in it is being written."""
    return _Freezing(message, choice).frozen()


class _Freezing:
    def __init__(self, message: Message, choice: Choice):
        self._choice, self._talk = choice, message.conversation
        tree = Tree(message.conversation)
        path = tree.path(message.pk)
        self._path = path if choice.whole else path[-2 if message.role == Message.Role.ASSISTANT else -1 :]
        self._others = list(_others(tree, self._path)) if choice.whole and choice.branches else []
        ids = [node.id for node in (*self._path, *(node for _parent, nodes in self._others for node in nodes))]
        self._parts = queries.parts_of(ids)
        self._runs = {
            run.message_id: run for run in Run.objects.filter(message__in=ids).select_related("model").order_by("id")
        }
        self._spent = spent_on(ids)
        self._numbers: dict[uuid.UUID, int] = {}
        self._files: dict[str, str] = {}  # the id that an asset has in the revision
        self._assets = _assets(self._talk.owner, *self._files_named())

    def frozen(self) -> Frozen:
        if any(self._is_running(node) for node in self._path):
            raise NotShared(_("An answer is still being written: share it when it has ended."))
        turns = self._turns(self._path)
        branches = tuple(self._branches())
        content = Content(
            title=self._choice.title or str(self._talk),
            turns=turns,
            by=self._talk.owner.name if self._choice.author else "",
            system_prompt=self._system_prompt() if self._choice.system_prompt else "",
            branches=branches,
            files={self._files[id]: self._assets[id].name for id in self._files},
        )
        data = changed(storable.data(dump(content)), self._readdressed)
        data["suspects"] = {new: count for id, new in self._files.items() if (count := _suspect(self._assets[id]))}
        return Frozen(data, {new: self._assets[id] for id, new in self._files.items()}, self._model())

    def _last_run(self) -> Run | None:
        return next((run for node in reversed(self._path) if (run := self._runs.get(node.id))), None)

    def _model(self) -> Model | None:
        run = self._last_run()
        return run.model if run else None

    def _system_prompt(self) -> str:
        """That of the last answer on show: the conversation's own may have been changed since."""
        run = self._last_run()
        return run.system_prompt if run else self._talk.system_prompt

    def _is_running(self, node: MessageNode) -> bool:
        run = self._runs.get(node.id)
        return run is not None and run.status == Run.Status.RUNNING

    def _branches(self) -> Iterable[Branch]:
        for parent, nodes in self._others:
            ended = [node for node in nodes if not self._is_running(node)]
            if ended:
                yield Branch(self._numbers[parent] if parent else 0, self._turns(ended))

    def _turns(self, nodes: Sequence[MessageNode]) -> tuple[Turn, ...]:
        return tuple(self._turn(node) for node in nodes)

    def _turn(self, node: MessageNode) -> Turn:
        number = self._numbers[node.id] = len(self._numbers) + 1
        parts = self._parts.get(node.id, [])
        if node.role != Message.Role.ASSISTANT:
            shared = prompted(parts, self._file if self._choice.attachments else None)
            return Turn(number, node.role, shared)
        run = self._runs.get(node.id)
        answered = Answered(parts, self._file, number)
        if run is None:
            return Turn(number, node.role, answered.parts, answered.found)
        return Turn(number, node.role, _readable(answered.parts, run), answered.found, self._made(node, run))

    def _files_named(self) -> tuple[set[str], set[str]]:
        """The files of parts that are shared, and those that stand in a text: one that only went along with a prompt
        is not shared because an answer gives its address.
        """
        nodes = [*self._path, *(node for _parent, nodes in self._others for node in nodes)]
        shared = {node.id for node in nodes if self._choice.attachments or node.role == Message.Role.ASSISTANT}
        own = {part.asset for id in shared for part in self._parts.get(id, ()) if getattr(part, "asset", "")}
        texts = (getattr(part, "text", "") or "" for parts in self._parts.values() for part in parts)
        return own, {id for text in texts for id in ASSET_PATH.findall(text)}

    def _file(self, id: str) -> str:
        """The id in the revision of an asset that is there; '' for one that is gone."""
        if id not in self._assets:
            return ""
        return self._files.setdefault(id, str(new_id()))

    def _made(self, node: MessageNode, run: Run) -> Made:
        return Made(
            model=str(run.model) if run.model else run.model_name,
            format=run.format,
            status=run.status,
            finish_reason=run.finish_reason,
            truncated=run.truncated,
            answered_model=run.answered_model if run.answered_model != run.model_name else "",
            tool_rounds=run.tool_rounds,
            error=FAILED if run.error else "",
            is_document=bool(run.response_schema),
            spent=self._spent.get(node.id),
            parameters={**run.parameters, **run.extra} if self._choice.parameters else None,
        )

    def _readdressed(self, text: str) -> str:
        """Files that stand in a text by their address get that of the revision; others lead nowhere."""
        if "/assets/" not in text:
            return text
        return ASSET_PATH.sub(lambda found: f"/assets/{self._files.get(found[1], NOBODY)}/", text)


def _readable(parts: tuple[Part, ...], run: Run) -> tuple[Part, ...]:
    """A document with its letters written plainly, as the tree of it shows them: what is looked for is found."""
    place = structured.place_of(parts) if run.response_schema else None
    text = said(parts[place : place + 1]) if place is not None else ""
    if place is None or "\\" not in text:
        return parts
    try:
        plain = json.dumps(structured.read(text), indent=2, ensure_ascii=False)
    except (Undecodable, RecursionError):
        return parts
    return (*parts[:place], msgspec.structs.replace(parts[place], text=plain), *parts[place + 1 :])


def _others(tree: Tree, path: Sequence[MessageNode]) -> Iterable[tuple[uuid.UUID | None, list[MessageNode]]]:
    """Each other branch, as (the message that it begins below, its messages down to what was written last)."""
    waiting = list(path)
    for node in waiting:
        for version in tree.children[node.parent_id]:
            if version != node.id:
                whole = tree.path(tree.newest_leaf(version))
                begins = next(at for at, each in enumerate(whole) if each.id == version)
                yield node.parent_id, whole[begins:]
                waiting += whole[begins + 1 :]


def _assets(owner, own: set[str], written: set[str]) -> dict[str, Asset]:
    """The owner's files of these parts; of those that only stand in a text, what a model made."""
    found = {str(asset.pk): asset for asset in Asset.objects.for_user(owner).filter(pk__in=_ids(own | written))}
    return {id: asset for id, asset in found.items() if id in own or asset.origin == Asset.Origin.RUN}


def _suspect(asset: Asset) -> int:
    """How many likely secrets stand in a text that goes along: such a file is shown whole, or not at all."""
    if asset.kind != Asset.Kind.TEXT:
        return 0
    try:
        text = store.bytes_of(asset).decode("utf-8", "replace")
    except FileNotFoundError:
        return 0
    return len(secrets.find({"text": text}))


def _ids(texts: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
