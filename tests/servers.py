"""Fixtures that are real servers: the product, the sandbox upstream, Redis."""

import fcntl
import itertools
import json
import os
import secrets
import shutil
import signal
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
import pytest

from tests.databases import drop_database, make_database, postgresql_url
from tests.processes import Process, answers, find_program, free_port, python, wait_until
from tests.shell import Shell

CSRF = "c" * 32


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the seeded data folder; `session` is the value of a session cookie that is signed in."""

    email: str
    password: str
    session: str
    id: int


@dataclass(frozen=True, slots=True)
class Seed:
    """A migrated data folder, its DATABASE_URL, and who lives there."""

    data: Path
    database: str
    people: list[Person]


class PlaygroundServer:
    """A `manage.py serve` process with its own port, on a data folder that outlives it."""

    def __init__(
        self,
        data: Path,
        database: str,
        people: list[Person],
        environment: dict[str, str],
        python: str = sys.executable,
    ):
        self.data, self.database, self.people = data, database, people
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._members = itertools.cycle(people[1:])
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "playground.settings",
            "PLAYGROUND_DATA": str(data),
            "DATABASE_URL": database,
            "PORT": str(self.port),
            "PLAYGROUND_SANDBOX": "1",
            "PLAYGROUND_LOCAL_MODEL": "0",
            **environment,
        }
        log = data / f"serve-{self.port}.log"
        self._process = Process([python, "manage.py", "serve"], log, self.environment)
        self._shell = Shell(self.environment, data / f"shell-{self.port}.log")

    @property
    def administrator(self) -> Person:
        return self.people[0]

    @property
    def pid(self) -> int:
        return self._process.pid

    def member(self) -> Person:
        """A member whom no other test of this server has met, as long as there are any."""
        return next(self._members)

    def start(self) -> None:
        self._process.start(lambda: answers(f"{self.url}/healthz"))
        if self.people and self.environment["PLAYGROUND_SANDBOX"] == "1":
            wait_until(self._offers_the_sandbox, "the sandbox's models are offered")

    def _offers_the_sandbox(self) -> bool:
        with self.http(self.administrator) as client:
            return "sandbox-markdown" in client.get("/").text

    def stop(self) -> None:
        self._shell.close()
        self._process.end()

    def kill9(self) -> None:
        self._process.end(signal.SIGKILL)

    def restart(self) -> None:
        self.stop()
        self.start()

    def output(self) -> str:
        return self._process.output()

    def manage(self, *arguments: str) -> str:
        """What a management command on this server's data printed, run in its shell."""
        return self.shell(f"from tests.shell import command\ncommand(*{arguments!r})")

    def shell(self, code: str) -> str:
        """What the code printed, run in Django's shell on this server's data."""
        return self._shell.run(code)

    def http(self, person: Person | None = None) -> httpx.Client:
        """A client that is signed in as the person and passes the CSRF check."""
        cookies = {"csrftoken": CSRF, **({"sessionid": person.session} if person else {})}
        headers = {"X-CSRFToken": CSRF, "Origin": self.url}
        return httpx.Client(
            base_url=self.url, cookies=cookies, headers=headers, timeout=30, trust_env=False, verify=False
        )


@contextmanager
def _locked(path: Path):
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sqlite(data: Path) -> str:
    return f"sqlite:///{data}/playground.sqlite3"


def make_seed(data: Path, arguments: list[str], like: Seed | None = None) -> Seed:
    """A new data folder, or a copy of one, with the people that `tests.seed` makes of the arguments."""
    server = postgresql_url()
    database = _copy(like, data) if like else make_database(server) if server else _sqlite(data)
    environment = {
        "DJANGO_SETTINGS_MODULE": "playground.settings",
        "PLAYGROUND_DATA": str(data),
        "DATABASE_URL": database,
    }
    printed = python("-m", "tests.seed", *arguments, environment=environment)
    return Seed(data, database, [Person(**person) for person in json.loads(printed.splitlines()[-1])])


def _seed(tmp_path_factory, name: str, arguments: list[str], like: Seed | None = None) -> Seed:
    """Made once for all xdist workers: they share the parent of their temporary folders."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    notes = shared / f"{name}.json"
    with _locked(shared / f"{name}.lock"):
        if not notes.exists():
            notes.write_text(json.dumps(asdict(make_seed(shared / name, arguments, like)), default=str))
    read = json.loads(notes.read_text())
    return Seed(Path(read["data"]), read["database"], [Person(**person) for person in read["people"]])


def _copy(seed: Seed, data: Path) -> str:
    """Copies the folder (static files by link) and the database; gives the new DATABASE_URL."""
    shutil.copytree(seed.data, data, ignore=shutil.ignore_patterns("static"))
    (data / "static").symlink_to(seed.data / "static")
    return _sqlite(data) if seed.database.startswith("sqlite") else make_database(seed.database, seed.database)


@pytest.fixture(scope="session")
def fresh_seed(tmp_path_factory) -> Seed:
    """What is migrated, and nobody lives there yet."""
    return _seed(tmp_path_factory, "fresh", [])


@pytest.fixture(scope="session")
def make_server(tmp_path_factory, fresh_seed):
    """Factory of servers that are the caller's to stop; see `playground_server` for the arguments."""
    databases = []

    def make(
        *, fresh=False, beside: PlaygroundServer | None = None, environment=None, start=True, **more
    ) -> PlaygroundServer:
        if beside:
            data, database, people = beside.data, beside.database, beside.people
        else:
            seed = fresh_seed if fresh else _seed(tmp_path_factory, "people", ["people"], fresh_seed)
            data = tmp_path_factory.mktemp("server") / "data"
            database, people = _copy(seed, data), seed.people
            databases.append(database)
        server = PlaygroundServer(data, database, people, environment or {}, **more)
        if start:
            server.start()
        return server

    yield make
    for database in databases:
        if database.startswith("postgres"):
            drop_database(database)


@pytest.fixture
def playground_server(make_server):
    """Factory of real servers: `fresh` is before first-run set-up, `beside=` another one on the same data.

    With `start=False` there is its data only, for commands.
    """
    servers = []

    def make(**options) -> PlaygroundServer:
        servers.append(make_server(**options))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()
        print(f"--- output of {server.url}\n{server.output()}")


@pytest.fixture(scope="session")
def shared_server(make_server):
    server = make_server()
    yield server
    server.stop()


@pytest.fixture
def server(shared_server):
    """A real server shared by the tests of a worker: take a new `.member()`, and leave it running."""
    before = len(shared_server.output())
    yield shared_server
    print(f"--- output of {shared_server.url}\n{shared_server.output()[before:]}")


class Sandbox:
    """The scripted upstream in its own process."""

    def __init__(self, log: Path):
        self.port, self.key = free_port(), secrets.token_hex(8)
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = Process([sys.executable, "-m", "apps.sandbox", "--port", self.port, "--key", self.key], log)

    def stats(self) -> dict:
        """{"open", "aborted", "requests", "by_model", "last_request"}"""
        return httpx.get(f"{self.url}/_stats", trust_env=False, verify=False).json()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory):
    """The sandbox upstream as a process, with `.url`, `.key` and `.stats()`."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox") / "log")
    sandbox.process.start(lambda: answers(f"{sandbox.url}/_stats"))
    yield sandbox
    sandbox.process.end()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    """The address of a real Redis that lives as long as this worker."""
    program = find_program("redis-server", "valkey-server")
    if not program:
        pytest.fail("redis-server is not installed: apt install redis-server")
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder]
    process = Process([program, *options], folder / "log")
    process.start(lambda: b"Ready to accept connections" in (folder / "log").read_bytes())
    yield f"redis://127.0.0.1:{port}/0"
    process.end()
