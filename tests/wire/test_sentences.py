"""Our own failure sentences can be found again by a page, and so be told in its language."""

import ast
from pathlib import Path

import pytest

from apps.wire import sentences
from apps.wire.errors import parse_error
from apps.wire.openai_chat import Decoder

WIRE = Path(sentences.__file__).parent
NAMES = ("told", "title", "status", "word", "reply", "given", "asked", "most")


def literals() -> set[str]:
    """Every text that our code gives to Failed or TooLarge as it stands."""
    found = set()
    for path in WIRE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Failed", "TooLarge"):
                values = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "message")]
                found |= {each.value for each in values if isinstance(each, ast.Constant)}
                found |= {ast.unparse(each) for each in values if isinstance(each, ast.JoinedStr)}
    return found


def test_each_sentence_of_the_wire_has_its_template():
    assert {text for text in literals() if sentences.template_of(text) is None} == set()


@pytest.mark.parametrize("template", sentences.TEMPLATES)
def test_a_sentence_leads_back_to_its_template_and_its_words(template):
    words = {name: f"<{name}> {{x}}\nline" for name in NAMES}
    found, values = sentences.template_of(template.format(**words))
    assert found == template
    assert values.items() <= words.items()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (502, b"<html><title>Bad gateway</title></html>", "text/html"),
        (502, b"<html></html>", "text/html"),
        (200, b"<html><title>Sign in</title></html>", "text/html"),
        (200, b"<html></html>", "text/html"),
        (500, b"", ""),
        (500, b'{"error":{"code":"boom"}}', "application/json"),
        (500, b'{"strange": 1}', "application/json"),
        (0, b'{"strange": 1}', "text/plain"),
        (0, b"", ""),
    ],
)
def test_what_we_say_in_an_upstream_s_place_is_ours(status, body, kind):
    assert sentences.template_of(parse_error(status, body, kind, {}).message)


def test_an_upstream_s_own_words_are_not_ours():
    assert sentences.template_of("Rate limit reached for gpt-4o.") is None


def test_an_empty_reply_says_so_in_our_words():
    (failed,) = Decoder().finish()
    assert failed.message == sentences.EMPTY_REPLY
