"""Imports point down only, as the table of the design says. A package that is not in the table has no place yet."""

import sys
from pathlib import Path

import pytest

from tests.architecture.sources import files, imports_of, name_of, package_of

LAYERS = {
    "playground": 8,
    "apps.live": 7,
    "apps.sharing": 7,
    "apps.studio": 7,
    "apps.oversight": 7,
    "apps.prompts": 7,
    "apps.transfer": 7,
    "apps.gateway": 7,
    "apps.runs": 6,
    "apps.conversations": 5,
    "apps.media": 4,
    "apps.usage": 3,
    "apps.upstreams": 2,
    "apps.accounts": 1,
    "apps.work": 1,
    "apps.sandbox": 1,
    "apps.wire": 0,
}
# The wire is pure: what is known without asking the machine.
IMPURE = {
    "asyncio",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
}
# Who may import what talks to other machines, by the beginnings of their paths.
CALLERS = {
    ("httpx", "httpx_aiohttp"): ("apps/upstreams/client.py", "apps/upstreams/fetch.py"),
    ("aiohttp", "requests", "urllib3", "http.client", "urllib.request", "websockets"): ("apps/upstreams/",),
}


def product_files() -> list[Path]:
    return files(".py", "apps") + files(".py", "playground")


def package_of_file(path: Path) -> str:
    return package_of(name_of(path).removesuffix(".py").replace("/", "."))


def breaks_layers(path: Path, module: str) -> bool:
    here, there = package_of_file(path), package_of(module)
    return there in LAYERS and there != here and LAYERS[there] >= LAYERS[here]


def test_every_package_has_its_layer():
    packages = {package_of_file(path) for path in product_files()} - {"apps", "apps.__init__"}
    assert packages <= LAYERS.keys()


def test_imports_point_down_only_and_packages_of_one_layer_do_not_know_each_other():
    wrong = [
        f"{name_of(path)}:{line} imports {module}"
        for path in product_files()
        if package_of_file(path) in LAYERS
        for line, module in imports_of(path)
        if breaks_layers(path, module)
    ]
    assert wrong == []


def test_the_wire_needs_only_the_standard_library_and_msgspec_and_asks_the_machine_nothing():
    allowed = (sys.stdlib_module_names | {"msgspec"}) - IMPURE
    wrong = [
        f"{name_of(path)}:{line} imports {module}"
        for path in files(".py", "apps/wire")
        for line, module in imports_of(path)
        if package_of(module) != "apps.wire" and module.split(".")[0] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize(("clients", "callers"), CALLERS.items())
def test_only_upstreams_talk_to_other_machines_and_only_the_client_and_the_guarded_fetch_by_httpx(clients, callers):
    wrong = [
        f"{name_of(path)}:{line} imports {module}"
        for path in product_files()
        if not name_of(path).startswith(callers)
        for line, module in imports_of(path)
        if any(f"{module}.".startswith(f"{client}.") for client in clients)
    ]
    assert wrong == []
