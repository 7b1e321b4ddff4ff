"""Names and paths: how an expression reaches the data."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.builtins import TABLE
from engine.feel.incoming import TAKE, foreign, take
from engine.feel.runtime import Registered, Runtime, Scope
from engine.feel.temporal import NANOSECONDS, Date, DateTime, Days, Months, Time
from engine.feel.tree import Name, Path
from engine.feel.values import Invocable, Range, kind_text

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler

ABSENT: Any = object()


def registered(runtime: Runtime, name: str) -> Invocable | None:
    """The installation's function of a name."""
    function = runtime.functions.get(name)
    if function is None or isinstance(function, Invocable):
        return function
    return Registered(name, function)


def name(compiler: "Compiler", node: Name, quiet: bool) -> "Closure":
    """The variable of a name, innermost scope first, else the function of it."""
    wanted, at, converter, built_in = node.name, node.position, TAKE.get, TABLE.get(node.name)

    def look(scope: Scope) -> Any:
        place: Scope | None = scope
        while place is not None:
            value = place.variables.get(wanted, ABSENT)
            if value is not ABSENT:
                convert = converter(type(value), foreign)
                return convert(value) if convert else value
            place = place.parent
        function = registered(scope.runtime, wanted) or built_in
        if function is not None or quiet:
            return function
        return scope.runtime.warn("unknown-name", f"没有变量“{wanted}”", f"there is no variable {wanted}", at)

    return look


def path(compiler: "Compiler", node: Path, quiet: bool) -> "Closure":
    """A key of a context, or a property of a value."""
    base, wanted, at, converter = compiler.build(node.base, quiet), node.name, node.position, TAKE.get

    def follow(scope: Scope) -> Any:
        owner = base(scope)
        if type(owner) is dict:
            value = owner.get(wanted, ABSENT)
            if value is not ABSENT:
                convert = converter(type(value), foreign)
                return convert(value) if convert else value
            if quiet:
                return None
            return scope.runtime.warn("unknown-key", f"没有“{wanted}”这一项", f"there is no {wanted}", at)
        if owner is None:
            if quiet:
                return None
            return scope.runtime.warn("null-path", f"空值没有“{wanted}”", f"null has no {wanted}", at)
        return property_of(scope.runtime, owner, wanted, at)

    return follow


def property_of(runtime: Runtime, owner: Any, wanted: str, at: int) -> Any:
    """A property of what is no context: of each item of a list, of a date, a duration or a range."""
    if type(owner) is list:
        runtime.spend(len(owner))
        return [_of_item(runtime, take(item), wanted, at) for item in owner]
    reader = _PROPERTIES.get((type(owner), wanted))
    if reader is not None:
        return reader(owner)
    what = kind_text(owner)
    return runtime.warn("unknown-key", f"{what.zh}没有“{wanted}”", f"a {what.en} has no {wanted}", at)


def _of_item(runtime: Runtime, item: Any, wanted: str, at: int) -> Any:
    if type(item) is dict:
        return take(item.get(wanted))
    if item is None:
        return None
    return property_of(runtime, item, wanted, at)


def _offset(time: Time, date: Date | None) -> Days | None:
    seconds = time.offset_on(date)
    return None if seconds is None else Days(seconds * NANOSECONDS)


def _days_part(divisor: int, modulus: int) -> Callable[[Days], Decimal]:
    def part(duration: Days) -> Decimal:
        size = abs(duration.ns) // NANOSECONDS // divisor % modulus
        return Decimal(-size if duration.ns < 0 else size)

    return part


def _months_part(years: bool) -> Callable[[Months], Decimal]:
    def part(duration: Months) -> Decimal:
        size = abs(duration.count) // 12 if years else abs(duration.count) % 12
        return Decimal(-size if duration.count < 0 else size)

    return part


_DATE: dict[str, Callable[[Date], Any]] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_TIME: dict[str, Callable[[Time], Any]] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: Decimal(time.second),
    "timezone": lambda time: time.zone,
}


def _within(part: str, reader: Callable[[Any], Any]) -> Callable[[DateTime], Any]:
    return lambda moment: reader(getattr(moment, part))


_PROPERTIES: dict[tuple[type, str], Callable[[Any], Any]] = {
    **{(Date, key): reader for key, reader in _DATE.items()},
    **{(Time, key): reader for key, reader in _TIME.items()},
    **{(DateTime, key): _within("date", reader) for key, reader in _DATE.items()},
    **{(DateTime, key): _within("time", reader) for key, reader in _TIME.items()},
    (Time, "time offset"): lambda time: _offset(time, None),
    (DateTime, "time offset"): lambda moment: _offset(moment.time, moment.date),
    (Days, "days"): _days_part(86400, 10**30),
    (Days, "hours"): _days_part(3600, 24),
    (Days, "minutes"): _days_part(60, 60),
    (Days, "seconds"): _days_part(1, 60),
    (Months, "years"): _months_part(True),
    (Months, "months"): _months_part(False),
    (Range, "start"): lambda range_: range_.low,
    (Range, "end"): lambda range_: range_.high,
    (Range, "start included"): lambda range_: range_.low_included,
    (Range, "end included"): lambda range_: range_.high_included,
}
