"""Separation of duties: who did what before, and may therefore not do this."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from engine import incidents
from engine.actor import Actor
from engine.tables import DecisionRecord, Task, TaskBar
from engine.words import Text

if TYPE_CHECKING:
    from engine.turn import Turn


def doers(session: Session, case_id: int, element_ids: Iterable[str]) -> dict[str, str]:
    """The latest doer of each of these elements, by element id."""
    query = (
        select(Task.element_id, Task.completed_by)
        .where(Task.case_id == case_id, Task.element_id.in_(list(element_ids)), Task.state == "completed")
        .order_by(Task.completed_at, Task.id)
    )
    return {element: who for element, who in session.execute(query) if who}


def store_bars(session: Session, task: Task) -> set[str]:
    """Rows for whoever may not do `task`, so that their lists leave it out; their names."""
    done = doers(session, task.case_id, task.not_same_person_as)
    session.execute(delete(TaskBar).where(TaskBar.task_id == task.id))
    rows = {who: {"task_id": task.id, "username": who, "element_id": element} for element, who in done.items()}
    if rows:
        session.execute(insert(TaskBar), list(rows.values()))
    return set(rows)


def refusal(session: Session, actor: Actor, task: Task) -> Text | None:
    """Why `actor` may not do `task` because of what they, or whom they stand in for, did before."""
    if not task.not_same_person_as:
        return None
    for element, who in doers(session, task.case_id, task.not_same_person_as).items():
        if who == actor.username:
            step = _name_of(session, task.case_id, element)
            return Text(f"您办过“{step.zh}”，不能再办这一步", f'You did "{step.en}", so you may not do this')
        if _only_as_substitute_of(actor, who, task):
            step = _name_of(session, task.case_id, element)
            return Text(f"您代理的人办过“{step.zh}”，不能再办这一步",
                        f'Whom you stand in for did "{step.en}", so you may not do this')  # fmt: skip
    return None


def _name_of(session: Session, case_id: int, element_id: str) -> Text:
    query = select(Task.name, Task.name_en).where(Task.case_id == case_id, Task.element_id == element_id)
    return Text(*session.execute(query.order_by(Task.id.desc()).limit(1)).one())


def _only_as_substitute_of(actor: Actor, who: str, task: Task) -> bool:
    fitting = [grant for grant in actor.grants if grant.role in task.candidate_roles]
    return bool(fitting) and all(grant.delegated_from == who for grant in fitting)


def check_somebody_may(turn: "Turn", task: Task, barred: set[str]) -> None:
    """Where nobody is left who may do it, an incident names why."""
    if not task.org_unit:
        return
    holders = turn.engine.directory.holders(turn.session, frozenset(task.candidate_roles), task.org_unit, task.position)
    if holders and holders - barred:
        return
    roles = "、".join(task.candidate_roles)
    incidents.add(turn.session, turn.case, turn.at, "nobody_may", task.element_id, Text(
        f"“{task.name}”没有别人可以办：{roles} 中没有人，或都办过前面的步骤",
        f'Nobody else may do "{task.name_en}": no holder of {", ".join(task.candidate_roles)} is left who did not do an earlier step',
    ), None)  # fmt: skip


def decisions_for(session: Session, case_id: int, names: set[str], decided: list[Any]) -> list[dict[str, Any]]:
    """The decisions whose results these variables hold, newest first of each, with rule and version."""
    found: dict[str, dict[str, Any]] = {}
    for record in reversed(decided):
        if record.result_variable in names and record.result_variable not in found:
            found[record.result_variable] = _quoted(record.decision_id, record.version, record.answer.matched_rules)
    missing = names - set(found)
    if missing:
        query = (
            select(DecisionRecord)
            .where(DecisionRecord.case_id == case_id, DecisionRecord.result_variable.in_(list(missing)))
            .order_by(DecisionRecord.id.desc())
        )
        for row in session.scalars(query):
            found.setdefault(row.result_variable or "", _quoted(row.decision_id, row.definition_version, row.matched_rules))
    return list(found.values())


def _quoted(decision_id: str, version: int, rules: Any) -> dict[str, Any]:
    return {"decision": decision_id, "version": version, "rules": rules}
