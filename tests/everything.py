"""Runs every test, on SQLite and then, where a database is touched, on PostgreSQL: `make test` calls this.

Arguments are handed to pytest. DATABASE_URL names a PostgreSQL server to use instead of a throw-away one; CHROMIUM a
browser; WORKERS how many processes pytest uses.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.cluster import pg_ctl, throw_away_cluster
from tests.processes import ROOT, find_program

# Every server of a test is a new process: where Python keeps no byte code, each of them compiles everything again.
OURS = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
WORKERS = os.environ.get("WORKERS") or str(max(4, os.cpu_count() or 1))


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or find_program("chromium", "chromium-browser", "google-chrome")


def _redis() -> str | None:
    return find_program("redis-server", "valkey-server")


def _postgresql() -> str | None:
    return os.environ.get("DATABASE_URL") or pg_ctl()


# What is needed, how to find it, the package of Debian and Ubuntu, and how to name one that is somewhere else.
NEEDED = (
    ("Chromium", _chromium, "chromium", "set CHROMIUM=/path/to/chrome"),
    ("a Redis server", _redis, "redis-server", "put redis-server on PATH"),
    ("a PostgreSQL server", _postgresql, "postgresql", "put pg_ctl on PATH, or set DATABASE_URL=postgres://..."),
)


def _missing() -> list[tuple[str, str, str]]:
    return [(name, package, hint) for name, find, package, hint in NEEDED if not find()]


def _apt(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *arguments]
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def install_programs() -> None:
    """Installs what is not there if that is possible; ends the program with a sentence if it is not."""
    if (missing := _missing()) and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [package for _, package, _ in missing]
        print(f"Installing {', '.join(packages)} by apt-get...", flush=True)
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *packages)
    for name, package, hint in _missing():
        print(f"The tests need {name}: apt-get install {package}, or {hint}.", file=sys.stderr)
    if _missing():
        sys.exit(1)


def run(title: str, arguments: list[str], database_url: str | None) -> tuple[int, str]:
    """The exit status of all tests, and how they ended in a line.

    On a small machine a dozen browsers and servers may keep a test waiting beyond its patience. What failed is run once
    more, with nothing beside it, and said to be unsteady if it passes then: it is to be looked into, not to be hidden.
    """
    status, closing = run_pytest(title, ["-n", WORKERS, "--dist", "worksteal", *arguments], database_url)
    if status != pytest.ExitCode.TESTS_FAILED:
        return status, closing
    status, again = run_pytest(
        f"{title}, what failed once more",
        ["--last-failed", "--last-failed-no-failures", "none", *arguments],
        database_url,
    )
    return status, f"{closing}\n{again}{' (UNSTEADY: see the failures above)' if not status else ''}"


def run_pytest(title: str, arguments: list[str], database_url: str | None) -> tuple[int, str]:
    """Shows pytest's output as it comes; gives its exit status and its closing line."""
    print(f"\n=== Tests on {title}", flush=True)
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    if database_url:
        environment["DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "pytest", *arguments]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
    running = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    signal.signal(signal.SIGTERM, lambda *_: running.send_signal(signal.SIGINT))  # it ends what it started
    closing = ""
    for line in running.stdout:
        print(line, end="", flush=True)
        closing = line.strip() or closing
    return running.wait(), f"{title}: {closing}"


@contextmanager
def postgresql():
    if url := os.environ.get("DATABASE_URL"):
        yield url
    else:
        with throw_away_cluster() as url:
            yield url


def main() -> int:
    install_programs()
    arguments = sys.argv[1:]
    results = [run("SQLite", arguments, None)]
    with postgresql() as url:
        results.append(run("PostgreSQL", [*arguments, "-m", "database"], url))
    print()
    for _, closing in results:
        print(closing)
    return max(status for status, _ in results)


if __name__ == "__main__":
    sys.exit(main())
