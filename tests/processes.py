"""Real processes on loopback for tests: started, awaited by a fact, ended for certain."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(fact: Callable[[], object], what: str = "", seconds: float = 120):
    """The first true value of `fact`; a TimeoutError that names `what` if none came."""
    deadline = time.monotonic() + seconds
    while not (value := fact()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"After {seconds:g} s still not so: {what or fact}")
        time.sleep(0.02)
    return value


def answers(url: str) -> bool:
    """True when the address gives a 2xx reply."""
    try:
        with urllib.request.urlopen(url, timeout=30) as reply:
            return 200 <= reply.status < 300
    except (urllib.error.URLError, OSError):
        return False


def find_program(*names: str, folders: tuple[str, ...] = ()) -> str | None:
    """The first of the programs that is installed; `folders` are glob patterns searched after PATH, newest first."""
    for name in names:
        if found := shutil.which(name):
            return found
        for pattern in folders:
            if places := sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}")):
                return str(places[-1])
    return None


class Process:
    """A subprocess whose output goes to a file, in a process group of its own: ending it ends its children."""

    def __init__(self, command: list, log: Path, environment: dict | None = None):
        self.command = [str(part) for part in command]
        self.log = log
        self.environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
        self.popen: subprocess.Popen | None = None

    @property
    def pid(self) -> int:
        return self.popen.pid

    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def start(self, ready: Callable[[], object], seconds: float = 180) -> None:
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(lambda: not self.is_running() or ready(), f"{self.command} is ready", seconds)
        except TimeoutError as error:
            self.end()
            raise RuntimeError(f"{error}\n{self.output()}") from error
        if not self.is_running():
            raise RuntimeError(f"{self.command} ended with {self.popen.returncode}:\n{self.output()}")

    def end(self, number: int = signal.SIGTERM, seconds: float = 60) -> None:
        """Sends the signal to the whole group and waits; whoever is still there after that is killed."""
        if self.popen is None:
            return
        self._signal(number)
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(seconds)
        self._signal(signal.SIGKILL)
        self.popen.wait()

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, number)

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def python(*arguments: str, environment: dict, seconds: float = 600) -> str:
    """Runs Python in the repository to its end and gives what it printed; its error output is in the exception."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    if done.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
