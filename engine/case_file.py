"""Named questions about one case that its page asks: tasks, submissions, linked cases, what it waits for."""

from collections.abc import Iterable, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.tables import OPEN_STATES, Case, CaseLink, SubmissionRow, Task


def tasks(session: Session, case_id: int) -> Sequence[Task]:
    """Every task that the case has had, oldest first."""
    return session.scalars(select(Task).where(Task.case_id == case_id).order_by(Task.created_at, Task.id)).all()


def submissions(session: Session, case_id: int) -> Sequence[SubmissionRow]:
    """What every form of the case brought, oldest first."""
    return session.scalars(select(SubmissionRow).where(SubmissionRow.case_id == case_id).order_by(SubmissionRow.id)).all()


def submission_of(session: Session, task_id: int) -> SubmissionRow | None:
    """What one task's form brought."""
    return session.scalars(select(SubmissionRow).where(SubmissionRow.task_id == task_id).order_by(SubmissionRow.id.desc())).first()


def links(session: Session, case_id: int) -> Sequence[tuple[Case, str]]:
    """The cases that belong to this one, with the kind of the link, whichever way it points."""
    query = (
        select(Case, CaseLink.kind)
        .join(CaseLink, or_(CaseLink.other_id == Case.id, CaseLink.case_id == Case.id))
        .where(or_(CaseLink.case_id == case_id, CaseLink.other_id == case_id), Case.id != case_id)
        .order_by(Case.id)
    )
    return [(case, kind) for case, kind in session.execute(query)]


def cases_by_id(session: Session, ids: Iterable[int]) -> dict[int, Case]:
    """Cases by their ids."""
    return {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(list(ids))))}


def open_tasks_of(session: Session, case_ids: Iterable[int]) -> dict[int, list[Task]]:
    """The open tasks of many cases, by case."""
    found: dict[int, list[Task]] = {}
    query = select(Task).where(Task.case_id.in_(list(case_ids)), Task.state.in_(OPEN_STATES)).order_by(Task.due_at, Task.id)
    for task in session.scalars(query):
        found.setdefault(task.case_id, []).append(task)
    return found
