"""The parsed form of an expression: what the compiler, the check of names and the decision tables read."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression; `position` is its place in the text."""

    position: int


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A number, string, true, false or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class TemporalLiteral(Node):
    """@"2026-07-14" """

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, function, or `?`."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """base.name"""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """Parts joined by `and` or `or`."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """left = right, and the other five."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """left + right, and the other four."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """-operand"""

    operand: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """value between low and high"""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """value in (test, test)"""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """[item, item]"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """{key: value}"""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """[low..high)"""

    low: Node
    low_included: bool
    high: Node
    high_included: bool


@dataclass(frozen=True, slots=True)
class UnaryTest(Node):
    """> operand: the range of all that passes."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """if condition then yes else no"""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Span(Node):
    """low..high behind `in` of a loop."""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """for name in source, … return body"""

    iterators: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """some or every name in source, … satisfies body"""

    every: bool
    iterators: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """base[condition] or base[index]"""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """function(args), or with `named` arguments."""

    function: Node
    args: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...] | None


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """function(params) body"""

    params: tuple[tuple[str, FeelType | None], ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """value instance of type"""

    value: Node
    wanted: FeelType


@dataclass(frozen=True, slots=True)
class Anything(Node):
    """`-` as unary tests."""


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """The tests of a cell; `negated` for not(…)."""

    tests: tuple[Node, ...]
    negated: bool


def walk(part: object) -> Iterator[Node]:
    """A node and all nodes within it."""
    if isinstance(part, Node):
        yield part
        for field in fields(part):
            yield from walk(getattr(part, field.name))
    elif isinstance(part, tuple):
        for inner in part:
            yield from walk(inner)


def mentions(node: Node, name: str) -> bool:
    """Whether a name stands anywhere within."""
    return any(isinstance(part, Name) and part.name == name for part in walk(node))
