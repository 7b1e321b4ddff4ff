"""Finding and paging what a person may see: search over numbers, places and people; cases and hazards by filter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.tables import OPEN_STATES, Case, CaseScope, Task
from housing import reach
from housing.grants import RoleGrant, valid
from housing.hazards import ENDED, Hazard
from housing.homes import Project
from housing.org import OrgUnit
from housing.people import Account
from housing.pickers import matching
from housing.reach import CITIZENS, READERS

PAGE = 50


@dataclass(frozen=True)
class CaseFilters:
    """What a list of cases is narrowed by; `mine` keeps those I started, worked on or hold a task of."""

    q: str = ""
    process: str = ""
    state: str = ""
    level: str = ""
    org: str = ""
    mine: bool = False


@dataclass(frozen=True)
class HazardFilters:
    """What the hazard register is narrowed by; `status` is one, or "open", "late" or "ended"."""

    q: str = ""
    category: str = ""
    level: str = ""
    status: str = ""
    org: str = ""
    project: int | None = None


def cases(session: Session, actor: Actor, filters: CaseFilters, before: int | None = None, limit: int = PAGE) -> Sequence[Case]:
    """The cases this person may see, newest first, from below `before` on."""
    query = select(Case).where(reach.visible_cases(actor), *_case_tests(actor, filters)).order_by(Case.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Case.id < before)).all()


def _case_tests(actor: Actor, filters: CaseFilters) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    for column, wanted in ((Case.process_key, filters.process), (Case.state, filters.state), (Case.severity, filters.level)):
        if wanted:
            tests.append(column == wanted)
    if filters.org:
        tests.append(Case.id.in_(select(CaseScope.case_id).where(CaseScope.org_unit == filters.org)))
    if filters.q:
        tests.append(or_(matching(filters.q, Case.business_key, Case.title, Case.title_en), _at_project(filters.q)))
    if filters.mine:
        worked = exists().where(Task.case_id == Case.id, or_(Task.completed_by == actor.username, Task.assignee == actor.username))
        tests.append(or_(Case.started_by == actor.username, worked))
    return tests


def _at_project(text: str) -> ColumnElement[bool]:
    found = select(Hazard.case_id).join(Project, Project.id == Hazard.project_id)
    return Case.id.in_(found.where(matching(text, Project.name_zh, Project.name_en, Project.file_no)))


def hazards(
    session: Session, actor: Actor, filters: HazardFilters, now: datetime, before: str | None = None, limit: int = PAGE,
) -> Sequence[Hazard]:
    """The hazards this person may see, newest number first."""
    query = select(Hazard).where(reach.visible_hazards(actor), *_hazard_tests(filters, now))
    query = query.order_by(Hazard.number.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Hazard.number < before)).all()


def _hazard_tests(filters: HazardFilters, now: datetime) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    for column, wanted in ((Hazard.category, filters.category), (Hazard.level, filters.level), (Hazard.project_id, filters.project)):
        if wanted:
            tests.append(column == wanted)
    if filters.q:
        places = select(Project.id).where(matching(filters.q, Project.name_zh, Project.name_en))
        tests.append(or_(matching(filters.q, Hazard.number, Hazard.part, Hazard.description), Hazard.project_id.in_(places)))
    if filters.org:
        tests.append(Hazard.case_id.in_(select(CaseScope.case_id).where(CaseScope.org_unit == filters.org)))
    return tests + _status(filters.status, now)


def _status(status: str, now: datetime) -> list[ColumnElement[bool]]:
    if status == "open":
        return [Hazard.status.not_in(ENDED)]
    if status == "ended":
        return [Hazard.status.in_(ENDED)]
    if status == "late":
        return [Hazard.status.not_in(ENDED), Hazard.due_at < now]
    return [Hazard.status == status] if status else []


def hazards_of_cases(session: Session, case_ids: Iterable[int]) -> dict[int, Hazard]:
    """The hazards that these cases carry, by case."""
    rows = session.scalars(select(Hazard).where(Hazard.case_id.in_(list(case_ids))))
    return {row.case_id: row for row in rows if row.case_id is not None}


def projects_by_id(session: Session, ids: Iterable[int]) -> dict[int, Project]:
    """Projects by their ids."""
    return {row.id: row for row in session.scalars(select(Project).where(Project.id.in_(set(ids))))}


def open_hazards(session: Session, project_ids: Sequence[int]) -> dict[int, int]:
    """How many hazards each of these projects has open."""
    query = select(Hazard.project_id, func.count()).where(Hazard.project_id.in_(project_ids), Hazard.status.not_in(ENDED))
    return dict(session.execute(query.group_by(Hazard.project_id)).all())


def holders_at(session: Session, unit: str, day: date) -> Sequence[RoleGrant]:
    """The grants in force at an organisation itself; never applicants' or tenants'."""
    query = select(RoleGrant).where(RoleGrant.org_unit == unit, valid(RoleGrant, day), RoleGrant.role.not_in(CITIZENS))
    return session.scalars(query.order_by(RoleGrant.username, RoleGrant.id)).all()


def projects(
    session: Session, actor: Actor, q: str = "", status: str = "", org: str = "", after: int | None = None, limit: int = PAGE,
) -> Sequence[Project]:
    """The projects this person may see, by their numbers."""
    query = select(Project).where(reach.visible_projects(actor), *_project_tests(q, status, org)).order_by(Project.id).limit(limit)
    return session.scalars(query if after is None else query.where(Project.id > after)).all()


def _project_tests(q: str, status: str, org: str) -> list[ColumnElement[bool]]:
    tests = [matching(q, Project.name_zh, Project.name_en, Project.file_no, Project.address, Project.address_en)] if q else []
    if status:
        tests.append(Project.supply_status == status)
    if org:
        tests.append(or_(Project.subdistrict == org, Project.committee == org, Project.operator == org))
    return tests


def people(session: Session, actor: Actor, q: str, limit: int = 10) -> Sequence[Account]:
    """Active role holders by name, for those who work on cases; never applicants or tenants."""
    if not actor.has_role(*READERS):
        return []
    held = exists().where(RoleGrant.username == Account.username, RoleGrant.role.not_in(CITIZENS))
    named = matching(q, Account.display_zh, Account.display_en, Account.username)
    return session.scalars(select(Account).where(Account.active, held, named).order_by(Account.username).limit(limit)).all()


def organisations(session: Session, actor: Actor, q: str = "", kind: str = "", limit: int = 200) -> Sequence[OrgUnit]:
    """The organisations by their place in the tree."""
    if not actor.grants:
        return []
    query: Select[OrgUnit] = select(OrgUnit).order_by(OrgUnit.path).limit(limit)
    if q:
        query = query.where(matching(q, OrgUnit.name_zh, OrgUnit.name_en, OrgUnit.code))
    return session.scalars(query.where(OrgUnit.kind == kind) if kind else query).all()


def tasks_held(session: Session, usernames: Iterable[str]) -> dict[str, int]:
    """How many open tasks each of these people holds."""
    held: dict[str, int] = dict.fromkeys(usernames, 0)
    for name in session.scalars(select(Task.assignee).where(Task.assignee.in_(list(held)), Task.state.in_(OPEN_STATES))):
        if name is not None:
            held[name] += 1
    return held
