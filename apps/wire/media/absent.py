"""What of a request the upstream says that it does not have: a name that can be kept, and asked for again later.

`model`, `task NAME`, `mv NAME` (a version) or `files`; "" where the failure says nothing of the kind.
"""

import re

from ..events import Failed
from .shapes import MediaRequest

MODEL, FILES = "model", "files"
# Statuses with which a request is refused, rather than failed over.
REFUSES = (0, 400, 403, 404, 422, 503)
_CODES = frozenset(("model_not_found", "model_not_exist", "invalid_model", "unsupported_model"))
_LACKS = r"not\s+(?:found|exist|supported|available|valid|offered)|unknown|unsupported|invalid|不支持|不存在"
# No letter bounds a word of Chinese.
_NO_MODEL = re.compile(rf"(?:models?\b|模型).{{0,80}}(?:{_LACKS})|(?:{_LACKS})(?:\W+models?\b|的?模型)", re.IGNORECASE)
_VERSION = r"(?:(?<![a-z])mv(?![a-z])|version|chirp)"
_NO_VERSION = re.compile(rf"{_VERSION}.{{0,80}}(?:{_LACKS})|(?:{_LACKS}).{{0,40}}{_VERSION}", re.IGNORECASE)


def model(request: MediaRequest, failed: Failed) -> str:
    """Whether the upstream has no such model, or none for this key."""
    if failed.status not in REFUSES:
        return ""
    is_said = bool(_NO_MODEL.search(failed.message[:500])) and not failed.param.replace("model", "")
    return MODEL if failed.code in _CODES or failed.type in _CODES or is_said else ""


def version(name: str, failed: Failed) -> str:
    """The same of a version, which the words of the refusal must be about."""
    return f"mv {name}" if name and failed.status in REFUSES and _NO_VERSION.search(failed.message[:500]) else ""


def task(name: str) -> str:
    return f"task {name}"
