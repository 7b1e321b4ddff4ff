"""A case's history as plain sentences in both languages: what happened, who did it, and the main points of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from engine.clock import TZ
from engine.tables import History
from engine.words import Text
from webapp.pages import dates, phrases

SYSTEM = ("system", "machine")
QUIET_TYPES = frozenset({
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "sequenceFlow", "scriptTask",
})


@dataclass(frozen=True)
class Sentence:
    """One moment of the timeline; `mood` is "", "over" or "now", `main` whether it stands among the main points."""

    at: datetime
    text: Text
    icon: str
    main: bool
    mood: str = ""
    note: Text | None = None
    element_id: str | None = None

    @property
    def clock(self) -> str:
        return dates.clock(self.at)


@dataclass(frozen=True)
class Day:
    """The moments of one day, newest first."""

    title: Text
    sentences: list[Sentence]


Names = Mapping[str, Text]
ACTS: dict[str, tuple[Text, str, bool]] = {
    "case_started": (Text("{who}上报并立案。", "{who} reported it and the case began."), "warning", True),
    "case_completed": (Text("案件办结。", "The case is finished."), "tick", True),
    "case_cancelled": (Text("{who}停办了案件：{reason}", "{who} stopped the case: {reason}"), "cross", True),
    "case_suspended": (Text("{who}暂停了案件。", "{who} suspended the case."), "pause", True),
    "case_resumed": (Text("{who}恢复了案件。", "{who} resumed the case."), "play", True),
    "claimed": (Text("{who}认领了“{name}”。", '{who} claimed "{name}".'), "hand", False),
    "unclaimed": (Text("{who}把“{name}”放回组内。", '{who} put "{name}" back to the group.'), "undo", False),
    "assigned": (Text("{who}把“{name}”分派给{assignee}。", '{who} assigned "{name}" to {assignee}.'), "people", False),
    "postponed": (Text("{who}推迟“{name}”，到 {until} 再看。", '{who} put "{name}" off until {until}.'), "clock", False),
    "message": (Text("{who}送来“{name}”。", '{who} sent "{name}".'), "message", True),
    "deadline_changed": (Text("“{name}”的期限因日历更改重新计算。", 'The deadline of "{name}" was computed anew because the calendar changed.'), "calendar", True),
    "commented": (Text("{who}留言。", "{who} commented."), "comment", False),
    "attached": (Text("{who}添加了文件。", "{who} added a file."), "clip", False),
    "incident": (Text("系统没能走下去，已转运维处理。", "The system could not go on; operations were told."), "alert", True),
    "incident_resolved": (Text("故障已排除，案件继续。", "The fault is cleared and the case goes on."), "retry", True),
}
SYNONYMS = {
    "released": "unclaimed",
    "deadline_replanned": "deadline_changed",
}


def sentences(rows: Iterable[History], names: Names, me: str = "") -> list[Sentence]:
    """The rows told one by one, oldest first; what says nothing to people is left out."""
    told = [_told(row, names, me) for row in rows]
    return [one for one in told if one is not None]


def by_day(told: Iterable[Sentence], today: date) -> list[Day]:
    """Newest day first, newest moment first."""
    newest = sorted(told, key=lambda one: one.at, reverse=True)
    days = groupby(newest, key=lambda one: one.at.astimezone(TZ).date())
    return [Day(_title(day, today), list(moments)) for day, moments in days]


def _title(day: date, today: date) -> Text:
    words = dates.long_day(day, today)
    return Text(f"今天，{words.zh}", f"Today, {words.en}") if day == today else words


def _told(row: History, names: Names, me: str) -> Sentence | None:
    if row.event in ("entered", "left", "cancelled") and row.element_type:
        return _element(row, names, me)
    act = ACTS.get(SYNONYMS.get(row.event, row.event))
    if act is None:
        return None
    text, icon, main = act
    return Sentence(row.at, _filled(text, row, names, me), icon, main, element_id=row.element_id)


def _element(row: History, names: Names, me: str) -> Sentence | None:
    teller = TELLERS.get(row.element_type or "", _event)
    return None if row.element_type in QUIET_TYPES else teller(row, names, me)


def _user_task(row: History, names: Names, me: str) -> Sentence:
    element = row.element_id or ""
    if row.event == "left":
        data = (row.data or {}).get("submission") or {}
        phrase = phrases.LEFT.get(element)
        text = phrase(data) if phrase else Text("{who}完成了“{name}”。", '{who} completed "{name}".')
        return Sentence(row.at, _filled(text, row, names, me), phrases.ICONS.get(element, "tick"), True, element_id=element)
    if row.event == "cancelled":
        return _plain(row, names, me, Text("“{name}”不再需要。", '"{name}" is no longer needed.'), "minus")
    if element in phrases.LADDER:
        return _raised(row, phrases.LADDER[element])
    return _plain(row, names, me, Text("“{name}”等待办理。", '"{name}" waits to be done.'), "person")


def _raised(row: History, step: Text) -> Sentence:
    late = row.element_id != "escalation_e0"
    text = Text(f"自动升级到 {step.zh}。", f"Moved up by itself to {step.en}.") if late else Text(f"{step.zh}。", f"{step.en}.")
    return Sentence(row.at, text, "flag" if late else "bell", True, "over" if late else "", element_id=row.element_id)


def _rule(row: History, names: Names, me: str) -> Sentence | None:
    if row.event != "left":
        return None
    return _plain(row, names, me, Text("按规则完成“{name}”。", 'Decided by rule: "{name}".'), "table")


def _service(row: History, names: Names, me: str) -> Sentence | None:
    if row.event != "left":
        return None
    return _plain(row, names, me, Text("系统完成“{name}”。", 'The system did "{name}".'), "gear")


def _start(row: History, names: Names, me: str) -> Sentence | None:
    data = (row.data or {}).get("submission")
    if row.event != "left" or not data:
        return None
    text = Text("{who}填报并立案。", "{who} reported it; the case began.")
    return Sentence(row.at, _filled(text, row, names, me), "warning", True, element_id=row.element_id)


def _event(row: History, names: Names, me: str) -> Sentence | None:
    """Events and sub-processes: only what the journey has words for is a main point."""
    if row.event != "left":
        return None
    known = phrases.EVENTS.get(row.element_id or "")
    if known is not None:
        icon = phrases.ICONS.get(row.element_id or "", "message")
        return Sentence(row.at, _filled(known, row, names, me), icon, True, element_id=row.element_id)
    if row.element_type == "subProcess":
        return _plain(row, names, me, Text("“{name}”结束。", '"{name}" is over.'), "subprocess")
    return _plain(row, names, me, Text("到了“{name}”。", 'Reached "{name}".'), "ring")


def _plain(row: History, names: Names, me: str, text: Text, icon: str) -> Sentence:
    return Sentence(row.at, _filled(text, row, names, me), icon, False, element_id=row.element_id)


def _filled(text: Text, row: History, names: Names, me: str) -> Text:
    who = _who(row.actor, names, me)
    data = row.data if isinstance(row.data, Mapping) else {}
    zh_name = (row.element_name or row.element_id or "").replace("\n", "")
    en_name = (row.element_name_en or row.element_name or row.element_id or "").replace("\n", " ")
    to = names.get(str(data.get("assignee") or ""), Text(str(data.get("assignee") or ""), str(data.get("assignee") or "")))
    until = _day_of(data.get("until") or data.get("follow_up_at"))
    reason = str(data.get("reason") or "")
    zh = {"who": who.zh, "name": zh_name, "assignee": to.zh, "until": until.zh, "reason": reason}
    en = {"who": who.en, "name": en_name, "assignee": to.en, "until": until.en, "reason": reason}
    return Text(_put(text.zh, zh), _upper(_put(text.en, en)))


def _put(text: str, values: Mapping[str, str]) -> str:
    """Only our own marks are filled: what people wrote may hold braces."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _who(actor: str, names: Names, me: str) -> Text:
    if me and actor == me:
        return Text("您", "you")
    if actor in SYSTEM:
        return Text("系统", "the system")
    return names.get(actor, Text(actor, actor))


def _day_of(value: Any) -> Text:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return Text("", "")
    return dates.day(at.astimezone(TZ).date() if at.tzinfo else at.date())


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


Teller = Callable[[History, Names, str], Sentence | None]
TELLERS: dict[str, Teller] = {
    "userTask": _user_task, "manualTask": _user_task, "businessRuleTask": _rule, "serviceTask": _service,
    "sendTask": _service, "startEvent": _start,
}
