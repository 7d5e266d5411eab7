"""A PostgreSQL server of our own: made in a temporary folder, reached by a Unix socket in it, and gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.processes import find_program

FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# Nothing here has to survive a power cut.
LOOKS = ("--encoding=UTF8", "--no-locale", "--no-sync")
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c listen_addresses="


def pg_ctl() -> str | None:
    """Distributions wrap or hide the server's programs, so the folder of this one counts, not PATH alone."""
    return find_program("pg_ctl", folders=FOLDERS)


def _unprivileged() -> str | None:
    """Whose processes they must be: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(folder: Path, user: str | None, program: Path, *arguments: str) -> None:
    command = [str(program), "-D", str(folder / "data"), *arguments]
    done = subprocess.run(
        command, user=user, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def _running(folder: Path, user: str | None) -> Iterator[None]:
    programs = Path(pg_ctl()).resolve().parent
    _run(folder, user, programs / "initdb", "--username=playground", "--auth=trust", *LOOKS)
    control, options = programs / "pg_ctl", f"{OPTIONS} -k {folder}"
    _run(folder, user, control, "-w", "-s", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield
    finally:
        _run(folder, user, control, "-w", "-s", "-m", "immediate", "stop")


@contextmanager
def throw_away_cluster() -> Iterator[str]:
    """Gives the DATABASE_URL of its database `postgres`, whose user may make others."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="playground-pg-"))
    if user:
        shutil.chown(folder, user)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(_running(folder, user))
        yield f"postgres://playground@/postgres?host={folder}"
