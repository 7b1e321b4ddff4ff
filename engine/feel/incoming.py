"""Python data as FEEL values, one layer at a time: what is not data is refused here."""

import datetime as python
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from engine.feel.faults import Fault
from engine.feel.temporal import NANOSECONDS, Date, DateTime, Days, Months, Time

# 34 digits, half to even: what IEEE 754 decimal128 and the DMN standard ask; always named, never ambient.
NUMBERS = Context(prec=34, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow])


def _number(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise Fault("数据里有不是数的数", "the data holds a number that is none")
    return value


def _float(value: float) -> Decimal:
    return _number(Decimal(repr(value)))


def date_time(value: python.datetime) -> DateTime:
    """A datetime as a FEEL date and time, at its offset."""
    ns = ((value.hour * 60 + value.minute) * 60 + value.second) * NANOSECONDS + value.microsecond * 1000
    ahead = value.utcoffset()
    offset = None if ahead is None else int(ahead.total_seconds())
    return DateTime(Date(value.year, value.month, value.day), Time(ns, offset))


def days_duration(value: python.timedelta) -> Days:
    """A timedelta as a FEEL duration."""
    return Days((value.days * 86400 + value.seconds) * NANOSECONDS + value.microseconds * 1000)


# None: it is a FEEL value as it stands. The other rooms of this package add their own kinds.
TAKE: dict[type, Callable[[Any], Any] | None] = {
    type(None): None,
    str: None,
    bool: None,
    list: None,
    dict: None,
    Date: None,
    Time: None,
    DateTime: None,
    Days: None,
    Months: None,
    Decimal: _number,
    int: NUMBERS.create_decimal,
    float: _float,
    tuple: list,
    python.datetime: date_time,
    python.date: lambda value: Date(value.year, value.month, value.day),
    python.timedelta: days_duration,
}


def foreign(value: Any) -> Any:
    """What a class that FEEL does not know stands for, where it is data at all."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, list | tuple):
        return list(value)
    raise Fault("数据里有表达式不能用的东西", "the data holds something that is no data")


def take(value: Any) -> Any:
    """The FEEL value of Python data, its parts left as they are until somebody looks at them."""
    convert = TAKE.get(type(value), foreign)
    return convert(value) if convert else value
