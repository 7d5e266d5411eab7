"""Dialects of the family speech: texts said aloud."""

from ..dialect import Dialect
from .parameters import parameters_of, streams
from .reader import SpeechReader
from .reply import encode, write
from .request import build, parse, units
from .splitting import requests_of

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="openai_speech",
        label="OpenAI speech",
        family="speech",
        build=build,
        parse=parse,
        reader=SpeechReader,
        write=write,
        encode=encode,
        parameters=parameters_of,
        streams=streams,
        units=units,
        parts=requests_of,
    ),
)
