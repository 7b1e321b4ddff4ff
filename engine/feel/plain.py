"""Between FEEL's values and what the rest of the product holds: JSON data, datetimes, timedeltas."""

import datetime as python
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.faults import Fault
from engine.feel.incoming import date_time, take
from engine.feel.reading import read_duration
from engine.feel.temporal import NANOSECONDS, Date, DateTime, Days, zone_named
from engine.feel.values import ORDERED, kind_text, measure

ZONE = ZoneInfo("Asia/Shanghai")
_MICROSECOND = 1000


def from_plain(value: Any) -> Any:
    """Python data as a FEEL value: numbers as decimals, datetimes and timedeltas as temporal values."""
    value = take(value)
    if type(value) is list:
        return [from_plain(item) for item in value]
    if type(value) is dict:
        return {key: from_plain(part) for key, part in value.items()}
    return value


def to_plain(value: Any) -> Any:
    """JSON data: whole numbers as int, others as float, temporal values as ISO text; a function or range is a fault."""
    measure(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    value = take(value)
    which = type(value)
    if which is Decimal:
        return _number(value)
    if which is list:
        return [_plain(item) for item in value]
    if which is dict:
        return {str(key): _plain(part) for key, part in value.items()}
    if value is None or which is str or which is bool:
        return value
    if which in ORDERED:
        return str(value)
    what = kind_text(value)
    raise Fault(f"{what.zh}不能作为数据保存", f"a {what.en} cannot be kept as data")


def _number(value: Decimal) -> int | float:
    if value.adjusted() > 300:
        raise Fault("数字太大，不能保存", "the number is too large to be kept")
    return int(value) if value == value.to_integral_value() else float(value)


def from_datetime(value: python.datetime) -> DateTime:
    """A datetime as a FEEL date and time; without a zone it is Shanghai's."""
    return date_time(value if value.tzinfo else value.replace(tzinfo=ZONE))


def to_datetime(value: Any) -> python.datetime | None:
    """A date and time, or a date at its 00:00, as an aware datetime in Shanghai; None for anything else.

    What says nothing of its zone is Shanghai's.
    """
    if isinstance(value, python.datetime):
        return value.astimezone(ZONE) if value.tzinfo else value.replace(tzinfo=ZONE)
    if isinstance(value, python.date):
        return python.datetime(value.year, value.month, value.day, tzinfo=ZONE)
    try:
        if isinstance(value, Date):
            return python.datetime(value.year, value.month, value.day, tzinfo=ZONE)
        return _moment(value).astimezone(ZONE) if isinstance(value, DateTime) else None
    except (ValueError, OverflowError):
        return None


def _moment(value: DateTime) -> python.datetime:
    date, time = value.date, value.time
    zone: python.tzinfo = ZONE
    if time.zone is not None:
        zone = zone_named(time.zone)
    elif time.offset is not None:
        zone = python.timezone(python.timedelta(seconds=time.offset))
    microsecond = time.ns % NANOSECONDS // _MICROSECOND
    return python.datetime(
        date.year, date.month, date.day, time.hour, time.minute, time.second, microsecond, tzinfo=zone
    )


def to_timedelta(value: Any) -> python.timedelta | None:
    """A days and time duration, or its ISO text, as a timedelta; None for anything else (months have no fixed length)."""
    if isinstance(value, python.timedelta):
        return value
    try:
        duration = read_duration(value) if isinstance(value, str) else value
        return python.timedelta(microseconds=duration.ns // _MICROSECOND) if isinstance(duration, Days) else None
    except (ValueError, OverflowError):
        return None
