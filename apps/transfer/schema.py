"""The product's own format, version 1: what an export says, and what every import is turned into first.

A file is an envelope `{"format": "playground", "version": 1, "order": {...}, "assets": [...], "conversations": [...],
"jobs": [...], "library": [...]}`; `library` are ids of those assets that neither a conversation nor a job holds. All
but the first two may be missing, as in older exports. Times are RFC 3339 in UTC, money is US dollars as a decimal in a
string, ids are UUIDs. A field that has a default may be left out; an export says them all.
In a ZIP file the envelope is `manifest.json`: in it, each conversation and job is the path of its file and its SHA-256.
Parts have the words of `apps.wire.messages` under their `kind`; `opaque`, a vendor's own data, is JSON in a string, as
a vendor may have signed it to the letter.
"""

import datetime
import json
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from apps.wire.media.shapes import Family, Role

FORMAT, VERSION = "playground", 1

Short = Annotated[str, msgspec.Meta(max_length=200)]
Name = Annotated[str, msgspec.Meta(max_length=300)]
Upstream = Annotated[str, msgspec.Meta(max_length=120)]
Code = Annotated[str, msgspec.Meta(max_length=32)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2_147_483_647)]
Small = Annotated[int, msgspec.Meta(ge=0, le=32_767)]
MOST_COST, MOST_UNITS = 10**6, 10**10
Time = Annotated[datetime.datetime, msgspec.Meta(tz=True)]
Json = dict[str, Any]


def check_amounts(*amounts: Decimal | None, most: int = MOST_COST) -> None:
    """Raises ValueError for what no sum can be made of, such as NaN."""
    for amount in amounts:
        if amount is not None and not (amount.is_finite() and abs(amount) < most):
            raise ValueError(f"Expected a number below {most}")


class Call(msgspec.Struct, kw_only=True):
    """One HTTP request to an upstream: what it used, cost and took."""

    started_at: Time
    upstream_name: Upstream = ""
    model_name: Name = ""
    format: Code = ""
    kind: Annotated[str, msgspec.Meta(max_length=16)] = "chat"
    duration_ms: Count | None = None
    first_token_ms: Count | None = None
    outcome: Annotated[str, msgspec.Meta(max_length=12)] = "completed"
    status_code: Small | None = None
    request_id: Short = ""
    retries: Small = 0
    error: str = ""
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    cached_tokens: Count | None = None
    cache_write_tokens: Count | None = None
    reasoning_tokens: Count | None = None
    unit: Annotated[str, msgspec.Meta(max_length=12)] = ""
    units: Decimal | None = None
    tokens_source: Annotated[str, msgspec.Meta(max_length=9)] = ""
    cost: Decimal | None = None
    cost_source: Annotated[str, msgspec.Meta(max_length=9)] = ""
    answered_model: Name = ""
    fingerprint: Short = ""

    def __post_init__(self):
        check_amounts(self.cost)
        check_amounts(self.units, most=MOST_UNITS)


class Tool(msgspec.Struct, kw_only=True):
    """A tool as a model was told of it: `schema` is JSON text."""

    name: Annotated[str, msgspec.Meta(max_length=64)]
    description: str = ""
    schema: str = "{}"
    kind: Annotated[str, msgspec.Meta(max_length=16)] = "hand"
    strict: bool = False


class Shape(msgspec.Struct, kw_only=True):
    """What an answer must look like: `schema` is JSON text."""

    name: Annotated[str, msgspec.Meta(max_length=64)]
    schema: str = "{}"
    strict: bool = True


class Run(msgspec.Struct, kw_only=True):
    """One generation of an answer. `upstream` and `model` are names; `tools` are definitions as they were sent."""

    id: uuid.UUID
    turn_id: uuid.UUID
    status: Literal["completed", "stopped", "failed", "interrupted"] = "completed"
    upstream: Upstream = ""
    model: Name = ""
    format: Code = "openai_chat"
    system_prompt: str = ""
    parameters: Json = {}
    web_search: bool = False
    extra: Json = {}
    left_out: list[tuple[str, str]] = []
    previous_id: Short = ""
    answer_id: Short = ""
    tools: list[Tool] = []
    tool_choice: Annotated[str, msgspec.Meta(max_length=64)] = ""
    tool_rounds: Small = 8
    response_schema: Shape | None = None
    violations: list[tuple[str, str]] | None = None
    created_at: Time
    finished_at: Time | None = None
    finish_reason: Annotated[str, msgspec.Meta(max_length=40)] = ""
    truncated: bool = False
    answered_model: Name = ""
    error: Json | None = None
    calls: list[Call] = []


class Message(msgspec.Struct, kw_only=True):
    """A node of the tree. Children of one parent are versions of each other, in the order of the list."""

    id: uuid.UUID
    parent: uuid.UUID | None = None
    role: Literal["user", "assistant", "tool"]
    created_at: Time
    parts: list[Json] = []
    runs: list[Run] = []


class ModelName(msgspec.Struct, kw_only=True):
    upstream: Upstream = ""
    name: Name


class Tag(msgspec.Struct, kw_only=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    color: Annotated[int, msgspec.Meta(ge=1, le=6)] = 1


class Vote(msgspec.Struct, kw_only=True):
    """Without a column none was better."""

    column: uuid.UUID | None = None
    given_at: Time
    changed_at: Time


class Round(msgspec.Struct, kw_only=True):
    """A prompt, a message of the comparison, to all columns or to one."""

    id: uuid.UUID
    prompt: uuid.UUID
    column: uuid.UUID | None = None
    turn_id: uuid.UUID
    vote: Vote | None = None


class Comparison(msgspec.Struct, kw_only=True):
    """The columns are conversations of the kind `column`, in their order."""

    blind: bool = False
    revealed_at: Time | None = None
    columns: list["Conversation"] = []
    rounds: list[Round] = []


Folders = Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=80)]], msgspec.Meta(max_length=2)]


class Order(msgspec.Struct, kw_only=True):
    """All folders and tags, those without conversations too. A folder is its names from the outermost inwards."""

    folders: Annotated[list[Folders], msgspec.Meta(max_length=10_000)] = []
    tags: Annotated[list[Tag], msgspec.Meta(max_length=10_000)] = []


class Conversation(msgspec.Struct, kw_only=True):
    """`head` is the last message of the branch on show; `folder` are names from the outermost inwards; `tools` are
    names; `draft` is what was typed and not sent."""

    id: uuid.UUID
    kind: Literal["chat", "comparison", "column"] = "chat"
    title: Short = ""
    title_source: Literal["words", "model", "person"] = "words"
    model: ModelName | None = None
    format: Code = "openai_chat"
    format_chosen: bool = False
    web_search: bool = False
    keep_state: bool = False
    extra: str = ""
    system_prompt: str = ""
    parameters: Json = {}
    set_aside: dict[str, Json] = {}
    tools: list[Short] = []
    tool_choice: Annotated[str, msgspec.Meta(max_length=64)] = ""
    tool_rounds: Small = 8
    response_schema: Shape | None = None
    head: uuid.UUID | None = None
    pinned_at: Time | None = None
    archived_at: Time | None = None
    created_at: Time
    updated_at: Time
    folder: Folders = []
    tags: list[Tag] = []
    draft: str = ""
    messages: list[Message] = []
    comparison: Comparison | None = None


class JobInput(msgspec.Struct, kw_only=True):
    """A file that went along. Without an asset it was deleted since."""

    role: Role
    asset: uuid.UUID | None = None


class JobOutput(msgspec.Struct, kw_only=True):
    """A file that was made: `made` is what the upstream said of it, without addresses there, which may hold keys."""

    position: Small
    made: Json = {}
    asset: uuid.UUID | None = None
    poster: uuid.UUID | None = None
    error: str = ""


class Job(msgspec.Struct, kw_only=True):
    """One request of a studio. `values` are what was asked for, `result` is what is not a file, both in the words of
    `apps.wire.media`. One that is open is told as it is, and becomes `unknown` where it is imported. `remote_id` is
    the upstream's number of what came to a known end.
    """

    id: uuid.UUID
    family: Family
    dialect: Code
    upstream: Upstream = ""
    model: Name = ""
    language: Annotated[str, msgspec.Meta(max_length=12)] = ""
    prompt: str = ""
    values: Json = {}
    notes: Json = {}
    status: Literal["queued", "submitted", "running", "succeeded", "failed", "cancelled", "unknown"] = "succeeded"
    created_at: Time
    finished_at: Time | None = None
    remote_id: str = ""
    progress: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    result: Json = {}
    error: Json = {}
    estimate: Decimal | None = None
    cost: Decimal | None = None
    inputs: list[JobInput] = []
    outputs: list[JobOutput] = []

    def __post_init__(self):
        check_amounts(self.cost, self.estimate)


class Asset(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A file of the person's. Its content is `data`, base64 in pieces, or lies in the archive under `path`."""

    id: uuid.UUID
    name: Short
    media_type: Annotated[str, msgspec.Meta(max_length=100)]
    size: Annotated[int, msgspec.Meta(ge=0)]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    origin: Literal["upload", "run", "job"]
    created_at: Time
    path: str = ""
    data: list[str] = []


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: Any) -> bytes:
    """The same value gives the same bytes, whatever database it lay in."""
    try:
        return _encoder.encode(value)
    except OverflowError:  # an integer beyond 64 bits, which JSON and Python can have
        return json.dumps(msgspec.to_builtins(value), sort_keys=True, ensure_ascii=False).encode()
