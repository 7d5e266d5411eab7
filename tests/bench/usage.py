"""How long the usage review takes over many calls: `python -m tests.bench.usage [CALLS [sqlite]]`.

Calls of a year by sixty members and thirty models are written to a throw-away PostgreSQL, or to SQLite, and rolled up;
then each page is asked for five times, as the administrator, through the whole of Django. Times are milliseconds.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

MEMBERS, MODELS, DAYS, BATCH = 60, 30, 365, 5000
PAGES = {
    "30 days": "/usage/?scope=team",
    "30 days, by model": "/usage/?scope=team&by=model",
    "quarter": "/usage/?scope=team&period=90",
    "year": "/usage/?scope=team&period=365",
    "year, by group": "/usage/?scope=team&period=365&by=group",
    "mine, year": "/usage/?period=365",
    "one model, a member open": "/usage/?scope=team&model=model-3&open=3",
    "times, 30 days": "/usage/pace/?scope=team",
    "times, year": "/usage/pace/?scope=team&period=365",
    "calls": "/usage/calls/?scope=team&period=365",
    "calls that failed": "/usage/calls/?scope=team&period=365&outcome=failed&model=model-7",
}


@contextmanager
def database(kind: str) -> Iterator[None]:
    from tests.cluster import throw_away_cluster

    with tempfile.TemporaryDirectory(prefix="playground-bench-") as folder:
        os.environ |= {"PLAYGROUND_DATA": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        if kind == "sqlite":
            yield
        else:
            with throw_away_cluster() as url:
                os.environ["DATABASE_URL"] = url
                yield
                from django.db import connections

                connections.close_all()


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def fill(count: int) -> None:
    """Most of it on workdays, some models and members far more than others, as it is in a team."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.utils import timezone

    from apps.accounts.models import Instance
    from apps.usage.models import Call

    Instance.objects.get_or_create(pk=1)
    User, chance, now = get_user_model(), random.Random(7), timezone.now()
    names = [f"member{number}" for number in range(MEMBERS)]
    users = User.objects.bulk_create([User(email=f"{name}@example.org", name=name) for name in names])
    User.objects.filter(pk=users[0].pk).update(is_superuser=True)
    groups = Group.objects.bulk_create([Group(name=f"group {number}") for number in range(5)])
    for place, user in enumerate(users):
        user.groups.add(groups[place % 5])
    written = 0
    while written < count:
        batch = [_call(Call, chance, users, now) for _row in range(min(BATCH, count - written))]
        Call.objects.bulk_create(batch)
        written += len(batch)


def _call(Call, chance: random.Random, users: list, now):
    number = int(chance.paretovariate(1.1)) % MODELS
    failed, tokens = chance.random() < 0.02, chance.randrange(50, 9000)
    first = int(chance.lognormvariate(6.1, 0.5))
    return Call(
        user=users[min(int(chance.expovariate(0.08)), MEMBERS - 1)],
        upstream_name=f"gateway {number % 3}",
        model_name=f"model-{number}",
        format=("openai_chat", "anthropic_messages", "gemini")[number % 3],
        kind="video" if number == 29 else "chat",
        started_at=now - timedelta(seconds=chance.randrange(DAYS * 86_400)),
        outcome="failed" if failed else chance.choices(("completed", "stopped"), (30, 1))[0],
        cause=chance.choice(("429", "500", "cut")) if failed else "",
        duration_ms=first + tokens * 8,
        first_token_ms=None if failed else first,
        input_tokens=0 if failed else tokens,
        output_tokens=0 if failed else tokens // 6,
        cached_tokens=tokens // 3,
        cost=None if failed else Decimal(tokens) / 100_000,
        cost_source="" if failed else "estimated",
    )


def ask(path: str) -> list[float]:
    """Five times in milliseconds."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="localhost", headers={"HX-Request": "true"} if "pace" in path else None)
    client.force_login(get_user_model().objects.get(is_superuser=True), backend="playground.sign_in.Backend")
    if (status := client.get(path).status_code) != 200:
        raise SystemExit(f"{path} answered {status}.")
    return [1000 * timed(lambda: client.get(path).content) for _time in range(5)]


def main(count: int, kind: str) -> None:
    with database(kind):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from apps.usage import rollup
        from apps.usage.models import UsageDay

        call_command("migrate", verbosity=0)
        tell = sys.stdout.write
        tell(f"{count} calls on {connection.vendor}: written in {timed(lambda: fill(count)):.0f} s\n")
        step = statistics.median(1000 * timed(rollup.step) for _time in range(20))
        tell(f"one step of the roll-up, {rollup.BATCH} calls: {step:.0f} ms\n")
        tell(f"the rest, day by day: {timed(lambda: [rollup.recount(day) for day in rollup.days()]):.0f} s\n")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        tell(f"{UsageDay.objects.count()} rows of days\n")
        for name, path in PAGES.items():
            times = ask(path)
            tell(f"{name:28} median {statistics.median(times):6.0f}   worst {max(times):6.0f}\n")
        found = []
        took = timed(lambda: found.extend(filter(None, map(rollup.differences, rollup.days()))))
        tell(f"verified in {took:.0f} s: {len(found)} days differ\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000, sys.argv[2] if sys.argv[2:] else "postgresql")
