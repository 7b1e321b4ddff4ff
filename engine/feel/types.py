"""Types as FEEL writes them: what is an instance of them, and what may be coerced to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel.incoming import take
from engine.feel.temporal import Date, DateTime, Days, Months, Time
from engine.feel.values import Invocable, Range, kind


@dataclass(frozen=True, slots=True)
class ListType:
    """list<item>"""

    item: "FeelType"


@dataclass(frozen=True, slots=True)
class RangeType:
    """range<end>"""

    end: "FeelType"


@dataclass(frozen=True, slots=True)
class ContextType:
    """context<name: type, …>"""

    fields: Mapping[str, "FeelType"]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """function<type, …> -> type"""

    params: tuple["FeelType", ...]
    result: "FeelType"


@dataclass(frozen=True, slots=True)
class AllowedType:
    """A type with a test that its values must pass (allowed values of an item definition)."""

    base: "FeelType"
    test: Callable[[Any], bool]


FeelType: TypeAlias = str | ListType | RangeType | ContextType | FunctionType | AllowedType
NamedTypes: TypeAlias = Mapping[str, FeelType]

_SIMPLE: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "dateTime": (DateTime,),
    "days and time duration": (Days,),
    "dayTimeDuration": (Days,),
    "years and months duration": (Months,),
    "yearMonthDuration": (Months,),
    "duration": (Days, Months),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
}
_NO_TYPES: NamedTypes = {}
_DEEPEST = 20


def is_instance(value: Any, wanted: FeelType, types: NamedTypes = _NO_TYPES, loose: bool = False, depth: int = 0) -> bool | None:
    """Whether a value is of a type; None for a type nobody knows. `loose` leaves allowed values aside."""
    value = take(value)
    if wanted in ("Any", "any"):
        return value is not None
    if wanted in ("Null", "null"):
        return value is None
    if value is None:
        return False
    if isinstance(wanted, str):
        return _is_named(value, wanted, types, loose, depth)
    if isinstance(wanted, AllowedType):
        return is_instance(value, wanted.base, types, loose, depth) is True and (loose or wanted.test(value))
    if isinstance(wanted, ListType):
        return type(value) is list and all(_fits(item, wanted.item, types) for item in value)
    if isinstance(wanted, ContextType):
        return type(value) is dict and all(
            name in value and _fits(value[name], field, types) for name, field in wanted.fields.items()
        )
    if isinstance(wanted, RangeType):
        return type(value) is Range and all(_fits(end, wanted.end, types) for end in (value.low, value.high))
    return isinstance(value, Invocable) and value.takes(len(wanted.params))


def _is_named(value: Any, wanted: str, types: NamedTypes, loose: bool, depth: int) -> bool | None:
    if wanted in _SIMPLE:
        return type(value) in _SIMPLE[wanted]
    if wanted == "function":
        return kind(value) == "function"
    if wanted in types and depth < _DEEPEST:
        return is_instance(value, types[wanted], types, loose, depth + 1)
    return None


def _fits(value: Any, wanted: FeelType, types: NamedTypes) -> bool:
    return value is None or bool(is_instance(value, wanted, types))


def _resolved(wanted: FeelType | None, types: NamedTypes) -> FeelType | None:
    for _ in range(_DEEPEST):
        if not isinstance(wanted, str) or wanted not in types:
            return wanted
        wanted = types[wanted]
    return wanted


def coerce(value: Any, wanted: FeelType | None, types: NamedTypes = _NO_TYPES) -> tuple[bool, Any]:
    """(whether it fits, the value): as it is, out of or into a list of one, or a date as its midnight in UTC."""
    wanted = _resolved(wanted, types)
    value = take(value)
    if wanted is None or value is None or wanted in ("Any", "any"):
        return True, value
    if is_instance(value, wanted, types) is not False:
        return True, value
    listed = wanted == "list" or isinstance(wanted, ListType)
    if listed and type(value) is not list:
        fits = wanted == "list" or (isinstance(wanted, ListType) and is_instance(value, wanted.item, types))
        return (True, [value]) if fits else (False, None)
    if not listed and type(value) is list and len(value) == 1:
        return (True, take(value[0])) if is_instance(value[0], wanted, types) else (False, None)
    if wanted in ("date and time", "dateTime") and type(value) is Date:
        return True, DateTime(value, Time(0, 0))
    return False, None
