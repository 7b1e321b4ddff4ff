"""Dates, times and durations of FEEL, which know more years, nanoseconds and zones than Python's own."""

import datetime as python
import re
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.feel.faults import Fault

NANOSECONDS = 10**9
DAY = 86400 * NANOSECONDS
LAST_YEAR = 999_999_999
LONGEST_NANOSECONDS, LONGEST_MONTHS = 10**30, 10**18
FURTHEST_OFFSET = 18 * 3600
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ZONE_NAME = re.compile(r"[A-Za-z][\w+-]*(/[\w+-]+)*", re.A)


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01."""
    era, day_of_era = divmod(days + 719468, 146097)
    year = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def month_length(year: int, month: int) -> int:
    """The number of days of a month."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _MONTH_LENGTHS[month - 1]


@lru_cache(256)
def zone_named(name: str) -> ZoneInfo:
    """The time zone of an identifier such as `Asia/Shanghai`."""
    if not _ZONE_NAME.fullmatch(name):
        raise Fault("不是时区名称", "not the name of a time zone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Fault("没有这个时区", "there is no such time zone") from None


class Date:
    """A day."""

    __slots__ = ("day", "month", "year")

    def __init__(self, year: int, month: int, day: int) -> None:
        if not (abs(year) <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
            raise Fault("没有这个日期", "there is no such date")
        self.year, self.month, self.day = year, month, day

    @classmethod
    def of(cls, days: int) -> "Date":
        """The day so many days after 1970-01-01."""
        return cls(*civil_from_days(days))

    @property
    def days(self) -> int:
        """Days since 1970-01-01."""
        return days_from_civil(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.days + 3) % 7 + 1

    def key(self) -> int:
        """What orders dates."""
        return self.days

    def add_months(self, months: int) -> "Date":
        """The same day so many months on, or the last of that month."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if abs(year) > LAST_YEAR:
            raise Fault("没有这个日期", "there is no such date")
        return Date(year, month + 1, min(self.day, month_length(year, month + 1)))

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"

    def __repr__(self) -> str:
        return f"Date({self})"

    def __eq__(self, other: object) -> bool:
        return type(other) is Date and self.days == other.days

    def __hash__(self) -> int:
        return hash(self.days)


def _offset_text(seconds: int) -> str:
    if seconds == 0:
        return "Z"
    size = abs(seconds)
    text = f"{'-' if seconds < 0 else '+'}{size // 3600:02d}:{size // 60 % 60:02d}"
    return text + (f":{size % 60:02d}" if size % 60 else "")


def _fraction_text(ns: int) -> str:
    return "." + f"{ns:09d}".rstrip("0") if ns else ""


class Time:
    """A time of day: local, at an offset in seconds, or in a named zone."""

    __slots__ = ("ns", "offset", "zone")

    def __init__(self, ns: int, offset: int | None = None, zone: str | None = None) -> None:
        if not 0 <= ns < DAY:
            raise Fault("没有这个时间", "there is no such time")
        if offset is not None and abs(offset) > FURTHEST_OFFSET:
            raise Fault("时差超过 18 小时", "the offset is beyond 18 hours")
        if zone is not None:
            zone_named(zone)
        self.ns, self.offset, self.zone = ns, offset, zone

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.ns // (3600 * NANOSECONDS)

    @property
    def minute(self) -> int:
        """0 to 59."""
        return self.ns // (60 * NANOSECONDS) % 60

    @property
    def second(self) -> int:
        """0 to 59."""
        return self.ns // NANOSECONDS % 60

    @property
    def local(self) -> bool:
        """Whether it says nothing of where."""
        return self.offset is None and self.zone is None

    def offset_on(self, date: Date | None) -> int | None:
        """Seconds ahead of UTC; a named zone needs the date to tell."""
        if self.zone is None:
            return self.offset
        if date is None:
            return None
        year = min(max(date.year, 1), 9999)
        day = min(date.day, month_length(year, date.month))
        moment = python.datetime(
            year, date.month, day, self.hour, self.minute, self.second, tzinfo=zone_named(self.zone)
        )
        ahead = moment.utcoffset()
        return None if ahead is None else int(ahead.total_seconds())

    def key(self) -> int:
        """What orders times."""
        return self.ns if self.zone else self.ns - (self.offset or 0) * NANOSECONDS

    def __str__(self) -> str:
        text = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{_fraction_text(self.ns % NANOSECONDS)}"
        if self.zone:
            return f"{text}@{self.zone}"
        return text if self.offset is None else text + _offset_text(self.offset)

    def __repr__(self) -> str:
        return f"Time({self})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not Time:
            return False
        return self.local == other.local and self.zone == other.zone and self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())


class DateTime:
    """A date with a time of day."""

    __slots__ = ("date", "time")

    def __init__(self, date: Date, time: Time) -> None:
        self.date, self.time = date, time

    @property
    def local(self) -> bool:
        """Whether it says nothing of where."""
        return self.time.local

    def key(self) -> int:
        """What orders them: nanoseconds since 1970 on the time line."""
        return self.date.days * DAY + self.time.ns - (self.time.offset_on(self.date) or 0) * NANOSECONDS

    def add_ns(self, ns: int) -> "DateTime":
        """So many nanoseconds on: over the instant in a named zone, over the clock otherwise."""
        if self.time.zone is None:
            days, rest = divmod(self.date.days * DAY + self.time.ns + ns, DAY)
            return DateTime(Date.of(days), Time(rest, self.time.offset))
        instant = self.key() + ns
        days, rest = divmod(instant + self._offset_at(instant) * NANOSECONDS, DAY)
        return DateTime(Date.of(days), Time(rest, None, self.time.zone))

    def _offset_at(self, instant: int) -> int:
        days, rest = divmod(instant, DAY)
        if self.time.zone is None or not 1 < civil_from_days(days)[0] < 9999:
            return self.time.offset_on(self.date) or 0
        utc = python.datetime(1970, 1, 1, tzinfo=python.UTC)
        moment = utc + python.timedelta(days=days, seconds=rest // NANOSECONDS)
        ahead = moment.astimezone(zone_named(self.time.zone)).utcoffset()
        return 0 if ahead is None else int(ahead.total_seconds())

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"

    def __repr__(self) -> str:
        return f"DateTime({self})"

    def __eq__(self, other: object) -> bool:
        return type(other) is DateTime and self.local == other.local and self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())


class Days:
    """A days and time duration, in nanoseconds."""

    __slots__ = ("ns",)

    def __init__(self, ns: int) -> None:
        if abs(ns) > LONGEST_NANOSECONDS:
            raise Fault("时长太长", "the duration is too long")
        self.ns = ns

    def key(self) -> int:
        """What orders them."""
        return self.ns

    def __str__(self) -> str:
        days, rest = divmod(abs(self.ns), DAY)
        hours, rest = divmod(rest, 3600 * NANOSECONDS)
        minutes, rest = divmod(rest, 60 * NANOSECONDS)
        seconds, fraction = divmod(rest, NANOSECONDS)
        time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        if seconds or fraction:
            time += f"{seconds}{_fraction_text(fraction)}S"
        text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
        return f"{'-' if self.ns < 0 else ''}P{text or 'T0S'}"

    def __repr__(self) -> str:
        return f"Days({self})"

    def __eq__(self, other: object) -> bool:
        return type(other) is Days and self.ns == other.ns

    def __hash__(self) -> int:
        return hash(self.ns)


class Months:
    """A years and months duration, in months."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        if abs(count) > LONGEST_MONTHS:
            raise Fault("时长太长", "the duration is too long")
        self.count = count

    def key(self) -> int:
        """What orders them."""
        return self.count

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.count < 0 else ''}P{text}"

    def __repr__(self) -> str:
        return f"Months({self})"

    def __eq__(self, other: object) -> bool:
        return type(other) is Months and self.count == other.count

    def __hash__(self) -> int:
        return hash(self.count)
