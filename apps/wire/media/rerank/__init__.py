"""Dialects of the family rerank: documents by how well they answer a query."""

from ..dialect import Dialect, Inputs
from .parameters import cohere_parameters, jina_parameters, sees
from .reply import reader, write_cohere, write_jina
from .request import build_cohere, build_jina, parse

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="jina_rerank",
        label="Jina rerank",
        family="rerank",
        build=build_jina,
        parse=parse,
        reader=reader,
        write=write_jina,
        parameters=jina_parameters,
        inputs=lambda model, task: Inputs(most={"image": 32}) if sees(model) else Inputs(),
    ),
    Dialect(
        name="cohere_rerank",
        label="Cohere rerank",
        family="rerank",
        build=build_cohere,
        parse=parse,
        reader=reader,
        write=write_cohere,
        parameters=cohere_parameters,
    ),
)
