"""A value that follows a JSON schema: a structured answer, or the arguments of a tool call."""

from typing import Any

DEEPEST = 12
FORMATS = {
    "date-time": "2026-01-01T12:00:00Z",
    "date": "2026-01-01",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "ana@example.org",
    "uri": "https://example.org/",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "018f0000-0000-7000-8000-000000000000",
}
WORD = "sandbox"


def instance(schema: Any) -> Any:
    """The value; None for what is no schema. Gemini's types in capitals are understood, and `$ref` within it."""
    try:
        return _make(schema, schema, 0)
    except (TypeError, ValueError, AttributeError, KeyError):
        return None


def _make(schema: Any, root: Any, depth: int) -> Any:
    if not isinstance(schema, dict) or depth > DEEPEST:
        return {} if schema is True else None
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if isinstance(schema.get("$ref"), str):
        return _make(_resolved(schema["$ref"], root), root, depth + 1)
    for name in ("anyOf", "oneOf"):
        if schema.get(name):
            return _make(_simplest(schema[name], depth), root, depth + 1)
    if schema.get("allOf"):
        schema = _joined(schema, root)
    return _MAKERS.get(_type(schema), _nothing)(schema, root, depth)


def _type(schema: dict[str, Any]) -> str:
    kind = schema.get("type") or ("object" if "properties" in schema else "array" if "items" in schema else "object")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    return str(kind).lower()


def _simplest(choices: list[Any], depth: int) -> Any:
    """The first choice, or nothing where a value that holds itself goes deep."""
    nothing = {"type": "null"}
    return nothing if depth > DEEPEST // 2 and nothing in choices else choices[0]


def _joined(schema: dict[str, Any], root: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {"properties": {}, "required": []}
    for part in [schema, *schema["allOf"]]:
        part = _resolved(part["$ref"], root) if "$ref" in part else part
        properties = {**whole["properties"], **part.get("properties", {})}
        whole = {**whole, **part, "properties": properties, "required": whole["required"] + part.get("required", [])}
    return {name: value for name, value in whole.items() if name != "allOf"}


def _resolved(reference: str, root: Any) -> Any:
    found = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step:
            found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found


def _object(schema: dict[str, Any], root: Any, depth: int) -> dict[str, Any]:
    """All properties, but those that may be missing where it goes deep."""
    properties, required = schema.get("properties", {}), schema.get("required", [])
    wanted = [name for name in properties if depth < DEEPEST // 2 or name in required]
    return {name: _make(properties[name], root, depth + 1) for name in wanted}


def _array(schema: dict[str, Any], root: Any, depth: int) -> list[Any]:
    first = [_make(one, root, depth + 1) for one in schema.get("prefixItems", [])]
    least = max(int(schema.get("minItems", 0)), 1 if depth < DEEPEST // 2 and schema.get("maxItems", 1) else 0)
    more = max(0, least - len(first)) if schema.get("items") or not first else 0
    return first + [_make(schema.get("items", {"type": "string"}), root, depth + 1) for _ in range(more)]


def _string(schema: dict[str, Any], root: Any, depth: int) -> str:
    text = FORMATS.get(str(schema.get("format")), WORD)
    least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
    text = text if len(text) >= least else (text * (least // len(text) + 1))[:least]
    return text if most is None else text[: int(most)]


def _number(schema: dict[str, Any], root: Any, depth: int) -> float:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    value = 1 if low is None else low + ("exclusiveMinimum" in schema)
    if high is not None and value > high:
        value = high - ("exclusiveMaximum" in schema)
    step = schema.get("multipleOf")
    return value if not step else -(-value // step) * step


def _integer(schema: dict[str, Any], root: Any, depth: int) -> int:
    return int(-(-_number(schema, root, depth) // 1))


def _nothing(schema: dict[str, Any], root: Any, depth: int) -> None:
    return None


_MAKERS = {
    "object": _object,
    "array": _array,
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": lambda schema, root, depth: True,
}
