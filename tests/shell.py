"""Django's shell on the data of a server, kept open, because a new process for every question takes most of a second.

`python -m tests.shell` runs the code of each line, a JSON string, and replies with a line: what it printed, and how it
failed.
"""

import io
import json
import os
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from tests.processes import ROOT


class Shell:
    """The process, started when the first question is asked."""

    def __init__(self, environment: dict[str, str], log: Path):
        self.environment, self.log = environment, log
        self._process: subprocess.Popen | None = None

    def run(self, code: str) -> str:
        """What the code printed."""
        process = self._process = self._process or self._started()
        process.stdin.write(json.dumps(code) + "\n")
        process.stdin.flush()
        if not (reply := process.stdout.readline()):
            raise RuntimeError(f"The shell has ended: {self.log.read_text(errors='replace')}")
        printed, failed = json.loads(reply)
        if failed:
            raise RuntimeError(f"{code}\n{printed}{failed}")
        return printed

    def _started(self) -> subprocess.Popen:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.shell"],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def close(self) -> None:
        if self._process:
            self._process.communicate()  # it ends with its input
            self._process = None


def command(*arguments: str) -> None:
    """A management command, as `manage.py` would run it; what it says when it refuses is raised."""
    from django.core.management import execute_from_command_line

    told = io.StringIO()
    try:
        with redirect_stderr(told):
            execute_from_command_line(["manage.py", *arguments])
    except SystemExit as ended:
        if ended.code:
            raise RuntimeError(f"Refused: {told.getvalue()}") from None


def _run(code: str) -> tuple[str, str]:
    printed, failed = io.StringIO(), ""
    try:
        with redirect_stdout(printed):
            exec(compile(code, "<shell>", "exec"), {"__name__": "__main__"})
    except Exception:
        failed = traceback.format_exc()
    return printed.getvalue(), failed


def main() -> None:
    import django
    from django.db import connections

    django.setup()
    for line in sys.stdin:
        reply = _run(json.loads(line))
        connections.close_all()
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
