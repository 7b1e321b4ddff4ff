"""The registers row by row, in the order of their ids, each cut to what a person may see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, false, select, true
from sqlalchemy.orm import Session

from engine.actor import Actor
from housing import org, reach
from housing.hazards import Hazard
from housing.homes import Building, Dwelling, Project
from housing.listing import DynamicListEntry
from housing.org import OrgUnit

Narrowing = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True)
class Register:
    """A table, its key, who sees which rows, and by what it can be narrowed."""

    table: type[Any]
    key: SQLColumnExpression[Any]
    visible: Callable[[Actor], ColumnElement[bool]]
    by: Mapping[str, Narrowing]


def _organisations(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.grants else false()


def _place(unit: Any) -> ColumnElement[bool]:
    tops = frozenset({str(unit)})
    return org.within(Project.subdistrict, tops) | org.within(Project.committee, tops) | org.within(Project.operator, tops)


def _in_project(project_id: Any) -> ColumnElement[bool]:
    return Dwelling.building_id.in_(select(Building.id).where(Building.project_id == project_id))


REGISTERS: Mapping[str, Register] = {
    "projects": Register(Project, Project.id, reach.visible_projects, {
        "org": _place, "status": lambda value: Project.supply_status == value}),
    "buildings": Register(Building, Building.id, reach.visible_buildings, {
        "project_id": lambda value: Building.project_id == value}),
    "dwellings": Register(Dwelling, Dwelling.id, reach.visible_dwellings, {
        "project_id": _in_project, "building_id": lambda value: Dwelling.building_id == value,
        "status": lambda value: Dwelling.status == value}),
    "hazards": Register(Hazard, Hazard.number, reach.visible_hazards, {
        "project_id": lambda value: Hazard.project_id == value, "status": lambda value: Hazard.status == value,
        "level": lambda value: Hazard.level == value}),
    "organisations": Register(OrgUnit, OrgUnit.code, _organisations, {
        "org": lambda value: org.under(frozenset({str(value)})), "kind": lambda value: OrgUnit.kind == value}),
    "dynamic-list": Register(DynamicListEntry, DynamicListEntry.id, reach.visible_listing, {
        "project_id": lambda value: DynamicListEntry.project_id == value}),
}


def rows(
    session: Session, actor: Actor, register: str, *, after: Any = None, limit: int = 50, narrow: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The rows this person may see, from above the key `after` on."""
    found = REGISTERS[register]
    query = select(found.table).where(found.visible(actor)).order_by(found.key).limit(limit)
    for name, value in (narrow or {}).items():
        query = query.where(found.by[name](value))
    return session.scalars(query if after is None else query.where(found.key > after)).all()


def one(session: Session, actor: Actor, register: str, key: Any) -> Any:
    """The row with this key, or None where there is none that this person may see."""
    found = REGISTERS[register]
    return session.scalars(select(found.table).where(found.visible(actor), found.key == key)).one_or_none()
