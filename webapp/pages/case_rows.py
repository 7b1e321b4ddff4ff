"""Cases as rows of a list: what, where, how it stands, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine import calendar, case_file
from engine.tables import Case, Task
from engine.words import Text
from webapp.pages import dates
from webapp.pages import rows as task_rows
from webapp.pages.deadline import Deadline


@dataclass(frozen=True)
class CaseRow:
    """One case of a list."""

    id: int
    title: Text
    place: Text
    number: str
    severity: str | None
    state: str
    doing: Text | None
    deadline: Deadline | None
    when: Text


def rows(session: Session, cases: Sequence[Case], now: datetime) -> list[CaseRow]:
    """The rows of a page of cases."""
    known = task_rows.places(session, [case.id for case in cases])
    waiting = case_file.open_tasks_of(session, [case.id for case in cases])
    days = calendar.read(session)
    return [_row(case, known, waiting.get(case.id, []), days, now) for case in cases]


def _row(case: Case, known: task_rows.Places, waiting: list[Task], days: calendar.Calendar, now: datetime) -> CaseRow:
    main = [task for task in waiting if not task.element_id.startswith("escalation_")] or waiting
    first = main[0] if main else None
    when = dates.moment(case.ended_at or case.started_at, now.date())
    return CaseRow(
        case.id, known.title(case), known.place(case), case.business_key or "", case.severity, case.state,
        Text(first.name, first.name_en or first.name) if first else None,
        task_rows.deadline_of(days, first, case, now) if first and first.due_at else None,
        Text(f"{when.zh} 结束", f"ended {when.en}") if case.ended_at else Text(f"{when.zh} 开始", f"began {when.en}"),
    )


def title(session: Session, case: Case) -> Text:
    """What one case is about."""
    return task_rows.places(session, [case.id]).title(case)
