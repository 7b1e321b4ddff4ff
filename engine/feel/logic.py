"""Three-valued logic: and, or, comparisons, membership, conditions, the tests of cells."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.incoming import take
from engine.feel.runtime import Runtime, Scope
from engine.feel.tree import (
    Anything,
    Between,
    Comparison,
    Constant,
    If,
    In,
    InstanceOf,
    Logic,
    Node,
    UnaryTests,
    mentions,
)
from engine.feel.types import is_instance
from engine.feel.values import Range, compare, equal, kind_text

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def logic(compiler: "Compiler", node: Logic) -> "Closure":
    """`and` and `or`: the deciding value wins at once, else null where a part is neither true nor false."""
    parts, at, word = [compiler.build(part) for part in node.parts], node.position, node.operator
    decides, otherwise = word == "or", word == "and"

    def join(scope: Scope) -> Any:
        result: Any = otherwise
        for part in parts:
            value = part(scope)
            if value is decides:
                return decides
            if value is not otherwise:
                _no_truth(scope.runtime, word, value, at)
                result = None
        return result

    if len(parts) != 2:
        return join
    first, second = parts

    def pair(scope: Scope) -> Any:
        left = first(scope)
        if left is decides:
            return decides
        right = second(scope)
        if left is otherwise and (right is decides or right is otherwise):
            return right
        _no_truth(scope.runtime, word, left, at)
        if right is decides:
            return decides
        _no_truth(scope.runtime, word, right, at)
        return None

    return pair


def _no_truth(runtime: Runtime, word: str, value: Any, at: int) -> None:
    if value is not None and type(value) is not bool:
        what = kind_text(value)
        runtime.warn("type", f"{word} 两边要是非值，这里是{what.zh}", f"{word} of a {what.en}", at)


def _is_null(node: Node) -> bool:
    return isinstance(node, Constant) and node.value is None


def comparison(compiler: "Compiler", node: Comparison) -> "Closure":
    """= and != compare kinds alike or null; the others need an order."""
    if node.operator in _ORDER:
        return _ordered(compiler, node)
    asks_null, at, wanted = _is_null(node.left) or _is_null(node.right), node.position, node.operator == "="
    left, right = compiler.build(node.left, asks_null), compiler.build(node.right, asks_null)

    def same(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        which = type(first)
        if which is type(second) and (which is str or which is Decimal or which is bool):
            return (first == second) is wanted
        result = equal(first, second)
        if result is None:
            return _cannot_compare(scope.runtime, first, node.operator, second, at)
        return result is wanted

    return same


def _ordered(compiler: "Compiler", node: Comparison) -> "Closure":
    left, right, at, holds = (
        compiler.build(node.left),
        compiler.build(node.right),
        node.position,
        _ORDER[node.operator],
    )

    def order(scope: Scope) -> bool | None:
        first, second = left(scope), right(scope)
        which = type(first)
        if which is type(second) and (which is Decimal or which is str):
            return holds(first, second)
        result = compare(first, second)
        if result is None:
            return _cannot_compare(scope.runtime, first, node.operator, second, at)
        return holds(result, 0)

    return order


def _cannot_compare(runtime: Runtime, left: Any, word: str, right: Any, at: int) -> bool | None:
    first, second = kind_text(left), kind_text(right)
    zh, en = f"{first.zh}与{second.zh}不能用 {word} 比较", f"cannot compare {first.en} {word} {second.en}"
    runtime.warn("type", zh, en, at)
    return None


def between(compiler: "Compiler", node: Between) -> "Closure":
    """Within two bounds, both included."""
    value, low, high = compiler.build(node.value), compiler.build(node.low), compiler.build(node.high)
    at = node.position

    def within(scope: Scope) -> bool | None:
        subject, bottom, top = value(scope), low(scope), high(scope)
        above, below = compare(subject, bottom), compare(subject, top)
        if above is None or below is None:
            other = bottom if above is None else top
            return _cannot_compare(scope.runtime, subject, "between", other, at)
        return above >= 0 and below <= 0

    return within


def in_(compiler: "Compiler", node: In) -> "Closure":
    """Whether one of the tests takes the value."""
    value, tests, at = compiler.build(node.value), [compiler.build(test) for test in node.tests], node.position

    def within(scope: Scope) -> bool | None:
        subject, unsure = value(scope), False
        for test in tests:
            verdict = matches(subject, test(scope))
            if verdict is True:
                return True
            unsure = unsure or verdict is None
        if not unsure:
            return False
        what = kind_text(subject)
        zh, en = f"无法判断{what.zh}是否在其中", f"cannot tell whether a {what.en} is in it"
        scope.runtime.warn("type", zh, en, at)
        return None

    return within


def matches(value: Any, test: Any) -> bool | None:
    """Whether an evaluated test takes a value: a range that has it, a list with it, or the equal value."""
    if type(test) is Range and type(value) is not Range:
        return test.has(value)
    if type(test) is not list:
        return equal(value, test)
    if type(value) is list and equal(value, test):
        return True
    for item in test:
        item = take(item)
        verdict = item.has(value) if type(item) is Range and type(value) is not Range else equal(value, item)
        if verdict is True:
            return True
    return False


def if_(compiler: "Compiler", node: If) -> "Closure":
    """The first branch for true, else the second."""
    condition, yes, no = compiler.build(node.condition), compiler.build(node.yes), compiler.build(node.no)
    at = node.position

    def choose(scope: Scope) -> Any:
        verdict = condition(scope)
        if verdict is True:
            return yes(scope)
        if verdict is not False:
            what = kind_text(verdict)
            zh, en = f"条件的结果是{what.zh}，不是“是”或“否”", f"the condition is {what.en}, not true or false"
            scope.runtime.warn("condition", zh, en, at)
        return no(scope)

    return choose


def instance_of(compiler: "Compiler", node: InstanceOf) -> "Closure":
    """Whether a value is of a type, leaving allowed values aside."""
    value, wanted, types = compiler.build(node.value), node.wanted, compiler.types
    return lambda scope: is_instance(value(scope), wanted, types, True)


def anything(compiler: "Compiler", node: Anything) -> "Closure":
    """The cell that takes everything."""
    return lambda scope: True


def unary_tests(compiler: "Compiler", node: UnaryTests) -> "Closure":
    """Whether a cell takes the input `?`: null is no match."""
    tests = [(compiler.build(test), _way_of(test)) for test in node.tests]
    negated = node.negated

    def run(scope: Scope) -> bool:
        value = scope.variables["?"]
        taken = any(way(value, test(scope)) is True for test, way in tests)
        return taken is not negated

    return run


def _way_of(test: Node) -> Callable[[Any, Any], bool | None]:
    """How a test takes the input: a plain `true` is compared with it, so that null is not taken for true."""
    if isinstance(test, Constant):
        return matches
    return _judges if mentions(test, "?") else _takes


def _judges(value: Any, result: Any) -> bool | None:
    return result if result is None or type(result) is bool else matches(value, result)


def _takes(value: Any, result: Any) -> bool | None:
    return True if result is True and type(value) is not bool else matches(value, result)
