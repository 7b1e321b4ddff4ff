"""How a module is written: its size, its words about itself, its types, its names, and where it takes the time from."""

import ast
import re
from statistics import median

from tests.house.source import Module

LINES_OF_A_FILE, LINES_OF_A_FUNCTION, MEDIAN_OF_A_ROOM = 400, 60, 8
EMPTY_NAMES = re.compile(r"^(utils?|helpers?|managers?|common|misc|shared|process_data|info|data2|handle_.*|do_.*)$")
EMPTY_CLASSES = re.compile(r"(Manager|Helper|Utils?|Impl)$")
CLOCKS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "localtime"), ("time", "time_ns"), ("time", "gmtime"), ("time", "sleep"),
}
DANGEROUS = {"eval", "exec", "__import__"}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def too_long(module: Module) -> list[str]:
    lines = module.text.count("\n")
    files = [f"{module.name}: {lines} lines"] if lines > LINES_OF_A_FILE else []
    return files + [
        f"{module.name}.{function.name}: {length(function)} lines"
        for function in module.functions() if length(function) > LINES_OF_A_FUNCTION
    ]


def median_length(modules: tuple[Module, ...]) -> float:
    return median(length(function) for module in modules for function in module.functions())


def unexplained(module: Module) -> list[str]:
    """A module without a first line that says what it is for; a public function or class without one."""
    found = [] if _first_line(module.tree) else [f"{module.name} does not say what it is for"]
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return found + [
        f"{module.name}.{node.name} does not say what it promises"
        for node in module.tree.body
        if isinstance(node, kinds) and not node.name.startswith("_") and not _first_line(node)
    ]


def _first_line(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").split("\n")[0].strip()


def untyped(module: Module) -> list[str]:
    return [f"{module.name}.{function.name} has no return type" for function in module.functions() if not function.returns]


def empty_names(module: Module) -> list[str]:
    """Names that say nothing."""
    names = [part for part in module.name.split(".") if EMPTY_NAMES.match(part)]
    tops = (node for node in module.tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    names += [function.name for function in tops if EMPTY_NAMES.match(function.name)]
    names += [
        node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef) and EMPTY_CLASSES.search(node.name)
    ]
    return [f"{module.name}: {name}" for name in names]


def own_clocks(module: Module) -> list[str]:
    """Where a module asks the machine for the time, or sleeps, instead of asking engine/clock.py."""
    if module.name == "engine.clock":
        return []
    return [
        f"{module.name}:{node.lineno} {node.value.id}.{node.attr}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCKS
    ]


def dangerous_calls(module: Module) -> list[str]:
    """Text that would become code."""
    return [
        f"{module.name}:{node.lineno} {node.func.id}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DANGEROUS
    ]


def unfinished(module: Module) -> list[str]:
    """Notes of work left undone, and bodies that only say so."""
    marks = [
        f"{module.name}:{number}" for number, line in enumerate(module.text.splitlines(), 1)
        if re.search(r"#.*\b(TODO|FIXME|XXX|HACK)\b", line)
    ]
    return marks + [
        f"{module.name}:{node.lineno} NotImplementedError" for node in ast.walk(module.tree)
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node)
    ]
