"""Dialects of the family transcription: what is said in a recording, written down or translated into English."""

from ..dialect import Dialect, Inputs
from .parameters import parameters_of, streams, tasks
from .reader import TranscriptionReader
from .reply import encode, write
from .request import build, parse

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="openai_transcription",
        label="OpenAI transcription",
        family="transcription",
        build=build,
        parse=parse,
        reader=TranscriptionReader,
        write=write,
        encode=encode,
        parameters=parameters_of,
        inputs=lambda model, task: Inputs(most={"audio": 1}, least={"audio": 1}, heard=("audio",)),
        tasks=tasks,
        streams=streams,
    ),
)
