"""The inbox's questions: what is mine, what could be mine, what I may see; filtered, sorted, counted, page by page."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from engine import duties
from engine.actor import Actor
from engine.clock import TZ
from engine.engine import Engine
from engine.errors import InvalidData
from engine.tables import NO_DUE, OPEN_STATES, Case, Task, TaskBar, TaskScope
from engine.words import Text

VIEWS = ("mine", "queue", "all", "group")
SORTS = ("urgent", "due", "created", "changed", "case", "-due", "-created", "-changed")
ACTS = ("claim", "unclaim", "assign", "complete", "postpone", "comment", "attach")
COUNT_CAP = 1000


@dataclass(frozen=True)
class TaskFilters:
    """What a list is narrowed to; None means anything."""

    states: Sequence[str] = OPEN_STATES
    case_id: int | None = None
    element_id: str | None = None
    process_key: str | None = None
    org: str | None = None
    overdue: bool | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    level: str | None = None
    q: str | None = None
    assignee: str | None = None
    completed_by: str | None = None
    completed_after: datetime | None = None
    waiting: bool | None = None


@dataclass(frozen=True)
class TaskRow:
    """A task with its case."""

    task: Task
    case: Case


@dataclass(frozen=True)
class Page:
    """Some rows and where the next begin."""

    items: list[TaskRow]
    next: str | None


def page(
    session: Session, engine: Engine, actor: Actor, view: str = "mine", filters: TaskFilters | None = None,
    sort: str = "due", cursor: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """One page of a view; raises `InvalidData` for a cursor or sort that is none."""
    query = _query(session, engine, actor, view, filters or TaskFilters())
    keys, descending = _order(sort)
    if cursor:
        query = query.where(_after(keys, descending, _decode(cursor, len(keys))))
    ordering = [key.desc() if descending else key.asc() for key in keys]
    rows = [TaskRow(task, case) for task, case in session.execute(query.order_by(*ordering).limit(limit + 1))]
    more = len(rows) > limit
    items = rows[:limit]
    return Page(items, _encode(items[-1], sort) if more else None)


def counts(session: Session, engine: Engine, actor: Actor, filters: TaskFilters | None = None) -> dict[str, int]:
    """How many each view has, exact up to the cap."""
    return {view: count(session, engine, actor, view, filters) for view in ("mine", "queue", "all")}


def count(session: Session, engine: Engine, actor: Actor, view: str, filters: TaskFilters | None = None) -> int:
    """How many one view has, at most `COUNT_CAP`."""
    query = _query(session, engine, actor, view, filters or TaskFilters()).with_only_columns(Task.id).limit(COUNT_CAP)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def load(session: Session, engine: Engine, actor: Actor) -> list[tuple[str, int]]:
    """Open tasks per person among what I may see, most first."""
    base = _query(session, engine, actor, "all", TaskFilters()).with_only_columns(Task.assignee).where(Task.assignee.is_not(None))
    inner = base.subquery()
    query = select(inner.c.assignee, func.count()).group_by(inner.c.assignee).order_by(func.count().desc())
    return [(name, number) for name, number in session.execute(query)]


def _query(session: Session, engine: Engine, actor: Actor, view: str, filters: TaskFilters) -> Select[Any]:
    if view not in VIEWS:
        raise InvalidData({"view": [Text("没有这个视图", "There is no such view")]})
    both: Any = select(Task, Case)
    query: Select[Any] = both.join(Case, Case.id == Task.case_id)
    queued = Task.id.in_(select(TaskScope.task_id).where(TaskScope.scope.in_(_scopes(actor))))
    mine = Task.assignee == actor.username
    barred = exists().where(TaskBar.task_id == Task.id, TaskBar.username == actor.username)
    if filters.completed_by:
        query = query.where(Task.completed_by == filters.completed_by)
    if view == "mine":
        query = query.where(engine.rights.visible_cases(actor) if filters.completed_by else mine)
    elif view == "queue":
        query = query.where(queued, ~barred)
    elif view == "group":
        query = query.where(or_(mine, and_(queued, ~barred)))
    elif view == "all":
        query = query.where(engine.rights.visible_cases(actor))
    return _narrow(query, filters, engine.clock.now())


def _scopes(actor: Actor) -> list[str]:
    return sorted({f"{grant.role}@{grant.org_unit}" for grant in actor.grants})


def _narrow(query: Select[Any], filters: TaskFilters, now: datetime) -> Select[Any]:
    for column, value in (
        (Task.case_id, filters.case_id), (Task.element_id, filters.element_id), (Task.process_key, filters.process_key),
        (Case.severity, filters.level), (Task.assignee, filters.assignee),
    ):  # fmt: skip
        query = query if value is None else query.where(column == value)
    query = query.where(Task.state.in_(filters.states))
    if filters.org is not None:
        query = query.where(or_(Task.org_unit == filters.org, Case.org_unit == filters.org))
    if filters.overdue is not None:
        query = query.where(Task.due_at <= now if filters.overdue else or_(Task.due_at.is_(None), Task.due_at > now))
    if filters.due_before is not None:
        query = query.where(Task.due_at < filters.due_before)
    if filters.due_after is not None:
        query = query.where(Task.due_at >= filters.due_after)
    if filters.completed_after is not None:
        query = query.where(Task.completed_at >= filters.completed_after)
    if filters.waiting is not None:
        waits = Task.follow_up_at > now
        query = query.where(waits if filters.waiting else or_(Task.follow_up_at.is_(None), ~waits))
    return _search(query, filters.q) if filters.q else query


def _search(query: Select[Any], text: str) -> Select[Any]:
    for word in text.split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        columns = (Case.business_key, Case.title, Case.title_en, Task.name, Task.name_en)
        query = query.where(or_(*(column.ilike(f"%{escaped}%", escape="\\") for column in columns)))
    return query


# -- order and cursors ---------------------------------------------------------------------------


def _order(sort: str) -> tuple[list[Any], bool]:
    if sort not in SORTS:
        raise InvalidData({"sort": [Text(f"不能按“{sort}”排序", f"Lists cannot be sorted by {sort}")]})
    name = sort.removeprefix("-")
    due = func.coalesce(Task.due_at, NO_DUE, type_=Task.due_at.type)
    keys: dict[str, Any] = {
        "urgent": due, "due": due, "created": Task.created_at, "changed": Case.changed_at,
        "case": func.coalesce(Case.business_key, "", type_=String()),
    }  # fmt: skip
    return [keys[name], Task.id], sort.startswith("-") or name == "changed"


def _value(row: TaskRow, sort: str) -> str:
    name = sort.removeprefix("-")
    if name == "case":
        return row.case.business_key or ""
    values = {"created": row.task.created_at, "changed": row.case.changed_at}
    return values.get(name, row.task.due_at or NO_DUE).isoformat()


def _encode(row: TaskRow, sort: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([_value(row, sort), row.task.id]).encode()).decode()


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        assert isinstance(values, list) and len(values) == length
        assert type(values[1]) is int and 0 <= values[1] < 2**31 and isinstance(values[0], str)
        return values
    except (ValueError, AssertionError) as error:
        raise InvalidData({"cursor": [Text("这个翻页位置无效，请从头开始", "This cursor is none of ours; start over")]}) from error


def _after(keys: list[Any], descending: bool, values: list[Any]) -> Any:
    first: Any = values[0]
    if not isinstance(keys[0].type, String):
        try:
            first = datetime.fromisoformat(str(first)).astimezone(TZ)
        except (ValueError, OverflowError) as error:
            raise InvalidData({"cursor": [Text("这个翻页位置无效，请从头开始", "This cursor is none of ours; start over")]}) from error
    if descending:
        return or_(keys[0] < first, and_(keys[0] == first, keys[1] < values[1]))
    return or_(keys[0] > first, and_(keys[0] == first, keys[1] > values[1]))


# -- what one may do -----------------------------------------------------------------------------


def allowed_actions(session: Session, engine: Engine, actor: Actor, task: Task) -> list[str]:
    """The acts that this person may do to the task now."""
    if task.state not in OPEN_STATES:
        return []
    barred = duties.refusal(session, actor, task) is not None
    allowed = []
    for act in ACTS:
        if act in ("claim", "complete") and barred:
            continue
        if act == "claim" and task.assignee is not None:
            continue
        if act == "unclaim" and task.assignee is None:
            continue
        if act == "complete" and task.assignee not in (None, actor.username):
            continue
        if engine.rights.refusal(session, actor, act, task) is None:
            allowed.append(act)
    return allowed
