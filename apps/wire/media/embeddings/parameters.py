"""What can be said about vectors, by what the model has."""

import re

from ...parameters import Parameter, gettext_noop
from ..dialect import Inputs

_ = gettext_noop

PLAIN, JINA, DOUBAO, DASHSCOPE = "plain", "jina", "doubao", "dashscope"
SHAPES = (PLAIN, JINA, DOUBAO, DASHSCOPE)
MOST_IMAGES = 16
# By the longest name that a model's name holds.
MOST_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}
FIXED = ("ada-002", "bge-")
_SEES = re.compile(r"clip|vision|multimodal|[-_]vl\b|[-_]vl[-_]|embeddings-v4|image|embedding-2\b", re.IGNORECASE)


def _dimensions(name: str, most: int | None = None) -> Parameter:
    hint = _("How long the vectors are; empty is as long as the model makes them.")
    return Parameter(name, "integer", "length", _("Dimensions"), hint, minimum=1, maximum=most or 65_536, step=1)


ENCODING = Parameter(
    "encoding_format",
    "choice",
    "output",
    _("Encoding"),
    _("How the numbers travel; base64 is much shorter. The vectors are the same."),
    choices=("float", "base64"),
)
SHAPE = Parameter(
    "shape",
    "choice",
    "other",
    _("Shape of the inputs"),
    _("How texts and pictures are put into the request; gateways differ. doubao makes one vector of all."),
    choices=SHAPES,
)
TASK = Parameter(
    "task", "text", "other", _("Purpose"), _("As in retrieval.query, retrieval.passage, text-matching. Jina.")
)
NORMALIZED = Parameter("normalized", "boolean", "output", _("Normalized"), _("Vectors of length 1. Jina."))
EMBEDDING_TYPE = Parameter(
    "embedding_type",
    "choice",
    "output",
    _("Kind of numbers"),
    _("binary and ubinary are bits, eight to a number. Jina."),
    choices=("float", "base64", "binary", "ubinary"),
)
LATE_CHUNKING = Parameter(
    "late_chunking", "boolean", "other", _("Late chunking"), _("All inputs are read as one text, then cut. Jina.")
)
TRUNCATE = Parameter("truncate", "boolean", "other", _("Truncate"), _("Cuts what is too long instead of refusing it."))
INPUT_TYPE = Parameter(
    "input_type", "text", "other", _("Kind of input"), _("As in query, document, search_query. Voyage and Cohere.")
)
OWN = {
    "jina": (TASK, NORMALIZED, EMBEDDING_TYPE, LATE_CHUNKING, TRUNCATE),
    "voyage": (INPUT_TYPE,),
    "cohere": (INPUT_TYPE,),
    "embed-": (INPUT_TYPE,),
}
NAMES = frozenset(
    {"dimensions", "encoding_format", *(parameter.name for parameters in OWN.values() for parameter in parameters)}
)
TASK_TYPES = (
    *("RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT", "SEMANTIC_SIMILARITY", "CLASSIFICATION", "CLUSTERING"),
    *("QUESTION_ANSWERING", "FACT_VERIFICATION", "CODE_RETRIEVAL_QUERY"),
)
GEMINI = (
    _dimensions("outputDimensionality", 3072),
    Parameter("taskType", "choice", "other", _("Purpose"), _("What the vectors are for."), choices=TASK_TYPES),
    Parameter("title", "text", "other", _("Title"), _("Of the documents; only for RETRIEVAL_DOCUMENT.")),
)


def parameters_of(model: str, task: str = "") -> tuple[Parameter, ...]:
    own = next((parameters for name, parameters in OWN.items() if model.lower().startswith(name)), ())
    length = () if any(name in model for name in FIXED) else (_dimensions("dimensions", _most(model)),)
    return (*length, ENCODING, *own, *((SHAPE,) if sees(model) else ()))


def gemini_parameters(model: str, task: str = "") -> tuple[Parameter, ...]:
    return GEMINI


def inputs_of(model: str, task: str = "") -> Inputs:
    return Inputs(most={"image": MOST_IMAGES}) if sees(model) else Inputs()


def sees(model: str) -> bool:
    """Whether its name says that it takes pictures."""
    return bool(_SEES.search(model))


def shape_of(model: str) -> str:
    """How the model's vendor puts pictures into a request; Jina's way is the commonest."""
    name = model.lower()
    if "doubao" in name:
        return DOUBAO
    return DASHSCOPE if name.startswith(("multimodal-embedding", "qwen", "tongyi")) else JINA


def _most(model: str) -> int | None:
    return next((most for name, most in MOST_DIMENSIONS.items() if name in model), None)
