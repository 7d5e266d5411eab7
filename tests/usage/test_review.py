"""The review: sums, filters, whose calls, single calls and files."""

import csv
import io
import json
import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.usage import reports, rollup
from apps.usage.models import Budget, Call

pytestmark = pytest.mark.django_db
TEAM = {"scope": "team"}


@pytest.fixture
def client(client_of, user):
    return client_of(user)


@pytest.fixture
def panel(client_of, administrator):
    return client_of(administrator)


def a_call(user, days_ago=1, **values):
    known = {"model_name": "sonnet", "upstream_name": "Gateway", "format": "openai_chat", "outcome": "completed"}
    started = timezone.now() - timedelta(days=days_ago)
    return Call.objects.create(user=user, started_at=started, **{**known, **values})


def words(response):
    return " ".join(response.content.decode().split())


def table_of(page):
    """The rows of the table of sums, as lists of their texts."""
    body = page.split('id="usage-table"')[1].split("<tbody>")[1].split("</table>")[0]
    rows = body.split("</tr>")
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)[:-1]] for row in rows
    ][:-1]


@pytest.mark.parametrize("counted", [True, False])
def test_sums_are_the_same_whether_or_not_the_calls_are_counted_already(client, user, member, counted):
    a_call(user, cost=Decimal("1.25"), input_tokens=1000, output_tokens=50, retries=1)
    a_call(user, cost=Decimal("0.75"), input_tokens=500, cached_tokens=750, outcome="stopped", days_ago=3)
    a_call(user, outcome="failed", cause="429")
    a_call(user, outcome="running")
    a_call(user, days_ago=40, cost=Decimal(1))
    a_call(member, cost=Decimal(100))
    if counted:
        rollup.advance()
    page = words(client.get("/usage/"))
    assert "$2.00" in page and "+100.0%" in page and "1 retried" in page and "33.33%" in page
    assert "mostly: 429 Too many requests" in page and "50%</b> read from cache" in page
    assert table_of(page)[0] == ["sonnet", "3", "1,500", "50", "…", "33.3%", "$2.00"]


def test_a_member_sees_their_own_calls_alone_whatever_the_address_says(client, user, member):
    a_call(user, model_name="mine")
    call = a_call(member, model_name="theirs")
    for path in ("/usage/", "/usage/calls/", "/usage/pace/", "/usage/export/?what=calls", "/usage/export/?what=days"):
        mark = "&" if "?" in path else "?"
        response = client.get(f"{path}{mark}scope=team&member={member.pk}&by=member&before={call.pk}")
        text = b"".join(response).decode()
        assert "theirs" not in text and member.email not in text, path


def test_the_team_is_divided_by_members_and_a_member_into_models(panel, user, member):
    a_call(user, cost=Decimal(3))
    a_call(user, cost=Decimal(1), model_name="haiku")
    a_call(member, cost=Decimal(9))
    page = words(panel.get("/usage/", {**TEAM, "open": user.pk}))
    assert [row[0] for row in table_of(page)] == [str(member), str(user), "sonnet", "haiku", "2 rows"]
    page = words(panel.get("/usage/", {**TEAM, "sort": "cost"}))
    assert [row[0] for row in table_of(page)][:2] == [str(user), str(member)]


def test_a_member_of_two_groups_counts_in_both_and_the_whole_only_once(panel, user):
    for name in ("Research", "Lab <b>"):
        user.groups.add(Group.objects.create(name=name))
    a_call(user, cost=Decimal(2))
    rows = table_of(words(panel.get("/usage/", {**TEAM, "by": "group"})))
    assert [(row[0], row[-1]) for row in rows] == [
        ("Lab &lt;b&gt;", "$2.00"),
        ("Research", "$2.00"),
        ("2 rows", "$2.00"),
    ]
    narrowed = panel.get("/usage/", {**TEAM, "group": Group.objects.get(name="Research").pk})
    assert table_of(words(narrowed))[0][0] == str(user)


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("model", "a&b=c", "d"),
        ("upstream", "Ü", "V"),
        ("format", "gemini", "openai_chat"),
        ("kind", "video", "chat"),
        ("outcome", "stopped", "failed"),
        ("cause", "cut", "429"),
    ],
)
def test_each_filter_stands_in_the_address_and_leads_to_its_calls(panel, user, name, value, other):
    column = {"model": "model_name", "upstream": "upstream_name"}.get(name, name)
    kept = a_call(user, request_id="req-kept", **{"outcome": "failed", column: value})
    a_call(user, request_id="req-other", **{"outcome": "failed", column: other})
    rollup.advance()
    assert '<dt>Requests</dt><dd class="stat__value">1</dd>' in words(panel.get("/usage/", {**TEAM, name: value}))
    page = words(panel.get("/usage/calls/", {**TEAM, name: value}))
    assert kept.request_id in page and "req-other" not in page


def test_dates_of_ones_own_and_addresses_that_make_no_sense(client, panel, user):
    a_call(user, days_ago=100, cost=Decimal(7))
    day = (timezone.now() - timedelta(days=100)).date()
    assert "$7.00" in words(client.get("/usage/", {"period": "own", "from": day, "to": day}))
    for nonsense in (
        {"period": "x"},
        {"period": "own", "from": "2026-13-45"},
        {"member": "x"},
        {"sort": "?"},
        {"open": "\0"},
    ):
        assert "No calls in these days" in words(client.get("/usage/", nonsense))
    for nobody in ("²", "9" * 30):
        for page in ("", "pace/", "calls/", "export/"):
            assert panel.get(f"/usage/{page}", {**TEAM, "member": nobody, "group": nobody}).status_code == 200
    assert client.get("/usage/calls/", {"before": "x"}).status_code == 404
    assert client.get("/usage/export/", {"as": "exe"}).status_code == 404


def test_a_calls_way_to_its_answer_is_its_owners_alone_and_nothing_that_was_said_is_shown(client, panel, user):
    run = uuid.uuid4()
    a_call(user, run_id=run, error="You said: my secret", outcome="failed", cause="reply", request_id="req-7")
    assert f"/runs/{run}/" in words(client.get("/usage/calls/"))
    theirs = words(panel.get("/usage/calls/", TEAM))
    assert "req-7" in theirs and str(run) not in theirs
    files = [b"".join(panel.get("/usage/export/", {**TEAM, "what": what})) for what in ("calls", "days")]
    assert "my secret" not in theirs and not any(b"my secret" in file or str(run).encode() in file for file in files)


def test_calls_come_page_by_page_and_none_twice(client, user):
    started = timezone.now() - timedelta(hours=1)
    ids = {str(a_call(user, request_id=f"req-{number:03}").pk) for number in range(101)}
    Call.objects.update(started_at=started)
    seen, address = [], "/usage/calls/"
    while address:
        page = client.get(address, headers={"HX-Request": "true"}).content.decode()
        seen += [part[:7] for part in page.split('usage__id">')[1:]]
        address = page.split('hx-get="')[-1].split('"')[0].replace("&amp;", "&") if "Show more" in page else ""
    assert len(seen) == len(set(seen)) == len(ids)


def test_files_hold_every_call_and_no_formula(panel, user):
    hostile = ["=1+1", "+cmd", "-2", "@sum", "\tx", 'a"b,c\nd', "<script>"]
    for name in hostile:
        a_call(user, model_name=name, cost=Decimal("0.5"))
    rollup.advance()
    for what in ("calls", "days"):
        text = b"".join(panel.get("/usage/export/", {**TEAM, "what": what, "as": "csv"})).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert sorted(row["model_name"].removeprefix("'") for row in rows) == sorted(hostile)
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row.values())
        told = json.loads(b"".join(panel.get("/usage/export/", {**TEAM, "what": what, "as": "json"})))
        assert sorted(row["model_name"] for row in told) == sorted(hostile)
        assert {row["cost"] for row in told} == {0.5}
    empty = panel.get("/usage/export/", {"as": "json"})
    assert json.loads(b"".join(empty)) == [] and "attachment" in empty["Content-Disposition"]


def test_medians_are_of_the_calls_and_change_against_the_days_before(panel, user):
    for number, first in enumerate((100, 200, 1000)):
        a_call(user, first_token_ms=first, duration_ms=first + 1000, output_tokens=10 * (number + 1))
    a_call(user, days_ago=40, first_token_ms=150)
    a_call(user, model_name="quick", first_token_ms=50)
    page = words(panel.get("/usage/pace/", TEAM))
    row = page.split("sonnet</a>")[1].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split('"end">')[1:]] == [
        "3",
        "200 ms",
        "1,000 ms",
        "20.0 tok/s",
        "10.0 tok/s",
    ]
    assert "100 ms</dd>" in page and "50 ms faster" in page
    assert page.index("sonnet</a>") < page.index("quick</a>")
    partial = panel.get("/usage/pace/", TEAM, headers={"HX-Request": "true"}).content.decode()
    place = table_place(panel)
    assert f'hx-target="#first-{place}" hx-swap="innerHTML">100 ms<' in partial


def table_place(panel):
    return panel.get("/usage/", TEAM).content.decode().split('id="first-')[1].split('"')[0]


def test_tiles_for_other_pages_are_those_of_the_team_or_of_one_person(user, member):
    a_call(user, cost=Decimal(1))
    a_call(member, cost=Decimal(2))
    assert [reports.tiles()[0].value, reports.tiles(user)[0].value] == ["$3.00", "$1.00"]
    assert [tile.label for tile in reports.tiles(days=7)] == ["Spend", "Requests", "Tokens", "Failed"]


def test_a_deleted_account_keeps_its_calls_in_the_sums(panel, member):
    a_call(member, cost=Decimal(4))
    rollup.advance()
    member.delete()
    a_call(None, cost=Decimal(1))
    rows = table_of(words(panel.get("/usage/", TEAM)))
    assert (rows[0][0], rows[0][-1]) == ("Deleted account", "$5.00")
    assert "Deleted account" in words(panel.get("/usage/calls/", {**TEAM, "member": "nobody"}))


def test_few_queries_whatever_there_is(panel, user, django_assert_max_num_queries):
    for number in range(30):
        a_call(user, model_name=f"model {number}", days_ago=number, cost=Decimal(number))
    rollup.advance()
    with django_assert_max_num_queries(30):
        panel.get("/usage/", TEAM)


def test_members_with_a_budget_show_how_far_they_have_come(panel, user, member):
    a_call(user)
    a_call(member)
    assert "Budget</th>" not in panel.get("/usage/", TEAM).content.decode()
    Budget.objects.create(user=user, measure="calls", period="month", limit=100)
    rows = {row[0]: row[-1] for row in table_of(words(panel.get("/usage/", TEAM)))}
    assert rows[str(user)].startswith("0% of 100") and not rows[str(member)]


def test_calls_that_are_counted_are_not_read_again_for_the_sums(panel, user):
    a_call(user)
    rollup.advance()
    with CaptureQueriesContext(connection) as asked:
        panel.get("/usage/", TEAM)
    of_calls = [query["sql"] for query in asked if 'FROM "usage_call"' in query["sql"]]
    assert of_calls and all("rolled" in sql.partition("WHERE")[2] for sql in of_calls)
