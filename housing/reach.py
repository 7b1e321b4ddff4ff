"""How far a person sees: the SQL filters that every list and every single look-up share."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.actor import Actor
from engine.tables import OPEN_STATES, Case, CaseScope, Task, TaskScope
from housing import org
from housing.grants import DEPARTMENTS
from housing.hazards import Hazard
from housing.homes import Building, Dwelling, Project
from housing.listing import DynamicListEntry

READERS = frozenset({"bureau", "bureau_lead", "subdistrict", "subdistrict_lead", "committee", "operator", "auditor"}) | DEPARTMENTS
CITIZENS = frozenset({"applicant", "tenant"})
ON_OFFER = ("published", "full")


@dataclass(frozen=True)
class Reach:
    """The organisations whose cases a person reads; `everything` where the whole district is theirs."""

    everything: bool
    places: frozenset[str]


def reach_of(actor: Actor) -> Reach:
    """Read from the grants of case-reading roles alone: an administrator's or a designer's open no case."""
    grants = [grant for grant in actor.grants if grant.role in READERS]
    everything = any(grant.role == "auditor" or grant.org_unit == org.ROOT for grant in grants)
    return Reach(everything, frozenset(grant.org_unit for grant in grants))


def queue_scopes(actor: Actor) -> list[str]:
    """The inbox's scopes of this person: "role@organisation" of each grant."""
    return sorted({f"{grant.role}@{grant.org_unit}" for grant in actor.grants})


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Which rows of `engine_case` this person may read."""
    if reach_of(actor).everything:
        return true()
    return _readable(*_holdings(actor))


def sees_case(session: Session, actor: Actor, case_id: int | None) -> bool:
    """Whether `visible_cases` holds for the case with this id; the same condition, its statement built once."""
    if case_id is None:
        return False
    if reach_of(actor).everything:
        return session.get(Case, case_id) is not None
    username, places, scopes = _holdings(actor)
    values = {"case_id": case_id, "username": username, "places": places, "scopes": scopes}
    return session.execute(_SEEN, values).first() is not None


def _holdings(actor: Actor) -> tuple[str, list[str], list[str]]:
    """The name, the organisations whose cases are read, and the queues of roles that read none otherwise."""
    scopes = {f"{grant.role}@{grant.org_unit}" for grant in actor.grants if grant.role not in READERS}
    return actor.username, sorted(reach_of(actor).places), sorted(scopes)


def _readable(username: Any, places: Any, scopes: Any) -> ColumnElement[bool]:
    """Started by them, or in reach, or with an open task that is theirs or waits for such a role."""
    task = aliased(Task)  # a list of tasks asks too, and its own table must not be taken for this one
    queued = exists().where(TaskScope.task_id == task.id, TaskScope.scope.in_(scopes))
    mine = or_(task.assignee == username, queued)
    return or_(
        Case.started_by == username,
        Case.id.in_(select(CaseScope.case_id).where(CaseScope.org_unit.in_(places))),
        exists().where(task.case_id == Case.id, task.state.in_(OPEN_STATES), mine),
    )


_SEEN = select(literal(1)).select_from(Case).where(Case.id == bindparam("case_id"), _readable(
    bindparam("username"), bindparam("places", expanding=True), bindparam("scopes", expanding=True)))


def visible_projects(actor: Actor) -> ColumnElement[bool]:
    """Which projects this person may read."""
    reach = reach_of(actor)
    if reach.everything or actor.has_role(*DEPARTMENTS):
        return true()
    ways: list[ColumnElement[bool]] = []
    if reach.places:
        ways.append(_touches(reach.places))
    homes = frozenset(grant.org_unit for grant in actor.grants if grant.role in CITIZENS)
    if homes:
        ways.append(and_(Project.supply_status.in_(ON_OFFER), _touches(homes)))
    return or_(*ways) if ways else false()


def _touches(places: frozenset[str]) -> ColumnElement[bool]:
    """The project stands in, is looked after by or is run by one of these or a part of them."""
    if org.ROOT in places:
        return true()
    columns = (Project.subdistrict, Project.committee, Project.operator)
    return or_(*(org.within(column, places) for column in columns))


def visible_buildings(actor: Actor) -> ColumnElement[bool]:
    """Which buildings: those of visible projects."""
    return Building.project_id.in_(select(Project.id).where(visible_projects(actor)))


def visible_dwellings(actor: Actor) -> ColumnElement[bool]:
    """Which dwellings: those of visible buildings."""
    return Dwelling.building_id.in_(select(Building.id).where(visible_buildings(actor)))


def visible_hazards(actor: Actor) -> ColumnElement[bool]:
    """Which hazards: those whose case may be read; one without a case goes by its project."""
    carried = Hazard.case_id.in_(select(Case.id).where(visible_cases(actor)))
    if not actor.has_role(*READERS):
        return carried
    loose = and_(Hazard.case_id.is_(None), Hazard.project_id.in_(select(Project.id).where(visible_projects(actor))))
    return or_(carried, loose)


def visible_listing(actor: Actor) -> ColumnElement[bool]:
    """Which entries of the dynamic list: those of visible projects, for those who supervise or run them."""
    if not actor.has_role(*READERS):
        return false()
    return DynamicListEntry.project_id.in_(select(Project.id).where(visible_projects(actor)))
