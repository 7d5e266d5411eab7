"""Answering the calls of one round: all at once, each within its own time, and none of them ends the run."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.wire.exceptions import Undecodable
from apps.wire.messages import ToolCall, ToolResult
from apps.wire.tolerant import loads

from . import endpoint, schemas
from .built_in import BUILT_IN
from .definitions import BUILT_IN_KIND, Definition
from .failure import ToolFailed

AT_ONCE = 8
MOST = 64
SECONDS = 30.0
CHARACTERS = 300_000

logger = logging.getLogger(__name__)


def is_for_person(call: ToolCall, known: Mapping[str, Definition]) -> bool:
    """Whether a person answers this call: of a tool by hand, and with arguments that can be read."""
    tool = known.get(call.name)
    if tool is None or not tool.by_hand:
        return False
    try:
        _arguments(call)
    except ToolFailed:
        return False
    return True


async def answer(
    calls: Sequence[ToolCall], known: Mapping[str, Definition], tell: Callable[[ToolResult], None]
) -> None:
    """Answers calls that are not for a person; `tell` gets each result as it comes. Cancelling ends them all.

    Calls that share an id are told in their order: by that alone their results can be paired with them.
    """
    turn = asyncio.Semaphore(AT_ONCE)
    apart = len({call.id for call in calls}) == len(calls)

    async def one(call: ToolCall, within: bool) -> ToolResult:
        async with turn:
            result = await _answer(call, known.get(call.name), within)
        if apart:
            tell(result)
        return result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(call, number < MOST)) for number, call in enumerate(calls)]
    if not apart:
        for task in tasks:
            tell(task.result())


async def _answer(call: ToolCall, tool: Definition | None, within: bool) -> ToolResult:
    began = time.monotonic()
    try:
        content, failed = await _given(call, tool, within), False
    except ToolFailed as error:
        content, failed = str(error), True
    except Exception:
        logger.exception("tool %s", call.name)
        content, failed = _("Something went wrong on our side. The log has the details."), True
    return ToolResult(
        call_id=call.id,
        content=_cut(content),
        is_error=failed,
        name=call.name,
        seconds=round(time.monotonic() - began, 3),
    )


async def _given(call: ToolCall, tool: Definition | None, within: bool) -> str:
    if not within:
        raise ToolFailed(_("More than {count} calls in one round: this one was not carried out.").format(count=MOST))
    if tool is None:
        raise ToolFailed(_("There is no tool named {name}.").format(name=call.name[:64]))
    arguments = _arguments(call)
    if found := await schemas.violations(tool.schema, arguments):
        told = "; ".join(f"{path}: {sentence}" for path, sentence in found[:5])
        raise ToolFailed(_("The arguments do not fit the tool's schema. {violations}.").format(violations=told))
    if tool.address is not None:
        return await endpoint.ask(tool.address, arguments)
    if tool.kind != BUILT_IN_KIND:
        raise ToolFailed(_("This tool cannot be asked any more."))
    return await _built_in(tool.name, arguments)


async def _built_in(name: str, arguments: Mapping[str, Any]) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            return await BUILT_IN[name].work(arguments)
    except TimeoutError:
        raise ToolFailed(_("It took longer than {seconds} s.").format(seconds=f"{SECONDS:g}")) from None


def _arguments(call: ToolCall) -> dict[str, Any]:
    """A call without arguments has none to give. Raises ToolFailed."""
    if not call.arguments.strip():
        return {}
    try:
        arguments = loads(call.arguments.encode("utf-8", "replace"))
    except Undecodable:
        raise ToolFailed(_("The arguments are not JSON.")) from None
    if not isinstance(arguments, dict):
        raise ToolFailed(_("The arguments must be a JSON object."))
    return arguments


def _cut(content: str) -> str:
    if len(content) <= CHARACTERS:
        return content
    return content[:CHARACTERS] + "\n" + _("[Cut here: the result is longer.]")
