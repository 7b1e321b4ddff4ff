"""The cast as actors, the ground of a case without running one, and a hazard's way through the real process."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine import cases, tasks
from engine.actor import Actor, Grant
from engine.engine import Engine
from engine.tables import Case, CaseScope, Definition, Task, TaskScope
from housing import org, people

START = {
    "project_id": 1, "part": "2层走廊", "category": "fire_exit", "description": "走廊堆放纸箱",
    "people_at_risk": "1-9", "imminent": False, "affects_escape_or_structure": False, "can_fix_on_spot": False,
}


@pytest.fixture
def actor(engine: Engine) -> Callable[[str], Actor]:
    """Somebody of the cast with the grants of this moment."""

    def find(username: str) -> Actor:
        with engine.database.reading() as session:
            found = people.actor_of(session, username, engine.clock.now())
        assert found is not None, username
        return found

    return find


def as_role(role: str, org_unit: str, username: str = "somebody", **more: Any) -> Actor:
    """An actor with one grant, without an account."""
    return Actor(username, (Grant(role, org_unit, **more),))


def a_case(session: Session, *places: str, started_by: str = "nobody") -> Case:
    """A case that had to do with these organisations, as the engine would write it."""
    now = people.get(session, "admin").created_at
    definition = session.get(Definition, 1)
    if definition is None:
        definition = Definition(id=1, key="p", version=1, name="p", content_hash="", deployed_at=now, deployed_by="")
        session.add(definition)
        session.flush()
    case = Case(definition_id=1, process_key="p", process_version=1, state="running", started_by=started_by,
                started_at=now, changed_at=now, title="t")
    session.add(case)
    session.flush()
    above = {unit for place in places for unit in org.ancestors(session, place)}
    session.add_all(CaseScope(org_unit=unit, case_id=case.id) for unit in above)
    session.flush()
    return case


def a_task(session: Session, case: Case, role: str, org_unit: str, **more: Any) -> Task:
    """An open task of the case, in its queue."""
    task = Task(case_id=case.id, token_id=f"{role}@{org_unit}{case.id}", process_key="p", element_id="do", name="办", name_en="Do",
                candidate_roles=[role], org_unit=org_unit, created_at=case.started_at, changed_at=case.started_at, **more)
    session.add(task)
    session.flush()
    session.add_all(TaskScope(scope=f"{role}@{unit}", due=case.started_at, task_id=task.id) for unit in org.ancestors(session, org_unit))
    session.flush()
    return task


class Journey:
    """One hazard on its way: each step is done by the person named, on the task named."""

    def __init__(self, engine: Engine, actor: Callable[[str], Actor]) -> None:
        self.engine, self.actor = engine, actor
        self.outcome: Any = None

    def report(self, by: str = "committee", **start: Any) -> "Journey":
        self.outcome = cases.start(self.engine, self.actor(by), "hazard_rectification", {**START, **start})
        return self

    def do(self, by: str, element_id: str, **data: Any) -> "Journey":
        task = self.task(element_id)
        self.outcome = tasks.complete(self.engine, self.actor(by), task.id, data)
        return self

    def task(self, element_id: str) -> Task:
        with self.engine.database.reading() as session:
            open_tasks = tasks.open_of_case(session, self.case_id)
        return next(task for task in open_tasks if task.element_id == element_id)

    def until_rectify(self, level: str = "L2") -> "Journey":
        self.do("committee", "preliminary_handling", fixed_on_spot=False)
        self.do("subdistrict", "grade", is_hazard=True, level=level, override_reason="现场核实")
        self.do("operator", "acknowledge", disputed=False)
        self.do("operator", "plan", measures="清走", responsible="安全员", funds_cny="500", finish_on="2026-11-24", safeguards="派人看守")
        return self.do("subdistrict", "review_plan", decision="approve")

    def until_verify(self) -> "Journey":
        self.do("operator", "rectify", progress=100, log="已清走")
        return self.do("operator", "confirm_completion", statement_of_truth=True)

    @property
    def case_id(self) -> int:
        return int(self.outcome.case.id)

    @property
    def number(self) -> str:
        return str(self.outcome.case.business_key)


@pytest.fixture
def journey(deployed: Engine, actor: Callable[[str], Actor]) -> Journey:
    return Journey(deployed, actor)
