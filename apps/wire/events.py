"""What a stream says, in words that belong to no format. `index` is ours: parts are numbered in order of appearance."""

from collections.abc import Sequence

import msgspec

from .exceptions import Undecodable
from .messages import Part, Usage


class _Event(msgspec.Struct, frozen=True, tag_field="event", omit_defaults=True):
    pass


class Started(_Event, tag="started", frozen=True):
    """The upstream's id of this answer, the model that it says is answering, and the fingerprint of its set-up."""

    id: str = ""
    model: str = ""
    fingerprint: str = ""


class PartStarted(_Event, tag="part_started", frozen=True):
    index: int
    part: Part


class PartDelta(_Event, tag="part_delta", frozen=True):
    """More text of the part: of its `text`, a tool call's `arguments`, an audio's `transcript`."""

    index: int
    text: str


class PartUpdated(_Event, tag="part_updated", frozen=True):
    """News of a part that has not ended, laid over it: a hosted tool's status, an image's next partial picture."""

    index: int
    part: Part


class AudioDelta(_Event, tag="audio_delta", frozen=True):
    """Sound to play now: base64, each piece whole in itself. The part's end brings all of it, so nobody keeps these."""

    index: int
    data: str


class PartEnded(_Event, tag="part_ended", frozen=True):
    """`part` brings what only the end knows, laid over the part: a reasoning's opaque data, an audio's bytes."""

    index: int
    part: Part | None = None


class UsageReported(_Event, tag="usage", frozen=True):
    usage: Usage


class Finished(_Event, tag="finished", frozen=True):
    """The end. `reason` is stop, length, tool_calls, content_filter, paused or other; `raw` is the upstream's word.

    paused: the upstream wants to be asked again, with what it said so far, to go on.

    `truncated` marks an end without the format's terminal marker: the answer may be cut.
    """

    reason: str = "stop"
    raw: str = ""
    truncated: bool = False


class Failed(_Event, tag="failed", frozen=True):
    """The upstream reported an error, in a reply or within the stream. `status` is 0 inside a stream.

    `request_id` is the upstream's, to quote to its operator.
    """

    message: str
    type: str = ""
    code: str = ""
    param: str = ""
    status: int = 0
    retryable: bool = False
    request_id: str = ""


class Unrecognized(_Event, tag="unrecognized", frozen=True):
    """Something we did not understand: kept and shown, never dropped."""

    data: str
    why: str = ""


Event = (
    Started
    | PartStarted
    | PartDelta
    | PartUpdated
    | AudioDelta
    | PartEnded
    | UsageReported
    | Finished
    | Failed
    | Unrecognized
)

_decoder = msgspec.json.Decoder(list[Event])


def encode_events(events: Sequence[Event]) -> bytes:
    """Events as the journal keeps them: JSON."""
    return msgspec.json.encode(events)


def decode_events(data: bytes) -> list[Event]:
    """Raises Undecodable for anything that `encode_events` did not write."""
    try:
        return _decoder.decode(data)
    except (ValueError, RecursionError) as error:
        raise Undecodable("These are no events of ours.") from error
