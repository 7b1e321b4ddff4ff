"""The project's own source as the house rules read it: files, modules, syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("engine", "forms", "housing", "webapp", "migrations")


@dataclass(frozen=True)
class Module:
    """A Python file: its dotted name, its text and its tree."""

    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.text)

    @property
    def room(self) -> str:
        return self.name.split(".")[0]

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def modules(*rooms: str) -> tuple[Module, ...]:
    """Every module of the rooms (all of them when none is named), and the functions of the processes."""
    found = [path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    if not rooms or "processes" in rooms:
        found += sorted((ROOT / "processes").rglob("*.py"))
    return tuple(
        Module(_name(path), path.read_text(encoding="utf-8"))
        for path in found if path.stat().st_size and "versions" not in path.parts  # steps of the schema are written by a tool
    )


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file under version control that still stands."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: its tracked files cannot be listed")
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def report(faults: list[str]) -> None:
    """Fail with every fault on a line of its own."""
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)
