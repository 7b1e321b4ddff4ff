"""Built-ins over many values, given as one list or as arguments."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from engine.feel.builtins.signatures import TABLE, Builtin, Parameter
from engine.feel.faults import Fault, text_of
from engine.feel.incoming import NUMBERS, TAKE, take
from engine.feel.runtime import Runtime
from engine.feel.temporal import Days, Months
from engine.feel.values import compare
from engine.words import Text

_F = TypeVar("_F", bound=Callable[[list[Any]], Any])


class Aggregate(Builtin):
    """A function of a list that is also taken from its arguments."""

    __slots__ = ("empty", "function")

    def __init__(self, name: str, function: Callable[[list[Any]], Any], empty: Any) -> None:
        super().__init__(name)
        self.function, self.empty = function, empty
        self.overloads = [([Parameter("list", (list,), False, False, False)], function)]

    def invoke(
        self, runtime: Runtime, args: Sequence[Any], named: dict[str, Any] | None, position: int
    ) -> Any:
        """Over the items of the list, or over the arguments; `empty` for none."""
        if named is not None:
            args = list(named.values()) if len(named) == 1 and named.keys() <= {"list", "n", "b"} else []
        if not args or (len(args) == 1 and args[0] is None):
            return self.refuse(runtime, Text("要一个列表", "a list is needed"), position)
        items = args[0] if len(args) == 1 and type(args[0]) is list else args
        runtime.spend(len(items))
        if not items:
            return self.empty
        try:
            return self.function([take(item) for item in items])
        except (ValueError, ArithmeticError) as fault:
            return self.refuse(runtime, text_of(fault), position)


TAKE[Aggregate] = None


def aggregate(name: str, empty: Any = None) -> Callable[[_F], _F]:
    """Declare a function over many values and its value for none."""

    def declare(function: _F) -> _F:
        TABLE[name] = Aggregate(name, function, empty)
        return function

    return declare


def _numbers(items: list[Any]) -> list[Decimal]:
    if any(type(item) is not Decimal for item in items):
        raise Fault("列表里不都是数字", "not all are numbers")
    return items


def _best(sign: int) -> Callable[[list[Any]], Any]:
    def best(items: list[Any]) -> Any:
        found = items[0]
        for item in items:
            order = compare(item, found)
            if order is None:
                raise Fault("列表里的值不能互相比较", "the items cannot be compared")
            found = item if order * sign > 0 else found
        return found

    return best


aggregate("min")(_best(-1))
aggregate("max")(_best(1))


def _total(items: list[Any]) -> Decimal:
    result = Decimal(0)
    for number in _numbers(items):
        result = NUMBERS.add(result, number)
    return result


@aggregate("sum")
def sum_(items: list[Any]) -> Any:
    """The sum of numbers or of durations."""
    if all(type(item) is Days for item in items):
        return Days(sum(item.ns for item in items))
    if all(type(item) is Months for item in items):
        return Months(sum(item.count for item in items))
    return _total(items)


@aggregate("mean")
def mean(items: list[Any]) -> Decimal:
    """The average."""
    return NUMBERS.divide(_total(items), Decimal(len(items)))


@aggregate("product")
def product(items: list[Any]) -> Decimal:
    """All multiplied."""
    result = Decimal(1)
    for number in _numbers(items):
        result = NUMBERS.multiply(result, number)
    return result


@aggregate("median")
def median(items: list[Any]) -> Decimal:
    """The middle one, or the mean of the two in the middle."""
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@aggregate("stddev")
def stddev(items: list[Any]) -> Decimal:
    """The standard deviation of a sample."""
    if len(items) < 2:
        raise Fault("至少要两个数字", "two numbers at least")
    centre = mean(items)
    squares = [NUMBERS.power(NUMBERS.subtract(number, centre), Decimal(2)) for number in items]
    return NUMBERS.sqrt(NUMBERS.divide(_total(squares), Decimal(len(items) - 1)))


@aggregate("mode", [])
def mode(items: list[Any]) -> list[Decimal]:
    """The most frequent ones, in order."""
    counts = Counter(_numbers(items))
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)


def _decided_by(decisive: bool) -> Callable[[list[Any]], bool | None]:
    def decide(items: list[Any]) -> bool | None:
        if any(item is decisive for item in items):
            return decisive
        if any(item is not None and type(item) is not bool for item in items):
            raise Fault("列表里不都是是非值", "not all are true or false")
        return None if None in items else not decisive

    return decide


aggregate("all", True)(_decided_by(False))
aggregate("any", False)(_decided_by(True))
TABLE["and"], TABLE["or"] = TABLE["all"], TABLE["any"]
