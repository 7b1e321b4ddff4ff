"""Which room may import what."""

import ast
import sys
from collections.abc import Iterator

from tests.house.source import Module

OURS = ("engine", "forms", "housing", "webapp", "migrations", "tests", "processes")
MAY_IMPORT = {
    "engine": ("engine",),
    "forms": ("forms", "engine.feel", "engine.words", "engine.errors", "engine.ports", "engine.actor", "engine.clock"),
    "housing": ("housing", "forms", "engine"),
    "webapp": ("webapp", "housing", "forms", "engine", "migrations"),
    "migrations": ("migrations", "engine.base", "engine.database"),
    "processes": ("housing", "engine"),
}
AT_HOME = {  # a library, and the only places that may import it
    "SpiffWorkflow": ("engine.bpmn",),
    "lxml": ("engine.intake",),
    "re2": ("engine.feel", "forms.kinds"),
    "flask": ("webapp",),
    "flask_login": ("webapp",),
    "flask_wtf": ("webapp",),
    "flask_limiter": ("webapp",),
    "flask_smorest": ("webapp",),
    "flask_sqlalchemy": ("webapp",),
    "werkzeug": ("webapp",),
    "waitress": ("webapp",),
    "alembic": ("migrations",),
    "psycopg": ("engine",),
    "sqlite3": ("engine",),
}
NOWHERE = ("pickle", "marshal", "shelve", "xml", "yaml", "imp", "ctypes")
SQL = {"select", "insert", "update", "delete", "text", "func", "exists", "literal_column"}
FEEL_ALONE = {"engine.feel", "engine.words", "re2", "isodate"}


def imports(module: Module) -> Iterator[tuple[str, str | None]]:
    """Every import anywhere in the file: the module, and the name taken from it."""
    package = module.name.split(".")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join([*package[: -node.level], node.module or ""]).strip(".") if node.level else node.module
            yield from ((start or "", alias.name) for alias in node.names)


def within(name: str, places: tuple[str, ...] | set[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def broken_doors(module: Module) -> list[str]:
    """What this module imports and may not."""
    return [
        f"{module.name} imports {target}" + (f".{name}" if name else "")
        for target, name in imports(module) if _is_forbidden(module, target, name)
    ]


def _is_forbidden(module: Module, target: str, name: str | None) -> bool:
    top = target.split(".")[0]
    full = f"{target}.{name}" if name else target
    if top in OURS:
        allowed = MAY_IMPORT.get(module.room, ())
        if not (within(target, allowed) or within(full, allowed)):
            return True
    if top in AT_HOME and not within(module.name, AT_HOME[top]):
        return True
    if top in NOWHERE:
        return True
    if module.room == "webapp" and top == "sqlalchemy" and name in SQL:
        return True
    return within(module.name, {"engine.feel"}) and not _feel_may(target, full, top)


def _feel_may(target: str, full: str, top: str) -> bool:
    return top in sys.stdlib_module_names or within(target, FEEL_ALONE) or within(full, FEEL_ALONE)
