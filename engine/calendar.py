"""Working days and clock hours: when something is due, how late it is, and the words for both."""

import csv
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

import holidays
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine import feel
from engine.clock import TZ
from engine.errors import EngineError
from engine.lateness import Lateness, hours_late, units, working_days_late
from engine.tables import CalendarDay, CalendarYear, Setting
from engine.words import Text

FIRST, LAST = 2015, 2027
MOST_DAYS, MOST_HOURS = 2_000, 100_000
WHOLE_YEAR = 10
REVISION = "calendar_revision"
SEED = "holidays"
WEEKEND = (Text("周六", "Saturday"), Text("周日", "Sunday"))
YES = frozenset({"1", "true", "yes", "是", "班", "上班", "working"})
NO = frozenset({"0", "false", "no", "否", "休", "放假", "holiday"})


class UnknownYear(EngineError):
    """A deadline would fall into a year whose days nobody has imported."""

    def __init__(self, year: int) -> None:
        super().__init__(Text(
            f"日历里还没有 {year} 年的工作日安排，请管理员导入",
            f"The calendar has no working days for {year} yet; an administrator must import them",
        ))
        self.year = year


@dataclass(frozen=True)
class Skipped:
    """A day that did not count, and its name."""

    day: date
    name: Text


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a line of an import."""

    line: int
    message: Text


@dataclass(frozen=True)
class Calendar:
    """The days as they stood when read; `years` says of each whether it is only provisional."""

    days: Mapping[date, tuple[bool, Text]] = field(default_factory=dict)
    years: Mapping[int, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether `day` counts; raises `UnknownYear` rather than guess."""
        if day.year not in self.years:
            raise UnknownYear(day.year)
        return self._works(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the day's year is a guess that waits for the announcement."""
        return self.years.get(day.year, True)

    def working_days(self, n: int, start: datetime) -> datetime:
        """24:00 of the n-th working day after the day of `start`, that is 00:00 of the day after it."""
        days = list(self._counted(n, start))
        return _midnight((days[-1] if days else start.astimezone(TZ).date()) + timedelta(days=1))

    def hours(self, n: float | Decimal, start: datetime) -> datetime:
        """`n` hours of the clock after `start`; holidays make no difference."""
        return (start + timedelta(seconds=float(n) * 3600)).astimezone(TZ)

    def counted(self, n: int, start: datetime) -> list[date]:
        """The n working days after the day of `start`."""
        return list(self._counted(n, start))

    def explain(self, n: int, start: datetime) -> list[Skipped]:
        """The days on the way that did not count, each with its name: how a page shows the sum."""
        first = start.astimezone(TZ).date()
        last = self.working_days(n, start).date() - timedelta(days=1)
        between = (first + timedelta(days=i) for i in range(1, (last - first).days + 1))
        return [Skipped(day, self.name_of(day)) for day in between if not self._works(day)]

    def name_of(self, day: date) -> Text:
        """The holiday's or weekend day's name; empty for a plain working day."""
        if day in self.days:
            return self.days[day][1]
        return WEEKEND[day.weekday() - 5] if day.weekday() >= 5 else Text("", "")

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie after `a` up to and including `b`; an unknown year goes by the week."""
        return sum(self._works(a + timedelta(days=i)) for i in range(1, (b - a).days + 1))

    def lateness(
        self, due_at: datetime | None, now: datetime, basis: Mapping[str, Any] | str | None = None, *,
        paused: Text | None = None, done_at: datetime | None = None, started_at: datetime | None = None,
    ) -> Lateness:
        """State and words; `basis` is what the deadline was computed from, or its unit."""
        if paused is not None and done_at is None:
            return Lateness("wait", Text(f"时钟已暂停：{paused.zh}", f"Clock paused: {paused.en}"))
        if due_at is None:
            done = done_at is not None
            return Lateness("done" if done else "ok", Text("已完成", "Done") if done else Text("没有期限", "No deadline"))
        due = due_at.astimezone(TZ)
        at = (done_at or now).astimezone(TZ)
        if _unit(basis, due) == "hours":
            return hours_late(due, at, done=done_at is not None, started=started_at)
        return working_days_late(self.working_days_between, due, at, done=done_at is not None)

    def _works(self, day: date) -> bool:
        return self.days[day][0] if day in self.days else day.weekday() < 5

    def _counted(self, n: int, start: datetime) -> Iterator[date]:
        day = start.astimezone(TZ).date()
        while n > 0:
            day += timedelta(days=1)
            if self.is_working(day):
                n -= 1
                yield day


_read: "WeakKeyDictionary[Any, tuple[Any, Calendar]]" = WeakKeyDictionary()


def read(session: Session) -> Calendar:
    """The calendar of this database: kept by the process until any process changes it."""
    pool = session.get_bind().engine.pool
    revision = session.scalar(select(Setting.value).where(Setting.key == REVISION))
    known = _read.get(pool)
    if known is None or known[0] != revision:
        known = _read[pool] = (revision, _load(session))
    return known[1]


def seed(session: Session) -> None:
    """Fill in years that are missing, and replace own guesses that have been announced since."""
    known = {year.year: year for year in session.scalars(select(CalendarYear))}
    changed = False
    for year in range(FIRST, LAST + 1):
        row = known.get(year)
        provisional = not any(day.year == year for day in _official(year, "zh_CN").weekend_workdays)
        if row is None or (row.provisional and row.source == SEED and not provisional):
            _write_year(session, year, provisional, SEED, _seed_days(year))
            changed = True
    if changed:
        _touch(session)


def import_days(session: Session, text: str, source: str = "import") -> list[RowProblem]:
    """Take lines `date,working,name[,name in English]`; with any problem nothing is changed.

    A year becomes announced when the lines carry its whole arrangement (ten days off or more).
    """
    rows, problems = _parse(text)
    known = {year.year: year.provisional for year in session.scalars(select(CalendarYear))}
    off = {day.year: sum(not works for other, (works, _) in rows.items() if other.year == day.year) for day in rows}
    for year in sorted(off):
        if year not in known and off[year] < WHOLE_YEAR:
            problems.append(RowProblem(0, Text(
                f"{year} 年还没有安排，请一次导入全年的放假和调休", f"{year} is new: import all its days off and working weekends at once",
            )))
    if problems or not rows:
        return problems or [RowProblem(0, Text("没有可导入的行", "There is no line to import"))]
    for year in off:
        if known.get(year, True) and off[year] >= WHOLE_YEAR:
            _write_year(session, year, False, source, {})
    for day, (works, name) in rows.items():
        session.merge(CalendarDay(day=day.isoformat(), is_working=works, name=_joined(name), source=source))
    _touch(session)
    return []


def functions(
    session: Session, now: datetime, trace: list[dict[str, Any]] | None = None,
) -> dict[str, Callable[..., Any]]:
    """`working_days` and `hours` as expressions call them, (n) or (n, start); each call is noted in `trace`."""

    def note(name: str, n: Decimal, start: datetime, result: datetime, skipped: list[Skipped]) -> Any:
        if trace is not None:
            trace.append({
                "function": name, "n": feel.to_plain(n), "start": start.isoformat(), "result": result.isoformat(),
                "skipped": [{"day": s.day.isoformat(), "zh": s.name.zh, "en": s.name.en} for s in skipped],
            })
        return feel.from_datetime(result)

    def working_days(n: Any, start: Any = None) -> Any:
        count = _amount(n, MOST_DAYS)
        if count != count.to_integral_value():
            raise ValueError("工作日数应是整数 / working days come in whole numbers")
        begin, calendar = _start(start, now), read(session)
        due = calendar.working_days(int(count), begin)
        return note("working_days", count, begin, due, calendar.explain(int(count), begin))

    def hours(n: Any, start: Any = None) -> Any:
        count, begin = _amount(n, MOST_HOURS), _start(start, now)
        due = begin + timedelta(seconds=float(count) * 3600)
        return note("hours", count, begin, due.astimezone(TZ), [])

    return {"working_days": working_days, "hours": hours}


def _load(session: Session) -> Calendar:
    days = {
        date.fromisoformat(row.day): (row.is_working, _split(row.name)) for row in session.scalars(select(CalendarDay))
    }
    return Calendar(days, {row.year: row.provisional for row in session.scalars(select(CalendarYear))})


def _touch(session: Session) -> None:
    session.merge(Setting(key=REVISION, value=uuid.uuid4().hex))
    session.flush()


def _write_year(session: Session, year: int, provisional: bool, source: str, days: Mapping[date, tuple[bool, Text]]) -> None:
    session.execute(delete(CalendarDay).where(CalendarDay.day.between(f"{year}-01-01", f"{year}-12-31")))
    session.merge(CalendarYear(year=year, provisional=provisional, source=source))
    session.add_all(
        CalendarDay(day=day.isoformat(), is_working=works, name=_joined(name), source=source)
        for day, (works, name) in days.items()
    )
    session.flush()


def _official(year: int, language: str) -> Any:
    return holidays.country_holidays("CN", years=[year], language=language)


def _seed_days(year: int) -> dict[date, tuple[bool, Text]]:
    zh, en = _official(year, "zh_CN"), _official(year, "en_US")
    days = {day: (False, _named(name, en[day])) for day, name in sorted(zh.items()) if day.year == year}
    for day in zh.weekend_workdays:
        if day.year == year:
            days[day] = (True, Text("调休上班", "Working day in exchange"))
    return days


def _named(zh: str, en: str) -> Text:
    if zh.startswith("休息日"):
        worked = next((part for part in zh.replace("）", " ").split() if part[:4].isdigit()), "")
        return Text(f"调休放假（{worked} 上班）", f"Day off for work on {worked}")
    return Text(zh, en.replace(" (Spring Festival)", "").replace("(observed)", "(in lieu)"))


def _joined(name: Text) -> str:
    return name.zh if name.zh == name.en else f"{name.zh} | {name.en}"


def _split(name: str) -> Text:
    zh, _, en = name.partition(" | ")
    return Text(zh, en or zh)


def _parse(text: str) -> tuple[dict[date, tuple[bool, Text]], list[RowProblem]]:
    rows: dict[date, tuple[bool, Text]] = {}
    problems: list[RowProblem] = []
    for number, row in enumerate(csv.reader(text.lstrip("\ufeff").splitlines()), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0] in ("date", "day", "日期")):
            continue
        problem = _row(cells, rows)
        if problem is not None:
            problems.append(RowProblem(number, problem))
    return rows, problems


def _row(cells: list[str], rows: dict[date, tuple[bool, Text]]) -> Text | None:
    try:
        day = date.fromisoformat(cells[0])
    except ValueError:
        return Text(f"“{cells[0]}”不是日期，请写成 2027-02-06", f"“{cells[0]}” is no date; write it as 2027-02-06")
    word = cells[1].lower() if len(cells) > 1 else ""
    if word not in YES | NO:
        return Text("第二列请写“班”或“休”", "The second column says “working” or “holiday”")
    if day in rows:
        return Text(f"{day} 写了两次", f"{day} is there twice")
    name = cells[2] if len(cells) > 2 else ""
    if len(name) > 30 or (len(cells) > 3 and len(cells[3]) > 40):
        return Text("名称太长：中文最多 30 字，英文最多 40 字母", "The name is too long: 30 characters in Chinese, 40 in English")
    default = Text("调休上班", "Working day in exchange") if word in YES else Text("放假", "Day off")
    en = cells[3] if len(cells) > 3 and cells[3] else name
    rows[day] = (word in YES, Text(name, en) if name else default)
    return None


def _amount(n: Any, most: int) -> Decimal:
    if isinstance(n, bool) or not isinstance(n, int | Decimal):
        raise ValueError("需要一个数 / needs a number")
    if not 0 <= n <= most:
        raise ValueError(f"应在 0 和 {most} 之间 / must be between 0 and {most}")
    return Decimal(n)


def _start(start: Any, now: datetime) -> datetime:
    if start is None:
        return now.astimezone(TZ)
    begin = feel.to_datetime(start)
    if begin is None:
        raise ValueError("起点应是日期时间 / the start must be a date and time")
    return begin.astimezone(TZ)


def _unit(basis: Mapping[str, Any] | str | None, due: datetime) -> str:
    found = units(basis)
    if found:
        return found
    return "working_days" if due.time() == time(0) else "hours"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), TZ)
