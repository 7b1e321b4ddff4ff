"""What stands written out: constants, lists, contexts, ranges, functions."""

from typing import TYPE_CHECKING, Any

from engine.feel.faults import Fault
from engine.feel.reading import read_temporal
from engine.feel.runtime import Runtime, Scope
from engine.feel.tree import (
    Constant,
    ContextLiteral,
    FunctionLiteral,
    ListLiteral,
    RangeLiteral,
    TemporalLiteral,
    UnaryTest,
)
from engine.feel.values import Function, Range, compare, kind_text

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler


def constant(compiler: "Compiler", node: Constant) -> "Closure":
    """Always the same value."""
    value = node.value
    return lambda scope: value


def temporal(compiler: "Compiler", node: TemporalLiteral) -> "Closure":
    """The date, time or duration behind `@`."""
    text, at = node.text, node.position
    try:
        value = read_temporal(text)
    except Fault:
        zh, en = f"“{text}”不是日期、时间或时长", f"{text!r} is no date, time or duration"
        return lambda scope: scope.runtime.warn("literal", zh, en, at)
    return lambda scope: value


def list_(compiler: "Compiler", node: ListLiteral) -> "Closure":
    """A list of what its items give."""
    items = [compiler.build(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def context(compiler: "Compiler", node: ContextLiteral) -> "Closure":
    """A context; each entry sees those before it."""
    entries = [(key, compiler.build(value)) for key, value in node.entries]
    at = node.position
    if len({key for key, _ in entries}) < len(entries):
        return lambda scope: scope.runtime.warn("context", "同一名称写了两次", "a key occurs twice", at)

    def build(scope: Scope) -> dict[str, Any]:
        made: dict[str, Any] = {}
        inner = Scope(made, scope.runtime, scope)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return build


def range_(compiler: "Compiler", node: RangeLiteral) -> "Closure":
    """An interval between two values of one kind."""
    low, high, at = compiler.build(node.low), compiler.build(node.high), node.position
    low_included, high_included = node.low_included, node.high_included

    def build(scope: Scope) -> Range | None:
        start, end = low(scope), high(scope)
        if start is not None and end is not None and compare(start, end) is None:
            first, last = kind_text(start), kind_text(end)
            zh, en = f"{first.zh}到{last.zh}不成范围", f"there is no range from {first.en} to {last.en}"
            scope.runtime.warn("type", zh, en, at)
            return None
        return Range(start, low_included, end, high_included)

    return build


def unary_test(compiler: "Compiler", node: UnaryTest) -> "Closure":
    """The open range of all that passes `> operand`."""
    operator, operand = node.operator, compiler.build(node.operand)

    def build(scope: Scope) -> Range:
        end = operand(scope)
        if operator in ("<", "<="):
            return Range(None, False, end, operator == "<=", operator)
        if operator in (">", ">="):
            return Range(end, operator == ">=", None, False, operator)
        return Range(end, operator == "=", end, operator == "=", operator)

    return build


def function(compiler: "Compiler", node: FunctionLiteral) -> "Closure":
    """A function that keeps the scope it was written in."""
    body, at = compiler.build(node.body), node.position
    params, types = [param for param, _ in node.params], [wanted for _, wanted in node.params]
    if node.external:
        zh, en = "外部函数不运行", "external functions are not run"
        return lambda scope: scope.runtime.warn("external", zh, en, at)

    def build(scope: Scope) -> Function:
        def call(runtime: Runtime, args: list[Any]) -> Any:
            return body(Scope(dict(zip(params, args, strict=True)), runtime, scope))

        return Function(None, params, call, types)

    return build
