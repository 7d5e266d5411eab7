"""Where a request goes: model and way of answering are in the path, not in the body."""

import re
from urllib.parse import quote, unquote

from ..exceptions import InvalidRequest

PATH = "/v1beta/models/{model}:streamGenerateContent?alt=sse"
STREAMED, WHOLE = "streamGenerateContent", "generateContent"
_PATH = re.compile(r"/v\d+[a-z0-9]*/(?:models/)?(.+):(\w+)", re.DOTALL)


def path_to(model: str, stream: bool) -> str:
    """The path that asks a model. A name may hold anything; the colon before the action stays as it is.

    Without `alt=sse` Google streams a JSON array. A tuned model brings the collection it is in with its name.
    """
    collection, slash, name = model.rpartition("tunedModels/")
    if not slash or collection:
        slash, name = "models/", model.removeprefix("models/")
    action = f"{STREAMED}?alt=sse" if stream else WHOLE
    return f"/v1beta/{slash}{quote(name, safe='', errors='replace')}:{action}"


def read_path(path: str) -> tuple[str, bool]:
    """The model and whether it is to stream. Raises InvalidRequest."""
    found = _PATH.fullmatch(path.partition("?")[0])
    if not found or found.group(2) not in (STREAMED, WHOLE):
        raise InvalidRequest("The path must name a model and what to do: /v1beta/models/NAME:generateContent.", "model")
    return unquote(found.group(1)), found.group(2) == STREAMED
