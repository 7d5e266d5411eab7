"""`manage.py serve`: what it says, what it registers, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import httpx
import pytest

from tests.processes import ROOT, free_port, wait_until
from tests.upstreams.scripted import always, models


def serve(environment: dict, *arguments: str) -> tuple[int, str]:
    """Exit status and error output of a server that is expected not to start."""
    command = [sys.executable, "manage.py", "serve", *arguments]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "playground.settings", "PORT": "8000", **environment}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180)
    return ended.returncode, ended.stdout + ended.stderr


def test_it_says_in_one_line_that_it_is_ready(server):
    first, *rest = server.output().splitlines()
    assert first == f"Playground is ready on {server.url}"
    assert not [line for line in rest if "ready" in line]


def test_a_form_is_read_by_nobody_before_the_application(server):
    answer = httpx.post(f"{server.url}/send/", content=b"broken", headers={"content-type": "multipart/form-data"})
    assert answer.status_code == 403 and "</html>" in answer.text


def test_a_taken_port_is_named_with_the_way_out(server):
    status, said = serve(server.environment)
    assert (status, "Traceback" in said) == (1, False)
    assert f"Port {server.port} is taken" in said
    assert f"PORT={server.port + 1} make run" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--host", "nosuch.invalid"), "nosuch.invalid"),
        (("--host", "192.0.2.1"), "192.0.2.1"),
        (("--port", "99999"), "99999"),
    ],
)
def test_an_address_that_cannot_be_listened_on_is_named(server, arguments, told):
    """Asked in the server's shell, which is a process less for each."""
    with pytest.raises(RuntimeError, match=f"Refused: .*{re.escape(told)}"):
        server.manage("serve", *arguments)


def test_a_database_without_tables_is_told(tmp_path):
    status, said = serve({"PLAYGROUND_DATA": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3"})
    assert (status, "Traceback" in said) == (1, False)
    assert "manage.py migrate" in said


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    status, said = serve({"PLAYGROUND_DATA": str(tmp_path / "file"), "DATABASE_URL": ""})
    assert status == 1
    assert "PLAYGROUND_DATA" in said


def test_a_provider_that_does_not_exist_is_told(server):
    status, told = serve({"SOCIALACCOUNT_PROVIDERS": '{"nobody": {}}'})
    assert status and "django-allauth has no provider nobody" in told


def test_a_bad_upstream_in_the_environment_is_told(server):
    wrong = {**server.environment, "PORT": str(free_port()), "PLAYGROUND_UPSTREAM_URL": "ftp://x"}
    status, said = serve(wrong)
    assert (status, "Traceback" in said) == (1, False)
    assert "PLAYGROUND_UPSTREAM_URL" in said


LISTED = """
from apps.upstreams.models import Model
offered = Model.objects.filter(listed=True, upstream__kind="sandbox")
print(*Model.objects.filter(upstream__name="House"), offered.count())
"""


def test_what_the_environment_says_of_upstream_and_sandbox_is_offered_and_updated_on_restart(
    playground_server, scripted
):
    gateway = scripted(always(models("from-environment")))
    environment = {"PLAYGROUND_UPSTREAM_URL": f"{gateway.url}/v1", "PLAYGROUND_UPSTREAM_KEY": "sk-one"}
    server = playground_server(environment={**environment, "PLAYGROUND_UPSTREAM_NAME": "House"})
    wait_until(lambda: "from-environment" in server.shell(LISTED))
    assert int(server.shell(LISTED).split()[-1]) > 10
    assert "House\tgateway" in (told := server.manage("upstream", "list")) and "1/1" in told
    for changed in (server.environment, server._process.environment):
        changed.update({"PLAYGROUND_UPSTREAM_KEY": "sk-two", "PLAYGROUND_SANDBOX": "0"})
    before = len(gateway.requests)
    server.restart()
    wait_until(lambda: len(gateway.requests) > before)
    assert gateway.requests[-1].headers["authorization"] == "Bearer sk-two"
    assert server.manage("upstream", "list").count("House") == 1
    assert server.shell(LISTED).split() == ["from-environment", "0"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_asked_to(playground_server, number):
    server = playground_server()
    process = server._process
    with socket.create_connection(("127.0.0.1", server.port)):
        os.kill(process.pid, number)
        assert process.popen.wait(60) == 0
    assert "Traceback" not in server.output()


def test_the_local_model_ends_with_a_server_that_is_killed(playground_server, weights_file):
    server = playground_server(environment={"PLAYGROUND_LOCAL_MODEL": "1"})
    child = wait_until(lambda: children(server.pid), "the local model's process")[0]
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(child), "its end")


def test_where_no_wheel_of_the_local_model_fits_the_page_says_so_and_all_else_works(playground_server, tmp_path):
    server = playground_server(
        environment={"PLAYGROUND_LOCAL_MODEL": "1"}, python=python_without("xllamacpp", tmp_path)
    )
    with server.http(server.administrator) as client:
        assert "There is no local model for this platform. Connect a gateway" in client.get("/settings/upstreams/").text
        assert "sandbox-echo" in client.get("/").text
    assert not children(server.pid)


def python_without(package: str, folder: Path) -> Path:
    """An interpreter that finds everything that this one does, and not that package."""
    venv.create(folder / "venv", symlinks=True)
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if not entry.name.startswith(package):
            target = Path(sysconfig.get_path("purelib", vars={"base": folder / "venv", "platbase": folder / "venv"}))
            (target / entry.name).symlink_to(entry)
    return folder / "venv/bin/python"


def children(pid: int) -> list[int]:
    """Processes of the local model whose parent is this one."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for task in tasks for child in task.read_text().split()]
    return [child for child in found if b"local_server" in Path(f"/proc/{child}/cmdline").read_bytes()]


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
