"""Every documented shape of an answer: recorded in fixtures, told in expected."""

from importlib import import_module

import pytest

from ..reading import one_byte_each
from .reading import FIXTURES, read, read_poll, recorded, recordings, replied

FAMILIES = ("images", "video")
EXPECTED = {
    dialect: found
    for family in FAMILIES
    for dialect, found in import_module(f"{__package__}.expected.{family}").EXPECTED.items()
}
CASES = [(dialect, name) for dialect, found in EXPECTED.items() for name in found]


@pytest.mark.parametrize("dialect", EXPECTED)
def test_every_recorded_answer_is_told(dialect):
    assert {path.name for path in recordings(dialect)} == set(EXPECTED[dialect])


@pytest.mark.parametrize(("dialect", "name"), CASES)
def test_a_recorded_answer_says_what_is_told_of_it(dialect, name):
    assert recorded(dialect, name) == EXPECTED[dialect][name]


@pytest.mark.parametrize(("dialect", "name"), CASES)
def test_a_recorded_answer_may_come_byte_by_byte_under_a_wrong_content_type(dialect, name):
    data = (FIXTURES / dialect / name).read_bytes()
    reader = read_poll if name.startswith("poll") else read
    for content_type in ("text/event-stream", "application/json", "text/plain"):
        found = replied(reader(dialect, *one_byte_each(data), content_type=content_type))
        assert found == EXPECTED[dialect][name]
