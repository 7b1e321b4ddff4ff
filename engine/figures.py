"""How much stands open: the few numbers that a monitor watches, each from an index."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.tables import OPEN_STATES, Case, Incident, Task, Timer


def figures(session: Session, now: datetime) -> dict[str, int]:
    """Open tasks, late ones, running cases, incidents, timers that wait and timers that should have fired."""
    open_task = Task.state.in_(OPEN_STATES)
    questions = {
        "open_tasks": select(func.count()).where(open_task),
        "late_tasks": select(func.count()).where(open_task, Task.due_at <= now),
        "running_cases": select(func.count()).where(Case.ended_at.is_(None)),
        "open_incidents": select(func.count()).where(Incident.state == "open"),
        "waiting_timers": select(func.count()).where(Timer.due_at > now, ~Timer.stopped),
        "due_timers": select(func.count()).where(Timer.due_at <= now, ~Timer.stopped),
    }
    return {kind: session.scalar(question) or 0 for kind, question in questions.items()}
