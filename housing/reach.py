"""How far a person sees: the SQL filters that every list and every single look-up share."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

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
    reach = reach_of(actor)
    if reach.everything:
        return true()
    ways = [Case.started_by == actor.username, _has_task_for(actor)]
    if reach.places:
        ways.append(Case.id.in_(select(CaseScope.case_id).where(CaseScope.org_unit.in_(reach.places))))
    return or_(*ways)


def _has_task_for(actor: Actor) -> ColumnElement[bool]:
    """An open task of the case is this person's, or waits for a role of theirs that reads no cases otherwise."""
    theirs = aliased(Task)  # a list of tasks has its own Task beside this one
    ways: list[ColumnElement[bool]] = [theirs.assignee == actor.username]
    narrow = [f"{grant.role}@{grant.org_unit}" for grant in actor.grants if grant.role not in READERS]
    if narrow:
        ways.append(exists().where(TaskScope.task_id == theirs.id, TaskScope.scope.in_(sorted(set(narrow)))))
    return exists().where(theirs.case_id == Case.id, theirs.state.in_(OPEN_STATES), or_(*ways))


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
