"""Tasks as rows of a list: what is to do, where, why it is here, how late, with whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine import calendar
from engine.actor import Actor
from engine.calendar import Calendar
from engine.inbox import TaskRow
from engine.lateness import plural
from engine.tables import Case, Task
from engine.words import Text
from housing import finding, people
from housing.hazards import CATEGORIES, Hazard
from webapp.pages import dates
from webapp.pages.deadline import Deadline, deadline

NOTHING = Text("", "")
ME, NOBODY = Text("我", "me"), Text("未认领", "nobody yet")
LONGEST_TITLE = 46
ENDS = "。；;.\n"
PAUSES = {
    "access": Text("住户不让进门", "access is refused"),
    "verification": Text("正在复查", "being verified"),
}


@dataclass(frozen=True)
class Row:
    """One task as a list shows it."""

    id: int
    version: int
    case_id: int
    name: Text
    title: Text
    place: Text
    number: str
    why: Text
    severity: str | None
    deadline: Deadline
    holder: Text
    group: str


@dataclass(frozen=True)
class Group:
    """Rows that are due in the same stretch of time."""

    name: Text
    rows: list[Row]
    hot: bool = False
    folded: bool = False


GROUPS = (
    ("late", Text("逾期", "Late")), ("today", Text("今天", "Today")), ("week", Text("本周", "This week")),
    ("waiting", Text("等待他人", "Waiting for others")), ("later", Text("以后到期", "Due later")),
    ("done", Text("已办", "Done")),
)


@dataclass(frozen=True)
class Places:
    """What the registers know of many cases at once: their hazards, and the names of projects."""

    hazards: dict[int, Hazard]
    projects: dict[int, Text]

    def title(self, case: Case) -> Text:
        """What the matter is, in a few words: the report's own, else the case's title."""
        hazard = self.hazards.get(case.id)
        if hazard is None:
            return Text(case.title, case.title_en or case.title)
        words = short(hazard.description)
        return Text(words, words) if words else CATEGORIES.get(hazard.category, NOTHING)

    def place(self, case: Case) -> Text:
        """Project and part."""
        hazard = self.hazards.get(case.id)
        if hazard is None:
            return NOTHING
        project = self.projects.get(hazard.project_id, NOTHING)
        return Text(f"{project.zh} {hazard.part}".strip(), f"{project.en}, {hazard.part}".strip(", "))


def places(session: Session, case_ids: Iterable[int]) -> Places:
    """The places of these cases."""
    hazards = finding.hazards_of_cases(session, case_ids)
    projects = finding.projects_by_id(session, (hazard.project_id for hazard in hazards.values()))
    return Places(hazards, {key: project.name for key, project in projects.items()})


def short(text: str) -> str:
    """The first sentence, at most so long that it stands on one line."""
    first = text.strip()
    for end in ENDS:
        first = first.split(end)[0]
    return first if len(first) <= LONGEST_TITLE else first[:LONGEST_TITLE].rstrip("，,、 ") + "…"


def rows(session: Session, items: Sequence[TaskRow], actor: Actor, now: datetime) -> list[Row]:
    """The rows of a page of tasks."""
    known = places(session, {item.case.id for item in items})
    names = people.names(session, (item.task.assignee for item in items))
    days = calendar.read(session)
    return [_row(item, known, names, days, actor, now) for item in items]


def _row(
    item: TaskRow, known: Places, names: dict[str, Text], days: Calendar, actor: Actor, now: datetime,
) -> Row:
    task, case = item.task, item.case
    due = deadline_of(days, task, case, now)
    return Row(
        task.id, task.version, case.id, Text(task.name, task.name_en or task.name), known.title(case), known.place(case),
        case.business_key or "", why_here(task, now), case.severity, due, holder(task, actor, names), group_of(task, due, now),
    )


def deadline_of(days: Calendar, task: Task, case: Case, now: datetime) -> Deadline:
    """A task's deadline, paused where its case's clock is."""
    return deadline(days, task.due_at, task.due_basis, now, paused=pause_of(task, case), done_at=task.completed_at,
                    started_at=task.created_at)


def pause_of(task: Task, case: Case) -> Text | None:
    """Why the clock of this task stands still; only deadlines that go by the case's own clock do."""
    cause: Any = (case.variables or {}).get("clock_paused")
    goes_by_it = "due_at" in str((task.due_basis or {}).get("expression", ""))
    if not cause or not goes_by_it or task.completed_at is not None:
        return None
    return pause_words(cause)


def pause_words(cause: Any) -> Text:
    """A cause as the process notes it, in words."""
    return next((words for key, words in PAUSES.items() if key in str(cause).lower()), Text(str(cause), str(cause)))


def holder(task: Task, actor: Actor, names: dict[str, Text]) -> Text:
    """With whom it is."""
    if task.assignee == actor.username:
        return ME
    return names.get(task.assignee or "", NOBODY) if task.assignee else NOBODY


def why_here(task: Task, now: datetime) -> Text:
    """Why it stands in the list: since when, and how long one has for it."""
    if task.completed_at is not None:
        done = dates.moment(task.completed_at, now.date())
        return Text(f"{done.zh} 办完", f"done {done.en}")
    if task.follow_up_at is not None and task.follow_up_at > now:
        again = dates.day(task.follow_up_at.date(), now.date())
        return Text(f"{again.zh}再看", f"look again on {again.en}")
    came = dates.moment(task.created_at, now.date())
    span = _span(task)
    if task.element_id.startswith("escalation_"):
        return Text(f"整改逾期，{came.zh} 自动升级{span.zh}", f"moved up by itself {came.en}{span.en}")
    return Text(f"{came.zh} 收到{span.zh}", f"came {came.en}{span.en}")


def _span(task: Task) -> Text:
    sums = (task.due_basis or {}).get("sums") or []
    if not sums:
        return NOTHING
    number, unit = sums[-1].get("n"), sums[-1].get("function")
    if unit == "hours":
        return Text(f"，须 {number} 小时内办", f"; {plural(int(number), 'hour')} to do it")
    return Text(f"，{number} 个工作日内办", f"; {plural(int(number), 'working day')} to do it")


def group_of(task: Task, due: Deadline, now: datetime) -> str:
    """The stretch of time in which a row stands."""
    if task.completed_at is not None:
        return "done"
    if due.lateness.state == "wait" or (task.follow_up_at is not None and task.follow_up_at > now):
        return "waiting"
    if due.lateness.state == "over":
        return "late"
    if task.due_at is None:
        return "later"
    last, today = dates.last_day(task.due_at), now.date()
    if last <= today:
        return "today"
    return "week" if last <= today + timedelta(days=6 - today.weekday()) else "later"


def grouped(found: Sequence[Row]) -> list[Group]:
    """The rows by when, in the order in which a day is worked through."""
    made = []
    for key, name in GROUPS:
        members = [row for row in found if row.group == key]
        if members:
            made.append(Group(name, members, hot=key == "late", folded=key == "later" and len(members) < len(found)))
    return made


def most_urgent(found: list[Row]) -> list[Row]:
    """Late ones by level and days, then what is left of today, then by date."""
    order = {key: place for place, (key, _) in enumerate(GROUPS)}
    return sorted(found, key=lambda row: (order[row.group], -int((row.severity or "L0")[1:]) if row.group == "late" else 0))
