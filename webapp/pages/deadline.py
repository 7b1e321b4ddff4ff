"""Why a deadline stands where it stands: its sum with the days that did not count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.calendar import Calendar
from engine.lateness import Lateness
from engine.words import Text, from_data, split
from webapp.pages import dates

Line = tuple[Text, Text]


@dataclass(frozen=True)
class Deadline:
    """Lateness and its end in words; `sum` is what "Why 25 November?" opens."""

    lateness: Lateness
    end: Text | None = None
    by: Text | None = None
    question: Text | None = None
    sum: list[Line] = field(default_factory=list)
    provisional: bool = False


def deadline(
    calendar: Calendar, due: datetime | None, basis: Mapping[str, Any] | None, now: datetime, *,
    paused: Text | None = None, done_at: datetime | None = None, started_at: datetime | None = None,
) -> Deadline:
    """Everything that a page says of one deadline."""
    late = calendar.lateness(due, now, unit(basis), paused=paused, done_at=done_at, started_at=started_at)
    if due is None:
        return Deadline(late)
    today, last = now.date(), dates.last_day(due)
    words = dates.day(last, today)
    question = Text(f"为什么是 {words.zh}？", f"Why {last.day} {dates.LONG_MONTHS[last.month - 1]}?")
    return Deadline(
        late, dates.end(due, today), dates.by(due, today), question, _sum(calendar, basis, due, today, paused),
        calendar.is_provisional(last),
    )


def unit(basis: Mapping[str, Any] | None) -> str | None:
    """"hours" or "working_days", as the last sum of the deadline was made in; None where there was none."""
    sums = (basis or {}).get("sums") or []
    return str(sums[-1]["function"]) if sums else None


def _sum(calendar: Calendar, basis: Mapping[str, Any] | None, due: datetime, today: date, paused: Text | None) -> list[Line]:
    lines: list[Line] = []
    for call in (basis or {}).get("sums") or []:
        lines += _call(calendar, call, today)
    lines += [_rule(rule) for rule in (basis or {}).get("decisions") or []]
    if paused is not None:
        lines.append((Text("暂停", "Pause"), paused))
    lines += [_shift(shift, today) for shift in (basis or {}).get("shifts") or []]
    lines.append((Text("止于", "Ends"), dates.end(due, today)))
    return lines


def _call(calendar: Calendar, call: Mapping[str, Any], today: date) -> list[Line]:
    start = datetime.fromisoformat(str(call["start"]))
    if call.get("function") == "hours":
        begun = dates.moment(start, today)
        return [(Text("起算", "From"), begun),
                (Text("时长", "Time"), Text(f"{_number(call['n'])} 小时，按钟点连续计算", f"{_number(call['n'])} hours of the clock, holidays included"))]
    begun = dates.day(start.date(), today)
    lines = [(Text("起算", "From"), Text(f"{begun.zh}（当天不计）", f"{begun.en} (that day is not counted)")),
             (Text("时长", "Time"), _working_days(calendar, call, start, today))]
    skipped = call.get("skipped") or []
    return [*lines, (Text("不计", "Not counted"), _skipped(skipped, today))] if skipped else lines


def _working_days(calendar: Calendar, call: Mapping[str, Any], start: datetime, today: date) -> Text:
    count = int(call["n"])
    word = "working day" if count == 1 else "working days"
    if not 0 < count <= 5:
        return Text(f"{count} 个工作日", f"{count} {word}")
    days = [dates.day(one, today) for one in calendar.counted(count, start)]
    zh = "、".join(f"{one.zh}（{n}）" for n, one in enumerate(days, 1))
    en = ", ".join(f"{one.en} ({n})" for n, one in enumerate(days, 1))
    return Text(f"{count} 个工作日：{zh}", f"{count} {word}: {en}")


def _skipped(skipped: list[Mapping[str, Any]], today: date) -> Text:
    """Neighbouring days of one name are one stretch."""
    stretches: list[list[Any]] = []
    for one in skipped:
        at, name = date.fromisoformat(str(one["day"])), from_data(one)
        if stretches and stretches[-1][2] == name and (at - stretches[-1][1]).days == 1:
            stretches[-1][1] = at
        else:
            stretches.append([at, at, name])
    parts = [_stretch(first, last, name, today) for first, last, name in stretches]
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _stretch(first: date, last: date, name: Text, today: date) -> Text:
    a, b = dates.day(first, today), dates.day(last, today)
    span = a if first == last else Text(f"{a.zh}至{b.zh}", f"{a.en} to {b.en}")
    return Text(f"{span.zh} {name.zh}", f"{span.en} ({name.en})")


def _rule(rule: Mapping[str, Any]) -> Line:
    """The decision that gave the number, with the clause or note of the row that was hit."""
    notes = [split(str(hit.get("annotation") or "")) for hit in rule.get("rules") or [] if isinstance(hit, Mapping)]
    name = f"{rule.get('decision', '')} v{rule.get('version', '')}"
    zh, en = "；".join(note.zh for note in notes if note.zh), "; ".join(note.en for note in notes if note.en)
    return Text("规则", "Rule"), Text(f"{name}：{zh}" if zh else name, f"{name}: {en}" if en else name)


def _shift(shift: Mapping[str, Any], today: date) -> Line:
    return Text("改期", "Moved"), from_data(shift.get("why") or shift)


def _number(value: Any) -> str:
    return str(int(value)) if float(value) == int(value) else str(value)
