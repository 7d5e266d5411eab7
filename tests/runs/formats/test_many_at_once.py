"""Many answers written at once by one process: each is read at intervals, and nothing of it is lost."""

import statistics

import pytest

from apps.usage import records
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 20_000  # µs between two tokens


def gaps_of(answer) -> tuple[int, ...]:
    """Microseconds between the reads of its reply, once it is there."""
    [call] = answer.calls
    [exchange] = records.of(call.id).exchanges
    return exchange.gaps[3:]


def said_until(talk, live, word: str):
    run = wait_until(talk.newest)
    wait_until(lambda: (progress := live.progress(run.id)) and word in progress.text, f"{word} is said")
    return run


@pytest.mark.parametrize(("many", "is_joined"), [(1, False), (40, True)])
def test_what_came_meanwhile_is_read_as_one_chunk(new_talk, serving, many, is_joined):
    talks = [new_talk() for _number in range(many)]
    for talk in talks:
        talk.send("fault-endless@50")
    said_until(talks[-1], serving, " 60 ")
    for talk in talks:
        serving.stop(talk.newest().id)
    for talk in talks:
        answer = talk.ended()
        numbers = answer.text.split()
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert (statistics.median(gaps_of(answer)) > 1.5 * EACH) is is_joined
