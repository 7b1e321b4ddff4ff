"""Acts on tasks: claim, release, assign, postpone, complete; each once, each with its refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import drafts, duties, history, incidents, messages, projection, submissions
from engine.actor import Actor
from engine.engine import Engine, Happened
from engine.errors import AlreadyDone, Conflict, InvalidData, NotAllowed, NotFound, Stale, WrongState
from engine.tables import OPEN_STATES, Case, SubmissionRow, Task
from engine.turn import check_not_suspended, locked_case, turn, writing
from engine.words import Text


@dataclass(frozen=True)
class Outcome:
    """Where a case stands after an act: the case and its open tasks."""

    case: Case
    open_tasks: list[Task]


def get(session: Session, engine: Engine, actor: Actor, task_id: int) -> Task:
    """A task that this person may see."""
    task = session.get(Task, task_id)
    if task is None or not engine.rights.sees(session, actor, task):
        raise NotFound
    return task


def open_of_case(session: Session, case_id: int) -> list[Task]:
    """The open tasks of a case, oldest first."""
    query = select(Task).where(Task.case_id == case_id, Task.state.in_(OPEN_STATES)).order_by(Task.id)
    return list(session.scalars(query))


# -- refusals ------------------------------------------------------------------------------------


def _finished_by(session: Session, task: Task) -> AlreadyDone:
    """What the late-comer is told."""
    entered = session.scalars(
        select(SubmissionRow.data).where(SubmissionRow.task_id == task.id).order_by(SubmissionRow.id.desc()).limit(1)
    ).one_or_none()
    at = task.completed_at or task.changed_at
    return AlreadyDone(
        Text(f"{task.completed_by} 已在 {at:%H:%M} 完成这一步", f"{task.completed_by} finished this step at {at:%H:%M}"),
        task.completed_by, at, entered,
    )  # fmt: skip


def check_open(session: Session, task: Task) -> None:
    """Raise unless the task can still be done."""
    if task.state == "completed":
        raise _finished_by(session, task)
    if task.state == "cancelled":
        raise WrongState(Text("这一步已经不需要办了", "This step is no longer needed"))


def check_may(engine: Engine, session: Session, actor: Actor, act: str, task: Task) -> None:
    """Raise unless the act is this person's."""
    if (why := engine.rights.refusal(session, actor, act, task)) is not None:
        raise NotAllowed(why)
    if act in ("claim", "complete") and (why := duties.refusal(session, actor, task)) is not None:
        raise NotAllowed(why)


def check_version(task: Task, version: int | None) -> None:
    """Raise when the page was made from an older version of the task."""
    if version is not None and version != task.version:
        who, at = task.changed_by or "", task.changed_at
        raise Stale(
            Text(f"这件任务在 {at:%H:%M} 由 {who} 改动过", f"{who} changed this task at {at:%H:%M}"), task.version, who, at
        )


def _check_mine(task: Task, actor: Actor) -> None:
    if task.assignee and task.assignee != actor.username:
        at = task.changed_at
        raise Conflict(Text(f"{task.assignee} 已在 {at:%H:%M} 认领", f"{task.assignee} claimed it at {at:%H:%M}"))


# -- acts ----------------------------------------------------------------------------------------


def claim(engine: Engine, actor: Actor, task_id: int, version: int | None = None) -> Task:
    """Take an open task of one's group; claiming what is mine already changes nothing."""
    with writing(engine) as session:
        task, case = _locked(engine, session, actor, task_id)
        check_open(session, task)
        if task.assignee == actor.username:
            return task
        _check_mine(task, actor)
        check_may(engine, session, actor, "claim", task)
        check_version(task, version)
        _hand(engine, session, actor, case, task, actor.username, "claimed")
    messages.opened_by_act(engine, actor, task)
    return task


def unclaim(engine: Engine, actor: Actor, task_id: int, version: int | None = None) -> Task:
    """Release: give a task back to its group."""
    with writing(engine) as session:
        task, case = _locked(engine, session, actor, task_id)
        check_open(session, task)
        check_may(engine, session, actor, "unclaim", task)
        check_version(task, version)
        if task.assignee is None:
            raise WrongState(Text("没有人认领这件任务", "Nobody has claimed this task"))
        _hand(engine, session, actor, case, task, None, "released")
        return task


def assign(engine: Engine, actor: Actor, task_id: int, assignee: str, version: int | None = None) -> Task:
    """Give a task to somebody who may do it."""
    with writing(engine) as session:
        task, case = _locked(engine, session, actor, task_id)
        check_open(session, task)
        check_may(engine, session, actor, "assign", task)
        check_version(task, version)
        able = engine.directory.holders(session, frozenset(task.candidate_roles), task.org_unit or "", task.position)
        if assignee not in able:
            raise InvalidData({"assignee": [Text("这个人办不了这件任务", "This person cannot do this task")]})
        if assignee in duties.doers(session, task.case_id, task.not_same_person_as).values():
            raise InvalidData({"assignee": [Text("这个人办过前面的步骤，不能办这一步", "This person did an earlier step and may not do this one")]})
        _hand(engine, session, actor, case, task, assignee, "assigned")
        return task


def postpone(engine: Engine, actor: Actor, task_id: int, until: datetime | None) -> Task:
    """Hide a task from today's list until then; None brings it back."""
    with writing(engine) as session:
        task, case = _locked(engine, session, actor, task_id)
        check_open(session, task)
        check_may(engine, session, actor, "postpone", task)
        if until is not None and until <= engine.clock.now():
            raise InvalidData({"until": [Text("推迟到以后的时间", "Postpone to a time to come")]})
        task.follow_up_at = until
        _changed(engine, session, actor, case, task, "postponed", {"until": until.isoformat() if until else None})
        return task


def unclaim_all(engine: Engine, actor: Actor, username: str) -> int:
    """A leaver's tasks go back to their groups; how many there were."""
    with writing(engine) as session:
        mine = session.scalars(select(Task).where(Task.assignee == username, Task.state.in_(OPEN_STATES))).all()
        for task in mine:
            _hand(engine, session, actor, locked_case(session, task.case_id), task, None, "released")
        return len(mine)


def complete(engine: Engine, actor: Actor, task_id: int, data: Mapping[str, Any], version: int | None = None) -> Outcome:
    """Finish a task with what its form brought; it happens once.

    The same person with the same data gets the same answer again; anybody else `AlreadyDone`.
    """
    case_id = _case_of(engine, actor, task_id)
    command = {"act": "complete", "task_id": task_id, "data": dict(data)}
    with turn(engine, actor, case_id, command) as at:
        task = at.session.scalars(select(Task).where(Task.id == task_id).execution_options(populate_existing=True)).one()
        if task.state == "completed" and _same_again(at.session, actor, task, data):
            at.unchanged = True
        else:
            check_open(at.session, task)
            check_may(engine, at.session, actor, "complete", task)
            _check_mine(task, actor)
            check_version(task, version)
            _finish(at, task, data)
    messages.release(engine)
    return as_it_stands(engine, actor, case_id)


def complete_again(engine: Engine, actor: Actor, command: dict[str, Any]) -> None:
    """The command of an incident once more: its rights were checked when it was given."""
    with engine.database.reading() as session:
        case_id = session.get_one(Task, command["task_id"]).case_id
    with turn(engine, actor, case_id, command) as at:
        task = at.session.get_one(Task, command["task_id"])
        check_open(at.session, task)
        _finish(at, task, command["data"])
    messages.release(engine)


def _finish(at: Any, task: Task, data: Mapping[str, Any]) -> None:
    check_not_suspended(at.case)
    token = at.workflow.find(task.token_id)
    if token is None or token not in at.workflow.ready():
        raise WrongState(Text("这一步已经不在办理中", "This step is not being worked on any more"))
    kept = submissions.take(at, task, task.element_id, task.form_key, data)
    at.execution.set(task.element_id, kept)
    at.submissions[task.token_id] = kept
    task.state, task.completed_by, task.completed_at = "completed", at.actor.username, at.at
    task.changed_at, task.changed_by, task.version = at.at, at.actor.username, task.version + 1
    projection.unscope(at.session, task.id)
    drafts.drop(at.session, f"task/{task.id}")
    incidents.resolve_for(at.session, at.case.id, {"act": "complete", "task_id": task.id}, at.actor.username, at.at)
    at.session.flush()
    token.run()
    at.engine.tell(at.session, Happened("task_completed", at.at, at.actor.username, at.case, task, kept))


def _case_of(engine: Engine, actor: Actor, task_id: int) -> int:
    with engine.database.reading() as session:
        return get(session, engine, actor, task_id).case_id


def _same_again(session: Session, actor: Actor, task: Task, data: Mapping[str, Any]) -> bool:
    kept = session.scalars(select(SubmissionRow.digest).where(SubmissionRow.task_id == task.id)).first()
    return task.completed_by == actor.username and kept == submissions.digest(data)


def as_it_stands(engine: Engine, actor: Actor, case_id: int) -> Outcome:
    """The case with those of its open tasks that this person may see."""
    with engine.database.reading() as session:
        seen = [task for task in open_of_case(session, case_id) if engine.rights.sees(session, actor, task)]
        outcome = Outcome(session.get_one(Case, case_id), seen)
        session.expunge_all()
        return outcome


def _locked(engine: Engine, session: Session, actor: Actor, task_id: int) -> tuple[Task, Case]:
    task = get(session, engine, actor, task_id)
    case = locked_case(session, task.case_id)
    session.refresh(task)
    return task, case


def _hand(engine: Engine, session: Session, actor: Actor, case: Case, task: Task, to: str | None, event: str) -> None:
    before, task.assignee, task.state = task.assignee, to, "claimed" if to else "open"
    _changed(engine, session, actor, case, task, event, {"assignee": to, "from": before})
    projection.rescope(engine, session, task)


def _changed(engine: Engine, session: Session, actor: Actor, case: Case, task: Task, event: str, data: dict[str, Any]) -> None:
    now = engine.clock.now()
    task.changed_at, task.changed_by, task.version = now, actor.username, task.version + 1
    history.append_to_case(session, case, now, [history.about_task(event, actor.username, task, data)])
    case.changed_at = now
    session.flush()
    engine.tell(session, Happened(event, now, actor.username, case, task, data))
