"""Gemini's native format, `POST /v1beta/models/{model}:streamGenerateContent`, as Google and gateways speak it."""

from .amend import amend
from .parameters import PARAMETERS
from .path import PATH
from .reply import build_reply, parse_reply
from .request import TAKES, build, parse
from .stream import Decoder, Encoder

# The names of the opaque data that only this format reads.
OWNS = frozenset({"thoughtSignature", "thought", "parts"})

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
