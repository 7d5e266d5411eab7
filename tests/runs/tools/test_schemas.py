"""Schemas that people write: refused with a sentence, or applied, and never able to stop the house."""

import json

import pytest

from apps.runs.tools import schemas
from apps.runs.tools.schemas import SchemaRefused


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ('{"type": "object",}', "line 1, column"),
        ('{\n"type":\n}', "line 3"),
        ("[]", "is a JSON object"),
        ("true", "is a JSON object"),
        ('{"type": "objekt"}', r"At \$.type"),
        ('{"type": "object", "properties": []}', r"At \$.properties"),
        ('{"properties": {"a": {"pattern": "("}}}', r"\$.properties.a.pattern"),
        ('{"$ref": "https://example.org/schema"}', "put that into the schema itself"),
        ('{"properties": {"a": {"$ref": "file:///etc/passwd"}}}', "put that into the schema itself"),
        ('{"a":' * 80 + "1" + "}" * 80, "nested too deeply"),
        ('{"a": "' + "x" * 100_001 + '"}', "longer than"),
    ],
)
def test_what_is_no_schema_is_refused_with_the_place(text, why):
    with pytest.raises(SchemaRefused, match=why):
        schemas.read(text)


@pytest.mark.parametrize(
    "text", ['{"type": "string"}', "{}", '{"type": ["object"]}', '{"anyOf": [{"type": "object"}]}']
)
def test_arguments_are_an_object(text):
    assert isinstance(schemas.read(text), dict)
    with pytest.raises(SchemaRefused, match="must be of an object"):
        schemas.read(text, of_arguments=True)


async def test_each_violation_names_its_path():
    schema = {
        "type": "object",
        "properties": {"list": {"items": {"type": "number"}}, "name": {"type": "string", "minLength": 2}},
        "required": ["id"],
    }
    found = dict(await schemas.violations(json.dumps(schema), {"list": [1, "x"], "name": ""}))
    assert set(found) == {"$.list[1]", "$.name", "$"}
    assert "'id' is a required property" in found["$"]


async def test_there_is_an_end_to_the_violations_that_are_told():
    found = await schemas.violations('{"items": {"type": "string"}}', list(range(10_000)))
    assert len(found) == 50
    assert all(len(sentence) <= 300 for _path, sentence in await schemas.violations('{"type": "null"}', "x" * 9999))


def doubling(depth=40):
    links = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(depth)}
    return {"$ref": "#/$defs/d0", "$defs": {**links, f"d{depth}": {}}}


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        ({"type": "string", "pattern": "^(a+)+$"}, "a" * 60 + "!"),
        ({"patternProperties": {"^(a+)+$": {}}}, {"a" * 60 + "!": 1}),
        (doubling(), "x"),
    ],
)
async def test_a_schema_that_would_take_years_is_ended(schema, document):
    found = await schemas.violations(json.dumps(schema), document, seconds=1)
    assert "took longer" in found[0][1]


@pytest.mark.parametrize("schema", [{"$ref": "#"}, {"$ref": "#/$defs/none"}, {"pattern": "(?<n>", "type": "string"}])
async def test_a_schema_that_cannot_be_applied_is_a_violation_and_no_crash(schema):
    assert len(await schemas.violations(json.dumps(schema), "x")) == 1


async def test_a_reference_to_elsewhere_is_never_fetched():
    from tests.upstreams.scripted import Scripted

    with Scripted(lambda exchange: exchange.json({})) as server:
        found = await schemas.violations(json.dumps({"$ref": f"{server.url}/schema"}), {})
        assert server.connections == 0
    assert "refers to" in found[0][1]
