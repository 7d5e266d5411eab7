"""Anthropic Messages, `POST /v1/messages`, as Anthropic and gateways speak it."""

from .amend import amend
from .parameters import PARAMETERS
from .reply import build_reply, parse_reply
from .request import PATH, TAKES, build, parse
from .stream import Decoder, Encoder

# The names of the opaque data that only this format reads.
OWNS = frozenset({"signature", "redacted", "server_tool_use", "tool_result", "content_block"})

__all__ = [
    "OWNS",
    "PARAMETERS",
    "PATH",
    "TAKES",
    "Decoder",
    "Encoder",
    "amend",
    "build",
    "build_reply",
    "parse",
    "parse_reply",
]
