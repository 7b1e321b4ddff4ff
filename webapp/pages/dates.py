"""Days and times as sentences need them, in both languages at once."""

from datetime import date, datetime, time, timedelta

from engine.clock import TZ
from engine.words import Text

WEEKDAYS = tuple(zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
               "November", "December")
TODAY = Text("今天", "today")


def day(of: date, today: date | None = None) -> Text:
    """`11月25日` / `25 Nov`; with the year when it is not this one."""
    year = Text(f"{of.year}年", f" {of.year}") if today is not None and of.year != today.year else Text("", "")
    return Text(f"{year.zh}{of.month}月{of.day}日", f"{of.day} {MONTHS[of.month - 1]}{year.en}")


def long_day(of: date, today: date | None = None) -> Text:
    """`11月25日 周三` / `Wed 25 November`, for headings."""
    zh, en = WEEKDAYS[of.weekday()]
    year = Text(f"{of.year}年", f" {of.year}") if today is not None and of.year != today.year else Text("", "")
    return Text(f"{year.zh}{of.month}月{of.day}日 周{zh}", f"{en} {of.day} {LONG_MONTHS[of.month - 1]}{year.en}")


def clock(at: datetime) -> str:
    """`09:47`."""
    return f"{at.astimezone(TZ):%H:%M}"


def last_day(due: datetime) -> date:
    """The day on which something due ends: midnight belongs to the day before it."""
    return (due.astimezone(TZ) - timedelta(microseconds=1)).date()


def end(due: datetime, today: date) -> Text:
    """When a deadline ends: `11月25日 24:00`, `今天 11:10` / `25 Nov, 24:00`, `today 11:10`."""
    local = due.astimezone(TZ)
    last = last_day(due)
    hour = "24:00" if local.time() == time(0) else clock(local)
    if last == today:
        return Text(f"今天 {hour}", f"today {hour}")
    words = day(last, today)
    return Text(f"{words.zh} {hour}", f"{words.en}, {hour}")


def by(due: datetime, today: date) -> Text:
    """`11月25日 周三 24:00 前` / `by Wed 25 Nov, 24:00`."""
    zh, en = WEEKDAYS[last_day(due).weekday()]
    words, last = day(last_day(due), today), due.astimezone(TZ)
    hour = "24:00" if last.time() == time(0) else clock(last)
    return Text(f"{words.zh} 周{zh} {hour} 前", f"by {en} {words.en}, {hour}")


def moment(at: datetime, today: date) -> Text:
    """`今天 09:47`, `11月5日 14:12` / `today 09:47`, `5 Nov 14:12`."""
    local = at.astimezone(TZ)
    words = TODAY if local.date() == today else day(local.date(), today)
    return Text(f"{words.zh} {clock(local)}", f"{words.en} {clock(local)}")


def on_day(of: date, today: date) -> Text:
    """`11月5日` / `5 November`, to open a paragraph with; today stays `今天` / `Today`."""
    if of == today:
        return Text("今天", "Today")
    year = Text(f"{of.year}年", f" {of.year}") if of.year != today.year else Text("", "")
    return Text(f"{year.zh}{of.month}月{of.day}日", f"{of.day} {LONG_MONTHS[of.month - 1]}{year.en}")
