"""Open deadlines worked out anew when the calendar or a parameter changes, each change told in the history."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import calendar, projection
from engine.actor import Actor
from engine.clock import TZ
from engine.engine import Engine
from engine.history import about_task, append_to_case
from engine.tables import OPEN_STATES, Task
from engine.turn import locked_case, writing


def replan(engine: Engine, actor: Actor, reason: str) -> int:
    """Recount every open deadline that rests on working days; how many moved."""
    with writing(engine) as session:
        query = select(Task).where(Task.state.in_(OPEN_STATES), Task.due_basis.is_not(None)).order_by(Task.case_id)
        days = calendar.read(session)
        moved = [task for task in session.scalars(query) if (due := _recounted(days, task)) and _move(engine, session, actor, task, due, reason)]
        return len(moved)


def _recounted(days: calendar.Calendar, task: Task) -> datetime | None:
    """The new end, where the deadline is one plain count of working days."""
    sums = [step for step in (task.due_basis or {}).get("sums", []) if step.get("function") == "working_days"]
    if len(sums) != 1 or task.due_at is None or datetime.fromisoformat(sums[0]["result"]) != task.due_at:
        return None
    return days.working_days(int(sums[0]["n"]), datetime.fromisoformat(sums[0]["start"]).astimezone(TZ))


def _move(engine: Engine, session: Session, actor: Actor, task: Task, due: datetime, reason: str) -> bool:
    if due == task.due_at or task.due_at is None:
        return False
    case = locked_case(session, task.case_id)
    session.refresh(task)
    if task.state not in OPEN_STATES:
        return False
    before, now = task.due_at, engine.clock.now()
    basis = dict(task.due_basis or {})
    basis["sums"] = [{**step, "result": due.isoformat()} for step in basis["sums"]]
    basis["result"] = due.isoformat()
    task.due_at, task.due_basis = due, basis
    task.version, task.changed_at, task.changed_by = task.version + 1, now, actor.username
    projection.rescope(engine, session, task)
    data = {"from": before.isoformat(), "to": due.isoformat(), "reason": reason}
    append_to_case(session, case, now, [about_task("deadline_replanned", actor.username, task, data)])
    return True
