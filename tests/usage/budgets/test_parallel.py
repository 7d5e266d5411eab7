"""Fifty sends at once against a budget that has room for ten: through two real servers on one database."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.processes import wait_until
from tests.servers import Person, PlaygroundServer

SENDS, ROOM = 50, 10
SETTLED = """
import json
from apps.usage.models import Budget, Call, Hold, Tally
calls = Call.objects.filter(user=PERSON)
running = calls.filter(outcome="running").count()  # first: what is read behind it is then the end
tally = Tally.objects.filter(user=PERSON).first()
print(json.dumps({
    "running": running,
    "calls": calls.count(),
    "tokens": [call.output_tokens for call in calls if call.kind == "chat"],
    "cost": str(sum(call.cost or 0 for call in calls)),
    "used": tally and str(tally.used),
    "reserved": tally and str(tally.reserved),
    "holds": Hold.objects.filter(call__user=PERSON).count(),
}))
"""


def model_of(server: PlaygroundServer) -> str:
    code = "from apps.upstreams.models import Model\nprint(Model.objects.get(name='sandbox-echo').pk)"
    return server.shell(code).strip()


def settled(server: PlaygroundServer, person: Person) -> dict:
    """What the ledger and the budget have, once nothing of the person's is on its way."""

    def looked():
        found = json.loads(server.shell(SETTLED.replace("PERSON", str(person.id))))
        return found["running"] == 0 and found

    return wait_until(looked, "every call has ended")


def sent(servers: list[PlaygroundServer], person: Person, model: str, count: int, **fields) -> list:
    """The replies to so many sends, all at the same time, each to one of the servers."""
    clients = [server.http(person) for server in servers]

    def send(number: int):
        form = {"text": "What is it?", "turn": str(uuid.uuid4()), "model": model, **fields}
        return clients[number % len(clients)].post("/send/", data=form, timeout=120)

    with ThreadPoolExecutor(count) as threads:
        replies = list(threads.map(send, range(count)))
    for client in clients:
        client.close()
    return replies


def statuses(replies: list) -> dict[int, int]:
    found = [reply.status_code for reply in replies]
    return {status: found.count(status) for status in set(found)}


@pytest.fixture
def servers(playground_server) -> list[PlaygroundServer]:
    first = playground_server()
    return [first, playground_server(beside=first)]


def test_exactly_what_a_budget_allows_is_spent(servers):
    first, model = servers[0], model_of(servers[0])

    person = first.member()
    first.shell(
        "from apps.usage.models import Budget\n"
        f"Budget.objects.create(user_id={person.id}, measure='calls', limit={ROOM}, period='month')"
    )
    replies = sent(servers, person, model, SENDS)
    found = settled(first, person)
    assert set(statuses(replies)) == {200, 429}
    # A title that was asked for meanwhile is a call as well: all of them together are what the budget allows.
    assert (found["calls"], float(found["used"]), float(found["reserved"]), found["holds"]) == (ROOM, ROOM, 0, 0)
    refused = next(reply for reply in replies if reply.status_code == 429)
    assert f"is used up: {ROOM} of {ROOM} calls" in refused.text
    assert int(refused.headers["Retry-After"]) > 0

    asked = first.member()
    sent(servers[:1], asked, model, 1)
    (tokens,) = settled(first, asked)["tokens"]
    person = first.member()
    first.shell(
        "from decimal import Decimal\n"
        "from apps.usage.models import Budget, Price\n"
        "from django.utils import timezone\n"
        f"Price.objects.create(model_id='{model}', starts_at=timezone.now(), input_price=0,"
        f" output_price=Decimal(10_000) / {tokens})\n"
        f"Budget.objects.create(user_id={person.id}, measure='money', limit=Decimal('0.10'), period='day')"
    )
    replies = sent(servers, person, model, SENDS, **{"p.max_completion_tokens": str(tokens)})
    found = settled(first, person)
    assert statuses(replies) == {200: ROOM, 429: SENDS - ROOM}
    assert round(float(found["cost"]), 5) == round(float(found["used"]), 5) == 0.1
    assert float(found["reserved"]) == 0 and found["holds"] == 0
