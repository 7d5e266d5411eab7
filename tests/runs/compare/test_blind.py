"""Names that are hidden until a vote, and the vote."""

import uuid

import pytest

from apps.live import fragments
from apps.runs.compare.begin import columns_of
from apps.runs.models import Comparison, Run, Vote

from .conftest import ended

pytestmark = pytest.mark.django_db(transaction=True)

SECRETS = ("sandbox-markdown", "fault-400", "Anthropic Messages", "anthropic_messages", "Gemini")


@pytest.fixture
def blind(compared):
    return compared(("sandbox-markdown", "anthropic_messages"), ("fault-400", "gemini"), blind="1")


def vote(client, comparison, column=None):
    round = comparison.rounds.get()
    posted = {"round": str(round.pk), "column": str(column.pk) if column else ""}
    return client.post(f"/compare/{comparison.pk}/vote/", posted)


def test_nothing_of_the_page_or_its_frames_tells_a_name_before_the_vote(blind, client):
    places = [f"/compare/{blind.pk}/", f"/compare/{blind.pk}/diff/", f"/compare/{blind.pk}/diff/?of=requests"]
    told = "".join(client.get(place).content.decode() for place in places)
    for run in Run.objects.all():
        told += fragments.ended(run.message_id) + fragments.thread(run.user, run.conversation_id)
        told += client.post(
            f"/compare/{blind.pk}/columns/{run.conversation_id}/retry/", {"turn": str(uuid.uuid4())}
        ).content.decode()
        ended()
    assert [secret for secret in SECRETS if secret in told] == []
    assert "Answer 1" in told and "Answer 2" in told and "data-best" not in told


def test_what_would_tell_a_name_is_closed_before_the_vote(blind, client, columns):
    column, run = columns_of(blind)[0], Run.objects.first()
    for place in (f"/runs/{run.pk}/", f"/runs/{run.pk}/tab/wire/", f"/c/{column.pk}/older/?before={run.message_id}"):
        assert client.get(place).status_code == 404
    own = f"/compare/{blind.pk}/columns/{column.pk}/"
    assert client.get(own).status_code == client.post(f"{own}chat/").status_code == 409
    assert client.get(f"/m/{run.message_id}/compare/").status_code == 409
    assert client.get(f"/m/{run.message_id}/again/").status_code == 404
    assert client.post(f"/compare/{blind.pk}/columns/", columns("sandbox-echo")).status_code == 409


def test_the_order_of_hidden_columns_does_not_follow_the_form(begin, model):
    wanted = ["sandbox-echo", "sandbox-markdown", "sandbox-code", "sandbox-math", "sandbox-table", "sandbox-chinese"]
    orders = set()
    for _time in range(4):
        begin(*wanted, blind="1")
        ended()
        found = columns_of(Comparison.objects.latest("pk"))
        assert sorted(column.model.name for column in found) == sorted(wanted)
        orders.add(tuple(column.model.name for column in found))
        ids = [Run.objects.get(conversation=column).pk for column in found]
        assert ids == sorted(ids)
    assert orders != {tuple(wanted)}


def test_a_vote_is_kept_shows_the_names_and_can_be_changed(blind, client):
    first, second = columns_of(blind)
    html = vote(client, blind, first).content.decode()
    assert "sandbox-markdown" in html and "Voted the best answer" in html
    assert Vote.objects.get().column == first
    vote(client, blind, second)
    assert Vote.objects.get().column == second
    vote(client, blind)
    assert Vote.objects.get().column is None
    page = client.get(f"/compare/{blind.pk}/").content.decode()
    assert "Voted the best answer" not in page and 'aria-pressed="true">None is better' in page


def test_the_page_tells_whether_the_names_were_known_to_the_vote_and_lets_it_be_taken_back(blind, client):
    first, second = columns_of(blind)
    place = f"/compare/{blind.pk}/"
    assert "Your first vote shows the names, for good." in client.get(place).content.decode()
    told = vote(client, blind, first).content.decode()
    assert "Voted before the names were shown." in told and "cannot be hidden again" in told
    assert "The vote was changed after the names were shown." in vote(client, blind, second).content.decode()
    back = {"round": str(blind.rounds.get().pk), "column": str(second.pk), "back": "1"}
    told = client.post(f"{place}vote/", back).content.decode()
    assert not Vote.objects.exists() and "Voted" not in told and "sandbox-markdown" in told
    assert "Voted after the names were shown." in vote(client, blind).content.decode()


def test_the_same_models_are_asked_blind_from_the_start(blind, client):
    again = f"/compare/?again={blind.pk}"
    rows = lambda place: [row.model.name for row in client.get(place).context["rows"]]  # noqa: E731
    assert rows(again) == rows("/compare/"), "while they are hidden it tells nothing"
    vote(client, blind)
    assert rows(again) == [column.model.name for column in columns_of(blind)]
    assert 'id="blind" name="blind" value="1" checked' in client.get(again).content.decode()
    assert client.get("/compare/?again=nonsense").status_code == 200


def test_the_names_can_be_shown_without_a_vote(blind, client):
    html = client.post(f"/compare/{blind.pk}/reveal/").content.decode()
    assert "sandbox-markdown" in html and not Vote.objects.exists()


def test_a_vote_for_what_is_not_of_this_comparison_is_not_found(compared, client):
    one, other = compared("sandbox-echo"), compared("sandbox-echo")
    assert vote(client, one, columns_of(other)[0]).status_code == 404
    round = other.rounds.get()
    assert client.post(f"/compare/{one.pk}/vote/", {"round": str(round.pk), "column": ""}).status_code == 404
    assert client.post(f"/compare/{one.pk}/vote/", {"round": "x", "column": ""}).status_code == 400
    assert not Vote.objects.exists()


def test_a_vote_cannot_be_for_a_column_that_was_not_asked(compared, client):
    comparison = compared("sandbox-echo", "sandbox-echo")
    first, second = columns_of(comparison)
    asked = {"text": "you", "turn": str(uuid.uuid4()), "to": str(first.pk)}
    client.post(f"/compare/{comparison.pk}/ask/", asked)
    ended()
    round = comparison.rounds.last()
    posted = {"round": str(round.pk), "column": str(second.pk)}
    assert client.post(f"/compare/{comparison.pk}/vote/", posted).status_code == 422
    assert not Vote.objects.exists()
