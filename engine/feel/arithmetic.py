"""Sums of numbers, texts, dates and durations."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.faults import LimitExceeded, text_of
from engine.feel.incoming import NUMBERS
from engine.feel.runtime import TEXT, Runtime, Scope
from engine.feel.temporal import DAY, Date, DateTime, Days, Months, Time
from engine.feel.tree import Arithmetic, Negation
from engine.feel.values import kind_text
from engine.feel.writing import LONGEST_TEXT

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler

UNDEFINED: Any = object()


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if not base and exponent < 0:
        raise ZeroDivisionError
    return NUMBERS.power(base, exponent)


_NUMBERS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": NUMBERS.add,
    "-": NUMBERS.subtract,
    "*": NUMBERS.multiply,
    "/": NUMBERS.divide,
    "**": _power,
}


def arithmetic(compiler: "Compiler", node: Arithmetic) -> "Closure":
    """The result of an operator on two values."""
    left, right, at, word = compiler.build(node.left), compiler.build(node.right), node.position, node.operator
    numbers, others = _NUMBERS[word], _OTHERS[word]

    def compute(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        try:
            if type(first) is Decimal and type(second) is Decimal:
                return numbers(first, second)
            result = others(scope.runtime, first, second)
        except (ValueError, ArithmeticError) as fault:
            return _out_of_range(scope.runtime, fault, at)
        if result is not UNDEFINED:
            return result
        one, other = kind_text(first), kind_text(second)
        zh, en = f"{one.zh}与{other.zh}不能用 {word} 计算", f"cannot compute {one.en} {word} {other.en}"
        return scope.runtime.warn("type", zh, en, at)

    return compute


def _out_of_range(runtime: Runtime, fault: Exception, at: int) -> Any:
    if isinstance(fault, ZeroDivisionError):
        return runtime.warn("arithmetic", "除数是零", "division by zero", at)
    why = text_of(fault)
    return runtime.warn("arithmetic", why.zh, why.en, at)


def negation(compiler: "Compiler", node: Negation) -> "Closure":
    """The opposite of a number or duration."""
    operand, at = compiler.build(node.operand), node.position

    def negate(scope: Scope) -> Any:
        value = operand(scope)
        if type(value) is Decimal:
            return NUMBERS.minus(value)
        if type(value) is Days:
            return Days(-value.ns)
        if type(value) is Months:
            return Months(-value.count)
        what = kind_text(value)
        return scope.runtime.warn("type", f"{what.zh}前不能有负号", f"cannot negate a {what.en}", at)

    return negate


def _plus(runtime: Runtime, first: Any, second: Any) -> Any:
    kinds = type(first), type(second)
    if kinds == (str, str):
        length = len(first) + len(second)
        if length > LONGEST_TEXT:
            raise LimitExceeded(TEXT)
        runtime.spend(length >> 10)
        return first + second
    if kinds == (Days, Days):
        return Days(first.ns + second.ns)
    if kinds == (Months, Months):
        return Months(first.count + second.count)
    if kinds[0] in (Days, Months):
        first, second = second, first
    return _moved(first, second, 1)


def _moved(start: Any, duration: Any, sign: int) -> Any:
    """A date or time so much later, or earlier."""
    if type(duration) is Months:
        months = duration.count * sign
        if type(start) is Date:
            return start.add_months(months)
        return DateTime(start.date.add_months(months), start.time) if type(start) is DateTime else UNDEFINED
    if type(duration) is not Days:
        return UNDEFINED
    ns = duration.ns * sign
    if type(start) is DateTime:
        return start.add_ns(ns)
    if type(start) is Date:
        return Date.of((start.days * DAY + ns) // DAY)
    return Time((start.ns + ns) % DAY, start.offset, start.zone) if type(start) is Time else UNDEFINED


def _minus(runtime: Runtime, first: Any, second: Any) -> Any:
    kinds = type(first), type(second)
    if kinds == (Date, Date):
        return Days((first.days - second.days) * DAY)
    if kinds == (Days, Days):
        return Days(first.ns - second.ns)
    if kinds == (Months, Months):
        return Months(first.count - second.count)
    if kinds == (Time, Time) or (set(kinds) <= {Date, DateTime}):
        first, second = _at_midnight(first), _at_midnight(second)
        return Days(first.key() - second.key()) if first.local == second.local else UNDEFINED
    return _moved(first, second, -1)


def _at_midnight(value: Any) -> Any:
    return DateTime(value, Time(0, 0)) if type(value) is Date else value


def _times(runtime: Runtime, first: Any, second: Any) -> Any:
    if type(first) is Decimal:
        first, second = second, first
    if type(second) is not Decimal:
        return UNDEFINED
    return _scaled(first, second, NUMBERS.multiply)


def _scaled(duration: Any, number: Decimal, by: Callable[[Decimal, Decimal], Decimal]) -> Any:
    if type(duration) is Days:
        return Days(int(by(Decimal(duration.ns), number)))
    return Months(int(by(Decimal(duration.count), number))) if type(duration) is Months else UNDEFINED


def _over(runtime: Runtime, first: Any, second: Any) -> Any:
    if type(second) is Decimal:
        return _scaled(first, second, NUMBERS.divide)
    if type(first) is type(second) and type(first) in (Days, Months):
        return NUMBERS.divide(Decimal(first.key()), Decimal(second.key()))
    return UNDEFINED


def _no_power(runtime: Runtime, first: Any, second: Any) -> Any:
    return UNDEFINED


_OTHERS: dict[str, Callable[[Runtime, Any, Any], Any]] = {
    "+": _plus,
    "-": _minus,
    "*": _times,
    "/": _over,
    "**": _no_power,
}
