"""Lateness as a state, a shape and words: the template only looks them up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from engine.words import Text

SOON = timedelta(hours=4)
IN_DAYS = timedelta(hours=48)
SHAPES = {"over": "flag", "today": "half", "soon": "half", "ok": "ring", "wait": "bars", "done": "tick"}


@dataclass(frozen=True)
class Lateness:
    """`state` is over, today, soon, ok, wait or done; `late` says of something done that it was too late."""

    state: str
    words: Text
    late: bool = False

    @property
    def shape(self) -> str:
        """The sign beside the words: flag, half disc, ring, two bars or tick."""
        return "flag" if self.late else SHAPES[self.state]


def units(basis: Mapping[str, Any] | str | None) -> str | None:
    """"hours" or "working_days", as a deadline's basis says; None when it does not."""
    if isinstance(basis, str):
        return "hours" if basis == "hours" else "working_days"
    if not basis:
        return None
    sums = basis.get("sums") or []
    function = basis.get("function") or (sums[-1].get("function") if sums else None)
    return function if function in ("hours", "working_days") else None


def working_days_late(between: Callable[[date, date], int], due: datetime, at: datetime, *, done: bool) -> Lateness:
    """A duty that ends at 24:00 of a working day, seen at `at`."""
    last, today = (due - timedelta(microseconds=1)).date(), at.date()
    if at >= due:
        days = between(last, today)
        late = Text(f"{days} 个工作日", f"{plural(days, 'working day')} late") if days else Text(
            "不到 1 个工作日", "less than 1 working day late")
        return _too_late(late, done)
    if done:
        return Lateness("done", Text("按时完成", "Done in time"))
    if last == today:
        return Lateness("today", Text("今天到期", "Due today"))
    days = between(today, last)
    if days:
        return Lateness("ok", Text(f"剩 {days} 个工作日", f"{plural(days, 'working day')} left"))
    days = (last - today).days
    return Lateness("ok", Text(f"剩 {days} 天", f"{plural(days, 'day')} left"))


def hours_late(due: datetime, at: datetime, *, done: bool, started: datetime | None) -> Lateness:
    """A duty by the clock, seen at `at`."""
    if at >= due:
        span = length(at - due)
        return _too_late(Text(span.zh, f"{span.en} late"), done)
    if done and started is not None:
        span = length(at - started)
        return Lateness("done", Text(f"用 {span.zh}", f"took {span.en}"))
    if done:
        return Lateness("done", Text("按时完成", "Done in time"))
    span = length(due - at)
    words = Text(f"还剩 {span.zh}", f"{span.en} left")
    if due - at < SOON:
        return Lateness("soon", words)
    return Lateness("today" if (due - timedelta(microseconds=1)).date() == at.date() else "ok", words)


def length(span: timedelta) -> Text:
    """A length of time as people say it: minutes, hours and minutes, or days."""
    if span >= IN_DAYS:
        return Text(f"{span.days} 天", plural(span.days, "day"))
    hours, minutes = divmod(max(int(span.total_seconds()), 0) // 60, 60)
    if not hours:
        return Text(f"{minutes} 分钟", f"{minutes} min") if minutes else Text("不到 1 分钟", "less than 1 min")
    if not minutes:
        return Text(f"{hours} 小时", f"{hours} h")
    return Text(f"{hours} 小时 {minutes} 分", f"{hours} h {minutes} min")


def plural(count: int, word: str) -> str:
    """`1 day`, `2 days`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _too_late(late: Text, done: bool) -> Lateness:
    if done:
        return Lateness("done", Text(f"晚 {late.zh}" if late.zh[0].isdigit() else f"晚{late.zh}", late.en), late=True)
    sentence = late.en[0].upper() + late.en[1:]
    return Lateness("over", Text(f"逾期 {late.zh}" if late.zh[0].isdigit() else f"逾期{late.zh}", sentence))
