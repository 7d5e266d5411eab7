"""The local model: fetched, started, watched and started again, so that there is always something to talk to."""

import importlib.util
import json
import logging
import os
import secrets
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import weights
from .local_row import publish, withdraw

logger = logging.getLogger(__name__)

LOAD_SECONDS = 120
RETRY_SECONDS = 300  # until the weights are asked for again
BACKOFF = (1, 2, 5, 15, 60)


@dataclass(frozen=True, slots=True)
class LocalStatus:
    """`state` is off, no_wheel, no_weights, fetching, loading, ready or failed; `sentence` is for people."""

    state: str
    sentence: str | Promise


OFF = LocalStatus("off", _("The local model is switched off."))
NO_WHEEL = LocalStatus("no_wheel", _("There is no local model for this platform. Connect a gateway; all else works."))
FETCHING = LocalStatus("fetching", _("The local model is being fetched (90 MB, once)."))
LOADING = LocalStatus("loading", _("The local model is starting."))
READY = LocalStatus("ready", _("The local model is ready. It is a toy: quick and free, and often wrong."))
FAILED = LocalStatus("failed", _("The local model does not start; the log has the details. All else works."))

_current: "LocalModel | None" = None


def status() -> LocalStatus:
    """How the local model of this process is doing."""
    return _current.status if _current else OFF


class ChildFailed(Exception):
    """The child process ended or never became healthy."""


class LocalModel:
    """Owns the child process. `start()` returns at once; `stop()` ends it and waits for that."""

    def __init__(self) -> None:
        self.status = LOADING
        self._stop = threading.Event()
        self._child: subprocess.Popen | None = None
        self._thread = threading.Thread(target=self._keep_running, name="local-model", daemon=True)

    def start(self) -> None:
        global _current
        _current = self
        self._thread.start()

    def stop(self) -> None:
        global _current
        self._stop.set()
        if self._child:
            _end(self._child)
        self._thread.join(10)
        _current = None

    def _keep_running(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                self._run_once()
                failures = 0
            except weights.Stopped:
                break
            except weights.WeightsUnavailable as error:
                self._idle(LocalStatus("no_weights", str(error)), RETRY_SECONDS)
            except (ChildFailed, OSError, DatabaseError) as error:
                logger.warning("local model: %s", error)
                failures += 1
                self._idle(FAILED if failures > 2 else LOADING, BACKOFF[min(failures, len(BACKOFF)) - 1])
            finally:
                connections.close_all()
        self._withdraw()

    def _idle(self, shown: LocalStatus, seconds: float) -> None:
        self.status = shown
        if shown.state != "loading":
            self._withdraw()
        self._stop.wait(seconds)

    def _withdraw(self) -> None:
        try:
            withdraw()
        except DatabaseError as error:
            logger.warning("local model: %s", error)
        finally:
            connections.close_all()

    def _run_once(self) -> None:
        """One life of the child; returns when it was asked to end, raises ChildFailed when it ended by itself."""
        if importlib.util.find_spec("xllamacpp") is None:
            self._idle(NO_WHEEL, threading.TIMEOUT_MAX)
            return
        self.status = LOADING if weights.present() else FETCHING
        path = weights.ensure(self._stop)
        self.status = LOADING
        key = secrets.token_urlsafe(24)
        self._child = _spawn(str(path), key)
        try:
            address = self._wait_until_healthy(self._child)
            publish(address, key)
            connections.close_all()
            self.status = READY
            self._watch(self._child)
        finally:
            _end(self._child)

    def _wait_until_healthy(self, child: subprocess.Popen) -> str:
        if self._stop.is_set():
            raise weights.Stopped
        line = next((line for line in child.stdout if line.startswith("{")), "")
        if not line:
            raise ChildFailed(f"ended with status {child.wait()} while it was loading")
        address = json.loads(line)["address"]
        for _attempt in range(LOAD_SECONDS * 10):
            if _is_healthy(address):
                return address
            if self._stop.wait(0.1):
                raise weights.Stopped
        raise ChildFailed("is not healthy after two minutes")

    def _watch(self, child: subprocess.Popen) -> None:
        """Sleeps, without polling, until the child has ended: its output ends with it."""
        child.stdout.read()
        if not self._stop.is_set():
            raise ChildFailed(f"ended with status {child.wait()}")


def _spawn(path: str, key: str) -> subprocess.Popen:
    child = subprocess.Popen(
        [sys.executable, "-m", "apps.upstreams.local_server"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl+C in the terminal is for the server; it ends the child itself
    )
    child.stdin.write(json.dumps({"weights": path, "key": key, "parent": os.getpid()}) + "\n")
    child.stdin.flush()
    return child


def _end(child: subprocess.Popen) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()


def _is_healthy(address: str) -> bool:
    """503 while it loads. Only ever the loopback address that the child itself named."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/health", timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False
