"""OpenAI Chat Completions, `POST /v1/chat/completions`, as vendors and gateways speak it."""

from .parameters import PARAMETERS
from .reply import build_reply, parse_reply
from .request import PATH, build, parse
from .stream import Decoder, Encoder

__all__ = ["PARAMETERS", "PATH", "Decoder", "Encoder", "build", "build_reply", "parse", "parse_reply"]
