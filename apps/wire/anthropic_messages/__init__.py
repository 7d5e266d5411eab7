"""Anthropic Messages, `POST /v1/messages`, as Anthropic and gateways speak it."""

from .amend import amend
from .parameters import PARAMETERS
from .reply import build_reply, parse_reply
from .request import PATH, TAKES, build, parse
from .stream import Decoder, Encoder

__all__ = ["PARAMETERS", "PATH", "TAKES", "Decoder", "Encoder", "amend", "build", "build_reply", "parse", "parse_reply"]
