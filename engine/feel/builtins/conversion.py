"""Built-ins that turn one kind of value into another."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.signatures import builtin, whole
from engine.feel.faults import Fault
from engine.feel.incoming import NUMBERS
from engine.feel.reading import read_date, read_date_time, read_duration, read_time
from engine.feel.runtime import Runtime
from engine.feel.temporal import NANOSECONDS, Date, DateTime, Days, Months, Time
from engine.feel.values import equal, kind_text, measure
from engine.feel.writing import show

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.A)


def date_of(value: Date | DateTime) -> Date:
    """The day of a date or date and time."""
    return value.date if isinstance(value, DateTime) else value


@builtin("date(from: string)")
def date_from_text(runtime: Runtime, text: str) -> Date:
    """date("2026-07-14")"""
    return read_date(text)


@builtin("date(from: date|date and time)")
def date_from_date(runtime: Runtime, value: Date | DateTime) -> Date:
    """The day of a date and time."""
    return date_of(value)


@builtin("date(year: number, month: number, day: number)")
def date_from_parts(runtime: Runtime, year: Decimal, month: Decimal, day: Decimal) -> Date:
    """date(2026, 7, 14)"""
    return Date(whole(year), whole(month), whole(day))


@builtin("date and time(from: string)")
def date_time_from_text(runtime: Runtime, text: str) -> DateTime:
    """date and time("2026-07-14T09:30:00+08:00")"""
    return read_date_time(text)


@builtin("date and time(from: date|date and time)")
def date_time_from_date(runtime: Runtime, value: Date | DateTime) -> DateTime:
    """A date at its midnight."""
    return value if isinstance(value, DateTime) else DateTime(value, Time(0))


@builtin("date and time(date: date|date and time, time: time)")
def date_time_from_both(runtime: Runtime, date: Date | DateTime, time: Time) -> DateTime:
    """A date with a time."""
    return DateTime(date_of(date), time)


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, offset?: days!)"
)
def date_time_from_parts(
    runtime: Runtime,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: Days | None,
) -> DateTime:
    """From six numbers and an offset."""
    return DateTime(Date(whole(year), whole(month), whole(day)), _time(hour, minute, second, offset))


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, timezone: string)"
)
def date_time_in_zone(
    runtime: Runtime,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    timezone: str,
) -> DateTime:
    """From six numbers and the name of a zone."""
    time = _time(hour, minute, second, None)
    return DateTime(Date(whole(year), whole(month), whole(day)), Time(time.ns, None, timezone))


@builtin("time(from: string)")
def time_from_text(runtime: Runtime, text: str) -> Time:
    """time("09:30:00")"""
    return read_time(text)


@builtin("time(from: time|date and time)")
def time_from_time(runtime: Runtime, value: Time | DateTime) -> Time:
    """The time of a date and time."""
    return value.time if isinstance(value, DateTime) else value


@builtin("time(from: date)")
def time_from_date(runtime: Runtime, value: Date) -> Time:
    """Midnight in UTC, as the standard has it."""
    return Time(0, 0)


@builtin("time(hour: number, minute: number, second: number, offset?: days!)")
def time_from_parts(
    runtime: Runtime, hour: Decimal, minute: Decimal, second: Decimal, offset: Days | None
) -> Time:
    """time(9, 30, 0)"""
    return _time(hour, minute, second, offset)


def _time(hour: Decimal, minute: Decimal, second: Decimal, offset: Days | None) -> Time:
    hours, minutes = whole(hour), whole(minute)
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= second < 60):
        raise Fault("没有这个时间", "there is no such time")
    ns = (hours * 60 + minutes) * 60 * NANOSECONDS + int(second * NANOSECONDS)
    return Time(ns, None if offset is None else offset.ns // NANOSECONDS)


@builtin("duration(from: string)")
def duration_from_text(runtime: Runtime, text: str) -> Days | Months:
    """duration("P10D")"""
    return read_duration(text)


@builtin("duration(from: duration)")
def duration_from_duration(runtime: Runtime, value: Days | Months) -> Days | Months:
    """As it is."""
    return value


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def months_between(runtime: Runtime, start: Date | DateTime, end: Date | DateTime) -> Months:
    """Whole months from one day to another."""
    first, last = date_of(start), date_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return Months(months)


@builtin("string(from: any)")
def string(runtime: Runtime, value: Any) -> str | None:
    """A value as text; null stays null."""
    if value is None:
        return None
    if type(value) in (list, dict):
        runtime.spend(measure(value))
    return show(value)


@builtin("number(from: string, grouping separator?: string!, decimal separator?: string!)")
def number(runtime: Runtime, text: str, grouping: str | None, decimal: str | None) -> Decimal:
    """number("1,234.5", ",", ".")"""
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        raise Fault("分隔符只能是空格、逗号或点", "a separator is a space, a comma or a dot")
    if grouping is not None and grouping == decimal:
        raise Fault("两种分隔符不能相同", "the separators are the same")
    text = text.replace(grouping, "") if grouping else text
    text = text.replace(decimal, ".") if decimal else text
    if not _NUMBER.fullmatch(text):
        raise Fault("不是数字", "not a number")
    return NUMBERS.create_decimal(text)


@builtin("number(from: number)")
def number_from_number(runtime: Runtime, value: Decimal) -> Decimal:
    """As it is."""
    return value


@builtin("is defined(value: any)")
def is_defined(runtime: Runtime, value: Any) -> bool:
    """Whether it is there and not null."""
    return value is not None


@builtin("get or else(value: any, default: any)")
def get_or_else(runtime: Runtime, value: Any, default: Any) -> Any:
    """The value, or the default where it is null."""
    return default if value is None else value


@builtin("is(value1?: any, value2?: any)")
def is_(runtime: Runtime, first: Any, second: Any) -> bool:
    """Whether both are the same value of the same kind, zones included."""
    if type(first) is not type(second):
        return False
    if isinstance(first, Time | DateTime):
        return str(first) == str(second)
    return first is None or bool(equal(first, second))


@builtin("not(negand: any)")
def not_(runtime: Runtime, value: Any) -> bool | None:
    """The opposite of true or false; null stays null."""
    if value is None or type(value) is bool:
        return None if value is None else not value
    what = kind_text(value)
    raise Fault(f"要是非值，这里是{what.zh}", f"not of a {what.en}")
