"""Schemas that people write: refused with a sentence, or applied, and never able to stop the house."""

import json

import pytest
from django.utils import translation

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


CLOSED = {"type": "object", "additionalProperties": False, "required": ["a"]}


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({**CLOSED, "properties": {"a": {"type": ["object", "null"]}}}, r"missing at \$.properties.a"),
        ({**CLOSED, "properties": {"a": {"items": {"properties": {}}}}}, r"missing at \$.properties.a.items"),
        ({**CLOSED, "properties": {"a": {}, "b": {}, "c": {}}}, r"At \$ these are not: b, c"),
        ({**CLOSED, "properties": {"a": {"anyOf": [{}, {"type": "object"}]}}}, r"\$.properties.a.anyOf\[1\]"),
        ({**CLOSED, "properties": {"a": {}}, "$defs": {"x": {"allOf": [{}]}}}, r"no allOf. It is at \$.\$defs.x"),
    ],
)
def test_what_cannot_be_strict_is_refused_with_the_place(schema, why):
    assert schemas.read(json.dumps(schema), of_arguments=True)
    with pytest.raises(SchemaRefused, match=why):
        schemas.read(json.dumps(schema), strict=True)


def test_a_schema_whose_objects_are_closed_and_complete_can_be_strict():
    inner = {**CLOSED, "properties": {"a": {"$ref": "#/$defs/x"}}}
    schema = {**CLOSED, "properties": {"a": {"anyOf": [inner, {"type": "null"}]}}, "$defs": {"x": {"enum": [1]}}}
    assert schemas.read(json.dumps(schema), of_arguments=True, strict=True) == schema


async def test_each_violation_names_its_path():
    schema = {
        "type": "object",
        "properties": {"list": {"items": {"type": "number"}}, "name": {"type": "string", "minLength": 2}},
        "required": ["id"],
    }
    found = dict(await schemas.violations(json.dumps(schema), {"list": [1, "x"], "name": ""}))
    assert set(found) == {"$.list[1]", "$.name", "$"}
    assert found["$"] == "lacks the property id"


BROKEN = [
    ({"type": ["string", "null"]}, 1, "must be of type string | null and is of type integer"),
    ({"required": ["it's \\"]}, {}, "lacks the property it's \\"),
    ({"enum": ["a", 1, None]}, 2, 'must be one of "a", 1, null'),
    ({"const": {"a": 1}}, 2, 'must be {"a": 1}'),
    (
        {"properties": {"a": {}}, "additionalProperties": False},
        {"b": 1, "{c}": 2},
        "has properties that the schema does not allow: b, {c}",
    ),
    ({"minimum": 2.5}, 1, "must be at least 2.5"),
    ({"exclusiveMinimum": 2}, 2, "must be more than 2"),
    ({"maximum": 2}, 3, "must be at most 2"),
    ({"exclusiveMaximum": 2}, 2, "must be less than 2"),
    ({"minLength": 1}, "", "must have at least 1 character"),
    ({"maxLength": 2}, "abc", "must have at most 2 characters"),
    ({"minItems": 2}, [], "must have at least 2 entries"),
    ({"maxItems": 0}, [1], "must have at most 0 entries"),
    ({"pattern": "^a{2}$"}, "b", "does not match the pattern ^a{2}$"),
    ({"not": {}}, 1, "1 should not be valid under {}"),
    (
        {"patternProperties": {"^a": {}}, "additionalProperties": False},
        {"b": 1},
        "'b' does not match any of the regexes: '^a'",
    ),
]


@pytest.mark.parametrize(("schema", "document", "sentence"), BROKEN)
async def test_the_commonest_rules_have_sentences_of_our_own(schema, document, sentence):
    assert await schemas.violations(json.dumps(schema), document) == [("$", sentence)]


async def test_the_sentences_are_in_the_language_of_whoever_asked():
    with translation.override("zh-hans"):
        template = translation.gettext("must be of type {wanted} and is of type {found}")
        found = await schemas.violations('{"type": "string"}', 1)
    assert found == [("$", template.format(wanted="string", found="integer"))]


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
