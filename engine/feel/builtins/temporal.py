"""Built-ins on dates, and the clock."""

from decimal import Decimal

from engine.feel.builtins.conversion import date_of
from engine.feel.builtins.signatures import builtin
from engine.feel.incoming import date_time
from engine.feel.runtime import Runtime
from engine.feel.temporal import Date, DateTime, days_from_civil, month_length

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("day of year(date: date|date and time)")
def day_of_year(runtime: Runtime, value: Date | DateTime) -> Decimal:
    """1 to 366."""
    day = date_of(value)
    return Decimal(day.days - days_from_civil(day.year, 1, 1) + 1)


@builtin("day of week(date: date|date and time)")
def day_of_week(runtime: Runtime, value: Date | DateTime) -> str:
    """"Monday" to "Sunday"."""
    return _WEEKDAYS[date_of(value).weekday - 1]


@builtin("month of year(date: date|date and time)")
def month_of_year(runtime: Runtime, value: Date | DateTime) -> str:
    """"January" to "December"."""
    return _MONTHS[date_of(value).month - 1]


@builtin("week of year(date: date|date and time)")
def week_of_year(runtime: Runtime, value: Date | DateTime) -> Decimal:
    """The ISO week."""
    day = date_of(value)
    thursday = Date.of(day.days - day.weekday + 4)
    return Decimal((thursday.days - days_from_civil(thursday.year, 1, 1)) // 7 + 1)


@builtin("last day of month(date: date|date and time)")
def last_day_of_month(runtime: Runtime, value: Date | DateTime) -> Date:
    """The last day of the month it lies in."""
    day = date_of(value)
    return Date(day.year, day.month, month_length(day.year, day.month))


@builtin("now()")
def now(runtime: Runtime) -> DateTime:
    """The one instant of this evaluation."""
    return date_time(runtime.now)


@builtin("today()")
def today(runtime: Runtime) -> Date:
    """Its day."""
    return date_time(runtime.now).date
