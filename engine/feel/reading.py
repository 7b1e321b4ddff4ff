"""ISO text to dates, times and durations."""

import re

from engine.feel.faults import Fault
from engine.feel.temporal import NANOSECONDS, Date, DateTime, Days, Months, Time

_DATE = r"(-?)(\d{4,9})-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[\w/+-]+)?"
_DATE_TEXT, _TIME_TEXT = re.compile(_DATE, re.A), re.compile(_TIME, re.A)
_DATE_TIME_TEXT = re.compile(f"{_DATE}T{_TIME}", re.A)
_DAYS_TEXT = re.compile(
    r"(-?)P(?=.)(?:(\d{1,18})D)?(?:T(?=.)(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d*))?S)?)?", re.A
)
_MONTHS_TEXT = re.compile(r"(-?)P(?=.)(?:(\d{1,18})Y)?(?:(\d{1,18})M)?", re.A)


def read_date(text: str) -> Date:
    """A date from `2026-07-14`."""
    found = _DATE_TEXT.fullmatch(text)
    if found is None:
        raise Fault("不是日期", "not a date")
    return _date(*found.groups())


def read_time(text: str) -> Time:
    """A time from `09:30:00`, with offset, `Z` or `@Asia/Shanghai` after it or not."""
    found = _TIME_TEXT.fullmatch(text)
    if found is None:
        raise Fault("不是时间", "not a time")
    return _time(*found.groups())


def read_date_time(text: str) -> DateTime:
    """A date and time from `2026-07-14T09:30:00+08:00`; a date alone is its 00:00."""
    if _DATE_TEXT.fullmatch(text):
        return DateTime(read_date(text), Time(0))
    found = _DATE_TIME_TEXT.fullmatch(text)
    if found is None:
        raise Fault("不是日期时间", "not a date and time")
    parts = found.groups()
    date = _date(*parts[:4])
    return DateTime(Date.of(date.days + 1) if parts[4] == "24" else date, _time(*parts[4:]))


def read_duration(text: str) -> Days | Months:
    """A duration from `P10D`, `PT24H` or `P1Y2M`."""
    found = _MONTHS_TEXT.fullmatch(text)
    if found is not None:
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-months if found[1] else months)
    found = _DAYS_TEXT.fullmatch(text)
    if found is None:
        raise Fault("不是时长", "not a duration")
    days, hours, minutes, seconds = (int(found[i] or 0) for i in (2, 3, 4, 5))
    ns = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * NANOSECONDS + _fraction(found[6])
    return Days(-ns if found[1] else ns)


def read_temporal(text: str) -> Date | Time | DateTime | Days | Months:
    """Whichever of them the text is: what stands after `@`."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if _DATE_TEXT.fullmatch(text):
        return read_date(text)
    return read_date_time(text) if "T" in text.partition("@")[0] else read_time(text)


def _date(sign: str, year: str, month: str, day: str) -> Date:
    if len(year) > 4 and year[0] == "0":
        raise Fault("年份写法不对", "the year is not written so")
    return Date(int(sign + year), int(month), int(day))


def _fraction(digits: str | None) -> int:
    return int((digits or "0")[:9].ljust(9, "0"))


def _time(hours: str, minutes: str, seconds: str, fraction: str | None, where: str | None) -> Time:
    hour, minute, second = int(hours), int(minutes), int(seconds)
    if hour == 24 and minute == second == 0:
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        raise Fault("没有这个时间", "there is no such time")
    ns = ((hour * 60 + minute) * 60 + second) * NANOSECONDS + _fraction(fraction)
    if where and where[0] == "@":
        return Time(ns, None, where[1:])
    return Time(ns, _offset(where) if where else None)


def _offset(text: str) -> int:
    if text == "Z":
        return 0
    hours, minutes, seconds = [*(int(part) for part in text[1:].split(":")), 0][:3]
    if minutes > 59 or seconds > 59:
        raise Fault("时差写法不对", "the offset is not written so")
    return (hours * 3600 + minutes * 60 + seconds) * (-1 if text[0] == "-" else 1)
