"""The quiet line under an answer."""

from apps.runs.metrics import final_metrics, summed
from apps.usage.models import Call


def test_a_request_that_was_refused_is_not_called_free_and_counts_no_tokens():
    call = Call(input_tokens=0, output_tokens=0, tokens_source=Call.Source.ESTIMATED, cost=0)
    assert final_metrics(summed([call])) == []


def test_tokens_that_cost_nothing_are_called_free():
    call = Call(input_tokens=1200, output_tokens=3, tokens_source=Call.Source.REPORTED, cost=0)
    assert final_metrics(summed([call])) == ["1,200 in, 3 out", "free"]
