"""The load test: `make bench`. BENCH=full adds 300 streams. It prints what it measured and judges no time.

Three processes besides this one: the upstream and this one share a core, the measured server has another to itself.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import django
import httpx
import uvloop

from tests.bench import report
from tests.bench.load import Measured, Work, drive, measure
from tests.bench.machine import memory_mib, pin
from tests.bench.replay import read_page, read_relay
from tests.bench.users import PageUser, RelayUser, User
from tests.processes import Process, answers, free_port, wait_until
from tests.servers import PlaygroundServer, make_seed

SERVER_CORE, CLIENT_CORE = 0, 1
STREAMS = (20, 100, 300) if os.environ.get("BENCH") == "full" else (20, 100)
PACED = [Work(users=streams, tokens=400, rate=50, ramp=3.0) for streams in STREAMS]
FLAT_OUT = Work(users=20, tokens=2000, rate=0, asks=5)


@dataclass(frozen=True, slots=True)
class Target:
    name: str
    pid: int
    users: Callable[[int], list[User]]
    read: Callable


def start(stack: ExitStack, module: str, folder: Path, core: int, *options: str) -> tuple[str, Process]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = Process([sys.executable, "-m", module, "--port", port, *options], folder / f"{module}.log")
    process.start(lambda: answers(f"{url}/v1/models") or (process.is_running() and _listens(port)))
    stack.callback(process.end)
    pin(process.pid, core)
    return url, process


def _listens(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).status_code > 0
    except httpx.HTTPError:
        return False


def relay(stack: ExitStack, folder: Path, upstream: str) -> Target:
    url, process = start(stack, "tests.bench.relay", folder, SERVER_CORE, "--upstream", upstream)
    return Target("bare relay", process.pid, lambda count: [RelayUser(url) for _ in range(count)], read_relay)


def playground(stack: ExitStack, folder: Path, upstream: str) -> Target:
    data = folder / "data"
    seed = make_seed(data, ["people", str(max(STREAMS))])
    environment = {"PLAYGROUND_SANDBOX": "0", "PLAYGROUND_UPSTREAM_URL": upstream, "PLAYGROUND_UPSTREAM_KEY": "bench"}
    server = PlaygroundServer(data, seed.database, seed.people, environment)
    server.start()
    stack.callback(server.stop)
    pin(server.pid, SERVER_CORE)
    os.environ.update(server.environment)
    django.setup()  # answers are checked by our renderer, which names this server's static files
    models = wait_until(lambda: models_of(server), "the catalogue is read")

    def users(count: int) -> list[User]:
        return [PageUser(server.url, person, models) for person in server.people[1 : count + 1]]

    return Target("Playground", server.pid, users, read_page)


def models_of(server: PlaygroundServer) -> dict[str, str]:
    code = "from apps.upstreams.models import Model\nfor model in Model.objects.all(): print(model.name, model.id)"
    return dict(line.split() for line in server.shell(code).splitlines() if line.startswith("fake-"))


def run(target: Target, work: Work) -> Measured:
    exchanges, cost = uvloop.run(drive(target.users(work.users), work, target.pid))
    return measure(exchanges, cost, work, target.read)


def main() -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="playground-bench-")))
        upstream, _ = start(stack, "tests.bench.upstream", folder, CLIENT_CORE)
        targets = [relay(stack, folder, upstream), playground(stack, folder, upstream)]
        pin(os.getpid(), CLIENT_CORE)
        for target in targets:
            run(target, Work(users=2, tokens=400, rate=50))
        idle = [memory_mib(target.pid) for target in targets]
        wrong = []
        for work in (FLAT_OUT, *PACED):
            measured = [run(target, work) for target in targets]
            report.show(work, [target.name for target in targets], measured)
            wrong += [problem for each in measured for problem in each.wrong]
        report.show_idle([target.name for target in targets], idle)
        report.show_wrong(wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
