"""What the page of a comparison shows."""

import re
from decimal import Decimal

import pytest

from apps.runs.compare.begin import columns_of
from apps.runs.compare.scores import beside
from apps.runs.metrics import Spent
from apps.runs.models import Run
from apps.usage.models import CallRecord
from tests.hostile.corpus import TEXTS

pytestmark = pytest.mark.django_db(transaction=True)


def page(client, comparison, place="") -> str:
    response = client.get(f"/compare/{comparison.pk}/{place}")
    assert response.status_code == 200
    return response.content.decode()


def test_two_answers_are_compared_word_by_word(compared, client):
    comparison = compared("sandbox-echo", "sandbox-markdown")
    html = page(client, comparison, "diff/")
    assert '<del class="differs__gone">' in html and '<ins class="differs__new">' in html


def test_two_requests_are_compared_as_they_were_sent_without_the_key(compared, client, sandbox):
    comparison = compared("sandbox-echo", ("sandbox-echo", "anthropic_messages"))
    html = page(client, comparison, "diff/?of=requests")
    assert "POST /v1/chat/completions" in html and "POST /v1/messages" in html
    assert "would be built now" not in html and sandbox.key not in html


def test_a_request_that_was_not_kept_is_built_again(compared, client):
    comparison = compared("sandbox-echo", ("sandbox-echo", "gemini"))
    CallRecord.objects.all().delete()
    html = page(client, comparison, "diff/?of=requests")
    assert "would be built now" in html and ":streamGenerateContent" in html and "sandbox-echo" in html


def test_unknown_columns_of_a_difference_are_the_first_ones(compared, client):
    comparison = compared("sandbox-echo", "sandbox-markdown")
    assert '<del class="differs__gone">' in page(client, comparison, "diff/?a=nonsense&b=%3Cscript%3E&of=<script>")


def test_one_answer_has_nothing_to_be_compared_with(compared, client):
    assert "no two answers" in page(client, compared("sandbox-echo"), "diff/")


def test_hostile_prompts_and_answers_are_shown_as_text(compared, client):
    text = "\n\n".join([TEXTS["script"], TEXTS["onerror"], TEXTS["hx-partial"]])
    comparison = compared("sandbox-echo", "sandbox-markdown", text=text)
    for html in (
        page(client, comparison),
        page(client, comparison, "diff/"),
        page(client, comparison, "diff/?of=requests"),
    ):
        assert not re.search(r"<(script>owned|img src=x|hx-partial hx-target=\"body)", html)


def test_a_failed_column_says_why_and_is_never_the_best(compared, client):
    comparison = compared("fault-400", "sandbox-echo")
    html = page(client, comparison)
    assert 'class="notice__title"' in html and "Failed" in html
    first = html.split('class="compare__col"')[1]
    assert "data-best" not in first


def test_the_page_costs_as_many_queries_for_six_columns_as_for_two(compared, client, django_assert_max_num_queries):
    few, many = compared("sandbox-echo", "sandbox-echo"), compared(*["sandbox-echo"] * 6)
    assert len(columns_of(many)) == 6 and Run.objects.count() == 8
    for comparison in (few, many):
        with django_assert_max_num_queries(32):
            page(client, comparison)


def spent(**fields) -> Spent:
    return Spent(**{"input_tokens": 5, "output_tokens": 10, "duration_ms": 1000, "first_token_ms": 100, **fields})


def best(answers) -> list[list[str]]:
    return [[score.label for score in row if score.is_best] for row in beside(answers)]


def test_the_best_of_each_row_is_marked():
    fast = spent(first_token_ms=50, duration_ms=500, cost=Decimal("0.02"))
    cheap = spent(cost=Decimal("0.01"), output_tokens=8)
    assert best([(fast, True), (cheap, True)]) == [["First token", "Duration", "Speed"], ["Cost", "Tokens"]]


def test_nothing_is_the_best_alone_among_equals_or_after_a_failure():
    assert best([(spent(), True)]) == [[]]
    assert best([(spent(), True), (spent(), True)]) == [[], []]
    assert best([(spent(duration_ms=1), False), (spent(), True)]) == [[], []]
    assert best([(None, False), (spent(), True)]) == [[], []]
