"""Everything a runner needs to answer one turn, gathered while the database is at hand."""

import uuid
from collections.abc import Iterable, Sequence

import msgspec

from apps.conversations.queries import parts_of
from apps.upstreams.client import Endpoint
from apps.wire.messages import GenerationRequest, Message, Part, ResponseSchema, Text, Tool
from apps.wire.tolerant import loads

from . import spoken
from .models import Run
from .tools.definitions import Definition, loaded
from .tools.pairs import unanswered

GO_ON = "Continue exactly where your last answer stopped. Do not repeat anything and do not comment."


class Plan(msgspec.Struct, frozen=True):
    """`tail` is how many of the request's last messages tell of `prior`: they are told anew after each round of tools.

    `schema` is the JSON schema that the answer is checked against, as text.
    """

    run_id: uuid.UUID
    call_id: uuid.UUID
    user_id: int
    conversation_id: uuid.UUID
    prompt_id: uuid.UUID
    message_id: uuid.UUID
    model_id: uuid.UUID
    endpoint: Endpoint
    format: str
    request: GenerationRequest
    prior: tuple[Part, ...] = ()
    tail: int = 0
    tools: tuple[Definition, ...] = ()
    tool_rounds: int = 8
    schema: str = ""
    left_out: tuple[tuple[str, str], ...] = ()
    model_label: str = ""
    wants_title: bool = False
    is_column: bool = False
    is_hidden: bool = False  # who answers is not to be known yet
    tab: str = ""  # the page that asked
    language: str = ""  # of whoever asked: what goes wrong is told and stored in it


def history(nodes: Iterable) -> tuple[Message, ...]:
    """The messages of a branch as the model should see them again: what was said, what tools were called, and the
    files that went along with prompts."""
    nodes = list(nodes)
    parts = parts_of([node.id for node in nodes])
    return tuple(message for node in nodes for message in spoken.messages(node.role, parts.get(node.id, ())))


def going_on(run: Run, prior: Sequence[Part]) -> tuple[Message, ...]:
    """What stands behind the conversation where an answer goes on with `prior`: that, and maybe a word to continue.

    Only models that take a prefilled answer continue it by themselves; the others need to be told. Nobody needs to be
    told what to do with a tool's results.
    """
    told = spoken.messages("assistant", prior)
    if not told or told[-1].role == "tool" or unanswered(prior):
        return tuple(told)
    if run.model is None or not run.model.can("prefill"):
        told.append(Message(role="user", parts=(Text(GO_ON),)))
    return tuple(told)


def following(plan: Plan, parts: Sequence[Part]) -> GenerationRequest:
    """The request of the next round: the same conversation, and all of the answer so far.

    A tool that had to be called was called; had it to be called again each time, the answer would have no end.
    """
    asked = plan.request.messages[: len(plan.request.messages) - plan.tail]
    choice = plan.request.tool_choice
    return msgspec.structs.replace(
        plan.request,
        messages=(*asked, *spoken.messages("assistant", parts)),
        tool_choice=choice if choice in ("", "auto", "none") else "auto",
    )


def request_for(run: Run, messages: tuple[Message, ...]) -> GenerationRequest:
    """The request of a run."""
    tools = tuple(tool.for_model() for tool in loaded(run.tools).values())
    return GenerationRequest(
        model=run.model_name,
        messages=messages,
        system=run.system_prompt,
        parameters=run.parameters,
        tools=tools,
        tool_choice=_tool_choice(run, tools),
        response_schema=_response_schema(run),
        web_search=run.web_search,
        previous_id=run.previous_id,
        stream=True,
        extra=run.extra,
    )


def _tool_choice(run: Run, tools: Sequence[Tool]) -> str:
    """The choice, unless it names a tool that does not go along."""
    named = run.tool_choice in ("", "auto", "none", "required") or run.tool_choice in {tool.name for tool in tools}
    return run.tool_choice if tools and named else ""


def _response_schema(run: Run) -> ResponseSchema | None:
    kept = run.response_schema
    if not kept:
        return None
    return ResponseSchema(name=kept["name"], schema=loads(kept["schema"].encode()), strict=kept["strict"])
