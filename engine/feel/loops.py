"""Loops and filters: the only places where work is not bounded by the length of the text."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.feel.faults import LimitExceeded
from engine.feel.incoming import take
from engine.feel.runtime import LIST, LONGEST_LIST, Runtime, Scope
from engine.feel.temporal import Date
from engine.feel.tree import Constant, Filter, For, Negation, Node, Quantified, Span, mentions
from engine.feel.values import Range, kind_text

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler

_Iterators: TypeAlias = tuple[tuple[str, Node], ...]
_Scopes: TypeAlias = Callable[[Scope], Iterator[Scope | None]]


def span(compiler: "Compiler", node: Span) -> "Closure":
    """The items of low..high, up or down."""
    low, high, at = compiler.build(node.low), compiler.build(node.high), node.position
    return lambda scope: steps(scope.runtime, low(scope), high(scope), at)


def steps(runtime: Runtime, low: Any, high: Any, at: int, within: Range | None = None) -> list[Any] | None:
    """The numbers or dates from low to high; of a range only upwards and without its open ends."""
    first, last = _ordinal(low), _ordinal(high)
    if first is None or last is None or type(low) is not type(high):
        start, end = kind_text(low), kind_text(high)
        zh, en = f"不能从{start.zh}数到{end.zh}", f"cannot count from {start.en} to {end.en}"
        runtime.warn("iteration", zh, en, at)
        return None
    if abs(last - first) > LONGEST_LIST:
        raise LimitExceeded(LIST)
    if within is not None:
        if last < first:
            runtime.warn("iteration", "范围的结束在开始之前", "the range ends before it starts", at)
            return None
        first, last = first + (not within.low_included), last - (not within.high_included)
        counted = range(first, last + 1)
    else:
        counted = range(first, last + 1) if first <= last else range(first, last - 1, -1)
    return [Date.of(n) for n in counted] if type(low) is Date else [Decimal(n) for n in counted]


def _ordinal(value: Any) -> int | None:
    if type(value) is Date:
        return value.days
    if type(value) is Decimal and value == value.to_integral_value():
        return int(value)
    return None


def _scopes(compiler: "Compiler", iterators: _Iterators, at: int) -> _Scopes:
    """One scope for each combination of items; None where something cannot be iterated over."""
    sources = [(name, compiler.build(source)) for name, source in iterators]

    def level(depth: int, scope: Scope) -> Iterator[Scope | None]:
        if depth == len(sources):
            yield scope
            return
        name, source = sources[depth]
        items = _items(scope.runtime, source(scope), at)
        if items is None:
            yield None
            return
        for item in items:
            scope.runtime.spend()
            yield from level(depth + 1, Scope({name: item}, scope.runtime, scope))

    return lambda scope: level(0, scope)


def _items(runtime: Runtime, source: Any, at: int) -> list[Any] | None:
    if type(source) is Range:
        return steps(runtime, source.low, source.high, at, source)
    if source is None:
        runtime.warn("iteration", "空值里没有可逐个处理的项", "cannot iterate over null", at)
        return None
    return source if type(source) is list else [source]


def for_(compiler: "Compiler", node: For) -> "Closure":
    """A list of what the body gives for each item; `partial` is that list so far."""
    scopes, body = _scopes(compiler, node.iterators, node.position), compiler.build(node.body)
    wants_partial = mentions(node.body, "partial")

    def loop(scope: Scope) -> list[Any] | None:
        made: list[Any] = []
        for inner in scopes(scope):
            if inner is None:
                return None
            if wants_partial:
                inner.runtime.spend(len(made) >> 4)
                inner = Scope({"partial": list(made)}, inner.runtime, inner)
            made.append(body(inner))
            if len(made) > LONGEST_LIST:
                raise LimitExceeded(LIST)
        return made

    return loop


def quantified(compiler: "Compiler", node: Quantified) -> "Closure":
    """Whether some or every item satisfies the body."""
    scopes, body = _scopes(compiler, node.iterators, node.position), compiler.build(node.body)
    every = node.every

    def loop(scope: Scope) -> bool | None:
        result: bool | None = every
        for inner in scopes(scope):
            if inner is None:
                return None
            verdict = body(inner)
            if verdict is (not every):
                return not every
            if type(verdict) is not bool:
                result = None
        return result

    return loop


def filtered(compiler: "Compiler", node: Filter, quiet: bool) -> "Closure":
    """The items that pass a condition, or the one at an index."""
    base, condition, at = compiler.build(node.base, quiet), compiler.build(node.condition), node.position
    by_index = _is_number(node.condition)

    def pick(scope: Scope) -> Any:
        found = base(scope)
        items = found if type(found) is list else [] if found is None else [found]
        runtime = scope.runtime
        if by_index:
            return _at_index(runtime, items, condition(scope), at, quiet)
        passed = []
        keys = _keys(items)
        for raw in items:
            runtime.spend()
            item = take(raw)
            names = {"item": item, **keys, **item} if type(item) is dict else {"item": item}
            verdict = condition(Scope(names, runtime, scope))
            if verdict is True:
                passed.append(item)
            elif type(verdict) is Decimal:
                return _at_index(runtime, items, verdict, at, quiet)
            elif verdict is not False and verdict is not None:
                what = kind_text(verdict)
                zh, en = f"方括号里要条件或序号，不是{what.zh}", f"a filter is a condition or an index, not a {what.en}"
                return runtime.warn("filter", zh, en, at)
        return passed

    return pick


def _keys(items: list[Any]) -> dict[str, None]:
    """All keys of all rows as null: a row that lacks one must not see an outer variable of that name."""
    keys: dict[str, None] = {}
    for item in items:
        if type(item) is dict:
            keys.update(dict.fromkeys(item))
    return keys


def _is_number(node: Node) -> bool:
    if isinstance(node, Negation):
        return _is_number(node.operand)
    return isinstance(node, Constant) and type(node.value) is Decimal


def _at_index(runtime: Runtime, items: list[Any], index: Any, at: int, quiet: bool) -> Any:
    if index != index.to_integral_value() or not index:
        zh, en = "序号是整数，从 1 数起，-1 是最后一个", "an index is a whole number: 1 is the first, -1 the last"
        return runtime.warn("index", zh, en, at)
    if abs(index) <= len(items):
        return take(items[int(index) - 1 if index > 0 else int(index)])
    return None if quiet else runtime.warn("index", f"没有第 {index:f} 项", f"there is no item {index:f}", at)
