"""Dialects of the family embeddings: texts and pictures as vectors."""

from ..dialect import Dialect
from . import gemini, openai
from .parameters import gemini_parameters, inputs_of, parameters_of

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="openai_embeddings",
        label="OpenAI embeddings",
        family="embeddings",
        build=openai.build,
        parse=openai.parse,
        reader=openai.reader,
        write=openai.write,
        parameters=parameters_of,
        inputs=inputs_of,
    ),
    Dialect(
        name="gemini_embeddings",
        label="Gemini embeddings",
        family="embeddings",
        build=gemini.build,
        parse=gemini.parse,
        reader=gemini.reader,
        write=gemini.write,
        parameters=gemini_parameters,
        inputs=inputs_of,
    ),
)
