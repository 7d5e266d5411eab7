"""Values made from a schema follow it."""

import jsonschema
import pytest

from apps.sandbox.arguments import arguments
from apps.sandbox.instances import instance
from apps.wire.messages import Tool

NODE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
    "required": ["name", "next"],
}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a", "b"]},
        {"type": "array", "items": {"type": "number"}, "minItems": 3},
        {"type": "array", "items": {"type": "string"}, "maxItems": 0},
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "boolean"}]},
        {"type": "integer", "minimum": 10, "multipleOf": 4},
        {"type": "integer", "exclusiveMinimum": 3, "maximum": 4},
        {"type": "number", "exclusiveMaximum": 0},
        {"type": "number", "minimum": 0.5, "maximum": 0.7},
        {"type": "string", "minLength": 30, "maxLength": 40},
        {"type": "string", "maxLength": 2},
        {"type": "string", "format": "date-time"},
        {"type": ["null", "string"]},
        {"type": "null"},
        {"enum": ["red", "green"]},
        {"const": 7},
        {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
        {"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}, "required": ["a", "b"]}]},
        {"$ref": "#/$defs/city", "$defs": {"city": {"type": "string", "minLength": 1}}},
        {"$ref": "#/$defs/node", "$defs": {"node": NODE}},
        {"properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"items": {"type": "string"}, "minItems": 2},
        {},
        True,
    ],
)
def test_a_value_follows_its_schema(schema):
    jsonschema.validate(instance(schema), schema)


def test_geminis_types_are_understood():
    schema = {"type": "OBJECT", "properties": {"name": {"type": "STRING"}, "sizes": {"type": "ARRAY", "items": {}}}}
    assert instance(schema) == {"name": "sandbox", "sizes": [{}]}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/nowhere"},
        {"$ref": "#"},
        {"type": "smell"},
        {"allOf": [{"$ref": "#/x"}]},
        {"type": "string", "minLength": "x"},
    ],
)
def test_a_schema_that_makes_no_sense_makes_no_crash(schema):
    instance(schema)


def of(name: str, **properties):
    return Tool(name, schema={"type": "object", "properties": properties})


@pytest.mark.parametrize(
    ("tool", "first", "second"),
    [
        (of("calculator", expression={"type": "string"}), {"expression": "6 * 7"}, {"expression": "2 ^ 10"}),
        (of("calculator", input={"type": "string"}), {"input": "6 * 7"}, {"input": "2 ^ 10"}),
        (of("current_time", timezone={"type": "string"}), {"timezone": "Europe/Oslo"}, {"timezone": "Asia/Shanghai"}),
        (
            of("read", pageUrl={"type": "string"}),
            {"pageUrl": "https://example.com/"},
            {"pageUrl": "https://example.com/"},
        ),
        (of("calculator", expression={"enum": ["1"]}), {"expression": "1"}, {"expression": "1"}),
        (of("f", city={"type": "string", "maxLength": 4}), {"city": "Oslo"}, {"city": "sand"}),
        (of("f", city={"type": "INTEGER"}, note={"type": "string"}), {"city": 1, "note": "sandbox"}, None),
        (Tool("f"), {}, {}),
        (Tool("f", schema={"type": "string"}), {}, {}),
    ],
)
def test_the_arguments_of_a_call_make_sense_by_their_names(tool, first, second):
    assert arguments(tool, 1) == first
    assert second is None or arguments(tool, 2) == second
