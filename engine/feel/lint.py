"""What an expression needs from outside: names to check against the declared fields, functions to look for."""

from dataclasses import dataclass, field

from engine.feel.builtins import TABLE
from engine.feel.tree import (
    Call,
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    Name,
    Node,
    Path,
    Quantified,
)


@dataclass
class Needs:
    """Dotted names; those within a filter that may be keys of its items; called functions."""

    names: set[str] = field(default_factory=set)
    possible_names: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)


def needs(tree: Node) -> Needs:
    """All that a tree needs from outside."""
    found = Needs()
    _visit(tree, frozenset({"?"}), found, found.names)
    return found


def _visit(part: object, bound: frozenset[str], found: Needs, names: set[str]) -> None:
    if isinstance(part, tuple):
        for inner in part:
            _visit(inner, bound, found, names)
    elif isinstance(part, Name | Path):
        _name(part, bound, found, names)
    elif isinstance(part, Call):
        _call(part, bound, found, names)
    elif isinstance(part, For | Quantified | ContextLiteral):
        _growing(part, bound, found, names)
    elif isinstance(part, FunctionLiteral):
        _visit(part.body, bound | {name for name, _ in part.params}, found, names)
    elif isinstance(part, Filter):
        _visit(part.base, bound, found, names)
        _visit(part.condition, bound | {"item"}, found, found.possible_names)
    elif isinstance(part, Node):
        for slot in part.__dataclass_fields__:
            _visit(getattr(part, slot), bound, found, names)


def _name(part: Name | Path, bound: frozenset[str], found: Needs, names: set[str]) -> None:
    words: list[str] = []
    node: Node = part
    while isinstance(node, Path):
        words.append(node.name)
        node = node.base
    if not isinstance(node, Name):
        _visit(node, bound, found, names)
    elif node.name not in bound and (words or node.name not in TABLE):
        names.add(".".join([node.name, *reversed(words)]))


def _call(part: Call, bound: frozenset[str], found: Needs, names: set[str]) -> None:
    if not isinstance(part.function, Name):
        _visit(part.function, bound, found, names)
    elif part.function.name not in TABLE and part.function.name not in bound:
        found.functions.add(part.function.name)
    _visit(part.args, bound, found, names)
    for _, value in part.named or ():
        _visit(value, bound, found, names)


def _growing(
    part: For | Quantified | ContextLiteral, bound: frozenset[str], found: Needs, names: set[str]
) -> None:
    """Where each name is known to all that follows."""
    for name, value in part.entries if isinstance(part, ContextLiteral) else part.iterators:
        _visit(value, bound, found, names)
        bound |= {name}
    if not isinstance(part, ContextLiteral):
        _visit(part.body, bound | {"partial"}, found, names)
