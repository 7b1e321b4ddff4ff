"""A hazard in Daning Road, reported and carried on as the cast would."""

from typing import Any

from sqlalchemy import select

from engine import cases, tasks
from engine.actor import Actor
from engine.engine import Engine
from engine.tables import Case, Task
from housing import people
from housing.homes import Project

REPORT = {
    "part": "3号楼2层走廊", "category": "electrical", "description": "走廊从配电箱私拉电线", "people_at_risk": "1-9",
    "imminent": False, "affects_escape_or_structure": False, "can_fix_on_spot": False,
}
ANSWERS: dict[str, dict[str, Any]] = {
    "preliminary_handling": {"fixed_on_spot": False},
    "grade": {"level": "L2", "is_hazard": True},
    "acknowledge": {"disputed": False},
    "plan": {"measures": "拆除私拉电线，加装漏电保护", "responsible": "项目安全员", "funds_cny": "8600", "finish_on": "2026-11-27",
             "safeguards": "断电并派人看守"},
    "review_plan": {"decision": "approve"},
    "rectify": {"progress": 100, "log": "已拆除并重新布线"},
    "verify": {"result": "pass", "on_site": True, "comment": "三条回路都跳闸"},
}
DOERS = {"preliminary_handling": "committee", "grade": "subdistrict", "acknowledge": "operator", "plan": "operator",
         "review_plan": "subdistrict.peer", "rectify": "operator", "verify": "subdistrict"}
ROUTE = tuple(DOERS)


def actor(engine: Engine, username: str) -> Actor:
    with engine.database.reading() as session:
        found = people.actor_of(session, username, engine.clock.now())
        assert found is not None
        return found


def project_of(engine: Engine, operator: str = "operator_01") -> int:
    with engine.database.reading() as session:
        return session.scalars(select(Project.id).where(Project.operator == operator, Project.subdistrict == "daning_road")).first() or 0


def reported(engine: Engine, by: str = "committee", **changes: Any) -> Case:
    """A case just begun."""
    return cases.start(engine, actor(engine, by), "hazard_rectification", {**REPORT, "project_id": project_of(engine), **changes}).case


def waiting(engine: Engine, case: Case, element_id: str) -> Task:
    """The open task of this step."""
    with engine.database.reading() as session:
        return next(one for one in tasks.open_of_case(session, case.id) if one.element_id == element_id)


def do(engine: Engine, case: Case, element_id: str, by: str | None = None, **changes: Any) -> Task:
    """Complete the step as the cast would."""
    task = waiting(engine, case, element_id)
    tasks.complete(engine, actor(engine, by or DOERS[element_id]), task.id, {**ANSWERS[element_id], **changes})
    return task


def reaching(engine: Engine, element_id: str, **changes: Any) -> tuple[Case, Task]:
    """A case that waits at this step."""
    case = reported(engine, **changes)
    for step in ROUTE:
        if step == element_id:
            break
        do(engine, case, step)
    return case, waiting(engine, case, element_id)
