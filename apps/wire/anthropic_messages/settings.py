"""The parameters in their places in the body and the headers, both ways."""

from collections.abc import Mapping
from typing import Any

from ..messages import ResponseSchema
from .schema import closed

DEFAULT_MAX_TOKENS = 4096
DEFAULT_BUDGET = 2048
SMALLEST_BUDGET = 1024
VERSION = "2023-06-01"
PLAIN = (
    *("max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "service_tier", "speed", "container"),
    *("context_management", "mcp_servers"),
)
SCHEMA_NAME = "answer"


def write_settings(given: Mapping[str, Any], schema: ResponseSchema | None) -> dict[str, Any]:
    """The fields of the body that the parameters make; those of tools and blocks are written with these."""
    body = {name: given[name] for name in PLAIN if name in given}
    if thinking := _write_thinking(given):
        body["thinking"] = thinking
    budget = thinking.get("budget_tokens", 0)
    body.setdefault("max_tokens", DEFAULT_MAX_TOKENS + budget)
    output: dict[str, Any] = {"effort": given["effort"]} if "effort" in given else {}
    if schema:
        output["format"] = {"type": "json_schema", "schema": closed(schema.schema) if schema.strict else schema.schema}
    if output:
        body["output_config"] = output
    if "user_id" in given:
        body["metadata"] = {"user_id": given["user_id"]}
    return body


def write_headers(given: Mapping[str, Any]) -> dict[str, str]:
    betas = given.get("anthropic_beta")
    return {"anthropic-version": VERSION} | ({"anthropic-beta": ",".join(betas)} if betas else {})


def read_settings(
    body: dict[str, Any], headers: Mapping[str, str]
) -> tuple[dict[str, Any], ResponseSchema | None, dict[str, Any]]:
    """The parameters, the schema of the answer, and the fields that are none of these."""
    given = {name: body.pop(name) for name in PLAIN if name in body}
    given |= _read_thinking(body)
    schema = _read_output(body, given)
    metadata = body.get("metadata")
    if isinstance(metadata, dict) and metadata.keys() == {"user_id"}:
        given["user_id"] = body.pop("metadata")["user_id"]
    betas = next((value for name, value in headers.items() if name.lower() == "anthropic-beta"), "")
    if names := [name.strip() for name in betas.split(",") if name.strip()]:
        given["anthropic_beta"] = names
    return given, schema, body


def _write_thinking(given: Mapping[str, Any]) -> dict[str, Any]:
    """A budget alone means enabled. It gives way to the longest answer that was asked for, of which it is a part."""
    kind = given.get("thinking") or ("enabled" if "thinking_budget" in given else "")
    if not kind:
        return {}
    thinking: dict[str, Any] = {"type": kind}
    if kind == "enabled":
        thinking["budget_tokens"] = _budget(given)
    if kind != "disabled" and "thinking_display" in given:
        thinking["display"] = given["thinking_display"]
    return thinking


def _budget(given: Mapping[str, Any]) -> int:
    budget = int(given.get("thinking_budget", DEFAULT_BUDGET))
    interleaved = any(str(name).startswith("interleaved-thinking") for name in given.get("anthropic_beta", ()))
    if "max_tokens" in given and not interleaved:
        budget = min(budget, max(int(given["max_tokens"]) - 1, SMALLEST_BUDGET))
    return budget


def _read_thinking(body: dict[str, Any]) -> dict[str, Any]:
    """Taken out of the body, unless it says something that no parameter of ours can."""
    thinking = body.get("thinking")
    names = {"type": "thinking", "budget_tokens": "thinking_budget", "display": "thinking_display"}
    if not isinstance(thinking, dict) or thinking.get("type") not in ("adaptive", "enabled", "disabled"):
        return {}
    if not names.keys() >= thinking.keys():
        return {}
    return {names[name]: value for name, value in body.pop("thinking").items()}


def _read_output(body: dict[str, Any], given: dict[str, Any]) -> ResponseSchema | None:
    output = body.get("output_config")
    if not isinstance(output, dict) or not {"effort", "format"} >= output.keys():
        return None
    form = output.get("format")
    schema = form.get("schema") if isinstance(form, dict) and form.get("type") == "json_schema" else None
    if form is not None and not isinstance(schema, dict):
        return None
    del body["output_config"]
    if "effort" in output:
        given["effort"] = output["effort"]
    return ResponseSchema(name=SCHEMA_NAME, schema=schema) if schema is not None else None
