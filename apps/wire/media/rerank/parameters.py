"""What can be said about a ranking."""

import re

from ...parameters import Parameter, gettext_noop

_ = gettext_noop

TOP_N = Parameter(
    "top_n",
    "integer",
    "length",
    _("Best only"),
    _("How many documents to name; all where it is empty."),
    minimum=1,
    maximum=10_000,
    step=1,
)
RETURN_DOCUMENTS = Parameter(
    "return_documents",
    "boolean",
    "output",
    _("Return documents"),
    _("Sends the documents back with their scores; they are known here already."),
)
MAX_CHUNKS = Parameter(
    "max_chunk_per_doc",
    "integer",
    "length",
    _("Most chunks a document"),
    _("Into how many pieces a long document is cut. Some gateways only."),
    minimum=1,
    maximum=10_000,
    step=1,
)
OVERLAP = Parameter(
    "overlap_tokens",
    "integer",
    "length",
    _("Overlap of chunks"),
    _("Tokens that neighbouring pieces share. Some gateways only."),
    minimum=0,
    maximum=80,
    step=1,
)
MAX_TOKENS = Parameter(
    "max_tokens_per_doc",
    "integer",
    "length",
    _("Most tokens a document"),
    _("Longer documents are cut."),
    minimum=1,
    maximum=1_000_000,
    step=1,
)
JINA = (TOP_N, RETURN_DOCUMENTS, MAX_CHUNKS, OVERLAP)
COHERE = (TOP_N, MAX_TOKENS)
NAMES = frozenset(parameter.name for parameter in (*JINA, *COHERE))
_SEES = re.compile(r"reranker-m0|[-_]vl\b|[-_]vl[-_]|image", re.IGNORECASE)


def jina_parameters(model: str, task: str = "") -> tuple[Parameter, ...]:
    return JINA


def cohere_parameters(model: str, task: str = "") -> tuple[Parameter, ...]:
    return COHERE


def sees(model: str) -> bool:
    """Whether its name says that it takes pictures as documents."""
    return bool(_SEES.search(model))
