"""The files that are ours: not generated, not vendored, not data."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.processes import ROOT

NOT_OURS = {".git", ".venv", "var", "vendor", "migrations", "fixtures", "locale", "__pycache__", "node_modules"}
NOT_TEXT = {".lock", ".svg", ".png", ".ico", ".woff2", ".webp", ".jpg", ".gif", ".mo", ".po", ".pyc", ".sqlite3"}


def _is_ours(folder: str) -> bool:
    return folder not in NOT_OURS and (not folder.startswith(".") or folder == ".ci")


@cache
def all_files() -> tuple[Path, ...]:
    """Everything that people wrote; `.env` is a person's own."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = filter(_is_ours, folders)  # what isn't ours is not even walked: there is most of it
        found += [Path(folder, name) for name in names if name not in {".env", "LICENSE"}]
    return tuple(sorted(path for path in found if path.suffix not in NOT_TEXT and path.is_file()))


def files(suffix: str, folder: str = "") -> list[Path]:
    return [path for path in all_files() if path.suffix == suffix and path.is_relative_to(ROOT / folder)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def line_count(path: Path) -> int:
    return len(path.read_text().splitlines())


def package_of(module: str) -> str:
    """`apps.runs.hub` belongs to `apps.runs`, `playground.settings` to `playground`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "apps" else parts[0]


def _relative(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    base = path.relative_to(ROOT).parent.parts
    base = base[: len(base) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """What the file is made of, as far as these tests ask: imports and functions."""
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef
    return tuple(node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted module) of every import, those inside functions too; `from a import b` counts as `a.b`."""
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _relative(node, path)
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
