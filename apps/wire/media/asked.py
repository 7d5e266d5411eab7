"""Requests whose body is JSON, in both directions; what a dialect does not know is carried along as `extra`."""

from collections.abc import Collection, Mapping
from typing import Any

from ..exceptions import InvalidRequest, Undecodable
from ..messages import HttpRequest
from ..tolerant import dumps, loads

JSON = "application/json"


def post(path: str, body: Mapping[str, Any], extra: Mapping[str, Any], accept: str = JSON) -> HttpRequest:
    """The request; `extra` is merged last, in place of what is there."""
    headers = {"Content-Type": JSON, "Accept": accept}
    return HttpRequest("POST", path, headers, dumps({**body, **extra}))


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was posted. Raises InvalidRequest."""
    try:
        body = loads(request.body)
    except Undecodable:
        raise InvalidRequest("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    return body


def text_of(body: Mapping[str, Any], name: str, missing: str = "") -> str:
    """The text of that field, "" where it is missing, unless that is an error: then `missing` is its sentence."""
    value = body.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise InvalidRequest(f"{name} must be a text.", name)
    if missing and not value.strip():
        raise InvalidRequest(missing, name)
    return value


def model_of(body: Mapping[str, Any]) -> str:
    return text_of(body, "model", "The model's name is missing.")


def parted(body: Mapping[str, Any], names: Collection[str], told: Collection[str]) -> tuple[dict[str, Any], ...]:
    """The parameters of those names that are set, and what is neither one of them nor told elsewhere."""
    parameters = {name: body[name] for name in names if body.get(name) is not None}
    return parameters, {name: value for name, value in body.items() if name not in names and name not in told}
