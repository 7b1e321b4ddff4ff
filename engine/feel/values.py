"""The values of FEEL: temporal classes, ranges, functions; their kinds, equality and order."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.faults import LimitExceeded
from engine.feel.incoming import TAKE, take
from engine.feel.temporal import Date, DateTime, Days, Months, Time
from engine.words import Text

if TYPE_CHECKING:
    from engine.feel.runtime import Runtime

__all__ = [
    "Date",
    "DateTime",
    "Days",
    "Function",
    "Invocable",
    "Months",
    "Range",
    "Time",
    "compare",
    "equal",
    "kind",
    "kind_text",
    "measure",
]

MOST_NODES = 20_000
_TOO_LARGE = Text("数据太大，不能处理", "The value is too large")


class Range:
    """An interval. A `unary` operator marks the open-ended ones, so that an open end is not a null end."""

    __slots__ = ("high", "high_included", "low", "low_included", "unary")

    def __init__(
        self, low: Any, low_included: bool, high: Any, high_included: bool, unary: str | None = None
    ) -> None:
        self.low, self.low_included = low, low_included
        self.high, self.high_included = high, high_included
        self.unary = unary

    def has(self, value: Any) -> bool | None:
        """Whether the value lies within; None where that cannot be told."""
        if value is None:
            return None
        if self.unary in ("=", "!="):
            same = equal(value, self.low)
            return same if self.unary == "=" or same is None else not same
        if self.unary is None and (self.low is None or self.high is None):
            return None
        if self.unary and self.low is None and self.high is None:
            return None
        above = self._inside(value, self.low, self.low_included, 1)
        if above is not True:
            return above
        return self._inside(value, self.high, self.high_included, -1)

    @staticmethod
    def _inside(value: Any, end: Any, included: bool, sign: int) -> bool | None:
        if end is None:
            return True
        order = compare(value, end)
        return None if order is None else order * sign > 0 or (order == 0 and included)

    def _parts(self) -> tuple[Any, ...]:
        return self.unary, self.low, self.low_included, self.high, self.high_included

    def __eq__(self, other: object) -> bool:
        return type(other) is Range and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((self.unary, self.low_included, self.high_included))


class Invocable(ABC):
    """Anything that can be called in an expression."""

    __slots__ = ("name",)

    name: str | None

    @abstractmethod
    def invoke(
        self, runtime: "Runtime", args: Sequence[Any], named: dict[str, Any] | None, position: int
    ) -> Any:
        """The value for positional `args`, or for `named` ones where that is not None."""

    @abstractmethod
    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""


class Function(Invocable):
    """A function written in FEEL or built by a decision model: `call(runtime, args)` with one argument a parameter."""

    __slots__ = ("call", "params", "types")

    def __init__(
        self,
        name: str | None,
        params: Sequence[str],
        call: Callable[["Runtime", list[Any]], Any],
        types: Sequence[Any] | None = None,
    ) -> None:
        self.name, self.params, self.call = name, list(params), call
        self.types = list(types) if types else [None] * len(self.params)

    def takes(self, count: int) -> bool:
        """Whether it has so many parameters."""
        return count == len(self.params)

    def invoke(
        self, runtime: "Runtime", args: Sequence[Any], named: dict[str, Any] | None, position: int
    ) -> Any:
        """Bind, coerce to the declared types, call."""
        from engine.feel.types import coerce

        if named is not None:
            args = [named[p] for p in self.params] if named.keys() == set(self.params) else []
        if len(args) != len(self.params):
            wanted = ", ".join(self.params)
            return runtime.warn("call", f"函数要的参数是（{wanted}）", f"the function takes ({wanted})", position)
        bound = []
        for value, declared in zip(args, self.types, strict=True):
            fits, coerced = coerce(value, declared)
            if not fits:
                runtime.warn("call", "参数的类型不对", "an argument is of the wrong type", position)
                if self.name is None:
                    return None
            bound.append(coerced)
        return self.call(runtime, bound)


TAKE[Range] = TAKE[Function] = None

PYTHON_TYPES: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "list": list,
    "context": dict,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": Days,
    "years and months duration": Months,
    "range": Range,
}
_KINDS = {python: name for name, python in PYTHON_TYPES.items()}
_KIND_WORDS = {
    "null": "空值",
    "number": "数字",
    "string": "文本",
    "boolean": "是否值",
    "list": "列表",
    "context": "数据组",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "天数时长",
    "years and months duration": "年月时长",
    "range": "范围",
    "function": "函数",
}
ORDERED = frozenset({Date, Time, DateTime, Days, Months})
_SIMPLE = frozenset({Decimal, str, bool})


def kind(value: Any) -> str:
    """The name of a value's type, as FEEL has it."""
    return "null" if value is None else _KINDS.get(type(value), "function")


def kind_text(value: Any) -> Text:
    """The name of a value's type for people."""
    name = kind(value)
    return Text(_KIND_WORDS[name], name)


def measure(value: Any) -> int:
    """How many nodes a value has when written out, where shared parts count each time; too many is a limit."""
    stack, count = [value], 0
    while stack:
        part = stack.pop()
        count += 1
        if count + len(stack) > MOST_NODES:
            raise LimitExceeded(_TOO_LARGE)
        if type(part) is list:
            stack += part
        elif type(part) is dict:
            stack += part.values()
        elif type(part) is str:
            count += len(part) >> 8
    return count


def equal(left: Any, right: Any, budget: list[int] | None = None) -> bool | None:
    """Whether they are the same; None for kinds that cannot be compared."""
    kind_left, kind_right = type(left), type(right)
    if kind_left is kind_right:
        if kind_left in _SIMPLE:
            return bool(left == right)
        if kind_left is list or kind_left is dict:
            return _equal_parts(left, right, budget or [MOST_NODES])
    if left is None or right is None:
        return left is right
    left, right = take(left), take(right)
    if type(left) is not type(right):
        return None
    if type(left) is not kind_left or type(right) is not kind_right:
        return equal(left, right, budget)
    return bool(left == right)


def _equal_parts(left: Any, right: Any, budget: list[int]) -> bool:
    budget[0] -= len(left)
    if budget[0] < 0:
        raise LimitExceeded(_TOO_LARGE)
    if type(left) is dict:
        return left.keys() == right.keys() and all(equal(part, right[key], budget) for key, part in left.items())
    return len(left) == len(right) and all(equal(a, b, budget) for a, b in zip(left, right, strict=True))


def compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None for what has no order."""
    which = type(left)
    if which is not type(right):
        return None
    if which is Decimal or which is str:
        return int(left > right) - int(left < right)
    if which not in ORDERED:
        return None
    if (which is DateTime or which is Time) and left.local != right.local:
        return None
    first, second = left.key(), right.key()
    return int(first > second) - int(first < second)
