"""`make run` and `make test` on machines that lack something: what they say, and what they do about it."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.everything import NEEDED
from tests.processes import ROOT

PLAIN, LOCAL = "plain-1-py3-none-any.whl", "xllamacpp-1-cp311-cp311-win32.whl"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can use apt-get")


def said_by(*command: object, cwd: Path, **environment: object) -> tuple[int, str]:
    environment = {**os.environ, **{name: str(value) for name, value in environment.items()}}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A clone with the real Makefile, whose lock names two packages."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "index").mkdir()
    return tmp_path


def offer(checkout: Path, *wheels: str) -> None:
    """Locks both packages, and puts these wheels into the index."""
    locked = []
    for wheel in (PLAIN, LOCAL):
        name = wheel.partition("-")[0]
        made = checkout / "index" / wheel
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(f"{name}.py", "")
            archive.writestr(f"{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
            archive.writestr(f"{name}-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
            archive.writestr(f"{name}-1.dist-info/RECORD", "")
        locked.append(f"{name}==1 \\\n    --hash=sha256:{hashlib.sha256(made.read_bytes()).hexdigest()}\n")
        if wheel not in wheels:
            made.unlink()
    (checkout / "requirements.lock").write_text("".join(reversed(locked)))


def make(checkout: Path, *arguments: object) -> tuple[int, str]:
    index = {"PIP_NO_INDEX": 1, "PIP_FIND_LINKS": checkout / "index", "PIP_CONFIG_FILE": os.devnull}
    return said_by("make", f"PYTHON={sys.executable}", *arguments, ".venv/.installed", cwd=checkout, **index)


def test_packages_that_cannot_be_had_are_told_and_without_a_wheel_of_the_local_model_all_else_is_installed(checkout):
    offer(checkout)
    status, said = make(checkout)
    assert (status != 0, "needs the network: run make again" in said) == (True, True), said
    offer(checkout, PLAIN, LOCAL)
    status, said = make(checkout)
    assert (status, "There is no local model for this platform. All else works." in said) == (0, True), said
    python = checkout / ".venv/bin/python"
    assert said_by(python, "-c", "import plain", cwd=checkout)[0] == 0
    assert said_by(python, "-c", "import xllamacpp", cwd=checkout)[0] == 1


def test_a_missing_or_old_python_is_named_with_the_way_out(checkout):
    offer(checkout)
    old = program(checkout, "python3.9", 'case "$*" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac')
    for python, words in (("nosuch", "No nosuch here. Install Python 3.11"), (old, "Python 3.9.2 is too old")):
        status, said = make(checkout, f"PYTHON={python}")
        assert (status != 0, words in said, "make PYTHON=/path/to/python3.12" in said) == (True, True, True), said


def program(folder: Path, name: str, script: str) -> Path:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    return folder / name


APT = """
echo "$*" >> "$0.log"
case "$*" in *install*) for each in $INSTALLS; do ln -s /bin/true "${0%/*}/$each"; done ;; esac
"""


def install_programs(path: Path, **environment: str) -> tuple[int, str]:
    """What `make test` does first, where PATH is that folder alone."""
    code = "from tests.everything import install_programs; install_programs()"
    given = {"CHROMIUM": "", "DATABASE_URL": "postgres://somewhere", "PATH": path, **environment}
    return said_by(sys.executable, "-c", code, cwd=ROOT, **given)


@needs_root
def test_what_is_missing_is_installed_where_apt_can(tmp_path):
    program(tmp_path, "apt-get", f"PATH=/usr/bin:/bin{APT}")
    status, said = install_programs(tmp_path, INSTALLS="chromium redis-server")
    assert (status, said.strip()) == (0, "Installing chromium, redis-server by apt-get...")
    updated, installed = (tmp_path / "apt-get.log").read_text().splitlines()
    assert updated.endswith("update")
    assert installed.endswith("install --yes --no-install-recommends chromium redis-server")
    assert install_programs(tmp_path) == (0, "")


@needs_root
def test_what_apt_could_not_install_is_named_with_the_way_out(tmp_path):
    program(tmp_path, "apt-get", f"PATH=/usr/bin:/bin{APT}")
    status, said = install_programs(tmp_path, INSTALLS="redis-server")
    assert (status, "redis-server:" in said) == (1, False)
    assert "The tests need Chromium: apt-get install chromium, or set CHROMIUM=/path/to/chrome." in said


def test_without_apt_everything_that_is_missing_is_named_with_the_way_out(tmp_path):
    status, said = install_programs(tmp_path)
    assert (status, "Installing" in said, "Traceback" in said) == (1, False, False)
    for name, _find, package, hint in NEEDED[:2]:
        assert f"The tests need {name}: apt-get install {package}, or {hint}." in said


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_any_chromium_will_do(tmp_path, name):
    program(tmp_path, name, "")
    program(tmp_path, "valkey-server", "")
    assert install_programs(tmp_path) == (0, "")
