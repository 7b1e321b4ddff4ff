"""What the register pages ask: projects, dwellings, hazards, organisations, the dynamic list; each cut to the reader."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.tables import NO_DUE
from engine.words import Text
from housing import org, reach
from housing.hazards import ENDED, Hazard
from housing.homes import Building, Dwelling, Project
from housing.listing import DynamicListEntry
from housing.org import OrgUnit
from housing.pickers import matching

LIMIT = 50


@dataclass(frozen=True)
class Page:
    """Some rows and where the next begin; None where there are no more."""

    items: Sequence[Any]
    next: str | None


@dataclass(frozen=True)
class ProjectRow:
    """A project with what a list shows beside it."""

    project: Project
    open_hazards: int
    dwellings: int
    listed: bool


@dataclass(frozen=True)
class HazardRow:
    """A hazard with its project."""

    hazard: Hazard
    project: Project


@dataclass(frozen=True)
class DwellingRow:
    """A dwelling with where it is."""

    dwelling: Dwelling
    building: Building
    project: Project


@dataclass(frozen=True)
class ListingRow:
    """An entry of the dynamic list with its project."""

    entry: DynamicListEntry
    project: Project


def projects(session: Session, actor: Actor, *, text: str = "", place: str | None = None, status: str | None = None,
             form: str | None = None, listed: bool | None = None, cursor: str | None = None, limit: int = LIMIT) -> Page:
    """Projects by their number, with open hazards and dwellings counted."""
    wanted = select(Project).where(reach.visible_projects(actor), matching(
        text, Project.name_zh, Project.name_en, Project.file_no, Project.address, Project.address_en))
    wanted = wanted.where(*_equal((Project.supply_status, status), (Project.form, form)))
    if place:
        tops = frozenset({place})
        wanted = wanted.where(or_(*(org.within(one, tops) for one in (Project.subdistrict, Project.committee, Project.operator))))
    on_list = Project.id.in_(select(DynamicListEntry.project_id).where(DynamicListEntry.exited_at.is_(None)))
    if listed is not None:
        wanted = wanted.where(on_list if listed else ~on_list)
    found = session.scalars(_after(wanted, cursor, (Project.id,)).order_by(Project.id).limit(limit + 1)).all()
    return _page(_with_counts(session, actor, found[:limit]), found, limit, lambda row: [row.id])


def _with_counts(session: Session, actor: Actor, found: Sequence[Project]) -> list[ProjectRow]:
    ids = [project.id for project in found]
    hazards = select(Hazard.project_id, func.count()).where(
        Hazard.project_id.in_(ids), Hazard.status.not_in(ENDED), reach.visible_hazards(actor)).group_by(Hazard.project_id)
    homes = select(Building.project_id, func.count()).join(Dwelling, Dwelling.building_id == Building.id).where(
        Building.project_id.in_(ids)).group_by(Building.project_id)
    listed = select(DynamicListEntry.project_id).where(
        DynamicListEntry.project_id.in_(ids), DynamicListEntry.exited_at.is_(None), reach.visible_listing(actor))
    opened, counted = _pairs(session, hazards), _pairs(session, homes)
    on_list = set(session.scalars(listed))
    return [ProjectRow(one, opened.get(one.id, 0), counted.get(one.id, 0), one.id in on_list) for one in found]


def _pairs(session: Session, query: Select[int, int]) -> dict[int, int]:
    return dict(session.execute(query).tuples())


def project(session: Session, actor: Actor, project_id: int) -> ProjectRow | None:
    """One project, where this person may see it."""
    found = session.scalars(select(Project).where(Project.id == project_id, reach.visible_projects(actor))).all()
    return _with_counts(session, actor, found)[0] if found else None


def hazards(session: Session, actor: Actor, *, text: str = "", project_id: int | None = None, place: str | None = None,
            level: str | None = None, status: str | None = None, category: str | None = None, ended: bool | None = None,
            overdue_at: datetime | None = None, cursor: str | None = None, limit: int = LIMIT) -> Page:
    """Hazards, the most urgent first: by their due date, those without one after, the ended ones last."""
    wanted = select(Hazard, Project).join(Project, Project.id == Hazard.project_id).where(reach.visible_hazards(actor))
    wanted = wanted.where(matching(text, Hazard.number, Hazard.part, Hazard.description, Project.name_zh, Project.name_en))
    wanted = wanted.where(*_equal((Hazard.project_id, project_id), (Hazard.level, level), (Hazard.status, status),
                                  (Hazard.category, category)))
    if place:
        wanted = wanted.where(or_(*(org.within(one, frozenset({place})) for one in (Project.subdistrict, Project.operator))))
    if ended is not None:
        wanted = wanted.where(Hazard.status.in_(ENDED) if ended else Hazard.status.not_in(ENDED))
    if overdue_at is not None:
        wanted = wanted.where(Hazard.due_at <= overdue_at, Hazard.status.not_in(ENDED))
    over, due = case((Hazard.status.in_(ENDED), 1), else_=0), func.coalesce(Hazard.due_at, NO_DUE, type_=Hazard.due_at.type)
    keys = (over, due, Hazard.number)
    found = session.execute(_after(wanted, cursor, keys).order_by(*keys).limit(limit + 1)).all()
    return _page([HazardRow(*row) for row in found[:limit]], found, limit, _hazard_key)


def _hazard_key(row: Row[Any]) -> list[Any]:
    hazard = row[0]
    return [int(hazard.status in ENDED), (hazard.due_at or NO_DUE).isoformat(), hazard.number]


def hazard(session: Session, actor: Actor, number: str) -> HazardRow | None:
    """One hazard, where this person may see it."""
    wanted = select(Hazard, Project).join(Project, Project.id == Hazard.project_id)
    row = session.execute(wanted.where(Hazard.number == number, reach.visible_hazards(actor))).first()
    return HazardRow(row[0], row[1]) if row else None


def dwellings(session: Session, actor: Actor, *, text: str = "", project_id: int | None = None, building_id: int | None = None,
              status: str | None = None, product: str | None = None, cursor: str | None = None, limit: int = LIMIT) -> Page:
    """Dwellings by building and number."""
    wanted = (
        select(Dwelling, Building, Project).join(Building, Building.id == Dwelling.building_id)
        .join(Project, Project.id == Building.project_id)
        .where(reach.visible_projects(actor), matching(text, Dwelling.number, Project.name_zh, Project.name_en))
        .where(*_equal((Building.project_id, project_id), (Dwelling.building_id, building_id), (Dwelling.status, status),
                       (Dwelling.product, product)))
    )
    keys = (Dwelling.building_id, Dwelling.id)
    found = session.execute(_after(wanted, cursor, keys).order_by(*keys).limit(limit + 1)).all()
    return _page([DwellingRow(*row) for row in found[:limit]], found, limit, lambda row: [row[0].building_id, row[0].id])


def organisations(session: Session, actor: Actor, *, text: str = "", kind: str | None = None, place: str | None = None,
                  cursor: str | None = None, limit: int = LIMIT) -> Page:
    """Organisations in the order of the tree."""
    if not actor.grants:
        return Page([], None)
    wanted = select(OrgUnit).where(matching(text, OrgUnit.name_zh, OrgUnit.name_en, OrgUnit.code), *_equal((OrgUnit.kind, kind)))
    if place:
        wanted = wanted.where(org.under(frozenset({place})))
    found = session.scalars(_after(wanted, cursor, (OrgUnit.path,)).order_by(OrgUnit.path).limit(limit + 1)).all()
    return _page(found[:limit], found, limit, lambda row: [row.path])


def dynamic_list(session: Session, actor: Actor, *, current: bool = True, cursor: str | None = None, limit: int = LIMIT) -> Page:
    """Projects under dynamic management, the latest entry first."""
    wanted = select(DynamicListEntry, Project).join(Project, Project.id == DynamicListEntry.project_id)
    wanted = wanted.where(reach.visible_listing(actor))
    wanted = wanted.where(DynamicListEntry.exited_at.is_(None) if current else DynamicListEntry.exited_at.is_not(None))
    if cursor:
        wanted = wanted.where(DynamicListEntry.id < _decode(cursor, 1)[0])
    found = session.execute(wanted.order_by(DynamicListEntry.id.desc()).limit(limit + 1)).all()
    return _page([ListingRow(*row) for row in found[:limit]], found, limit, lambda row: [row[0].id])


def status_counts(session: Session, actor: Actor) -> Mapping[str, int]:
    """How many hazards this person may see stand where, for the register's head."""
    wanted = select(Hazard.status, func.count()).where(reach.visible_hazards(actor)).group_by(Hazard.status)
    return dict(session.execute(wanted).tuples())


def _equal(*pairs: tuple[Any, Any]) -> list[ColumnElement[bool]]:
    return [column == value for column, value in pairs if value not in (None, "")]


# -- page by page --------------------------------------------------------------------------------


def _after(query: Any, cursor: str | None, keys: Sequence[Any]) -> Any:
    """Only rows behind the cursor, in the order of the keys."""
    if not cursor:
        return query
    values = _decode(cursor, len(keys))
    ways = [and_(*(keys[back] == values[back] for back in range(place)), keys[place] > values[place]) for place in range(len(keys))]
    return query.where(or_(*ways))


def _page(items: Sequence[Any], found: Sequence[Any], limit: int, key: Any) -> Page:
    more = len(found) > limit
    return Page(items, _encode(key(found[limit - 1])) if more else None)


def _encode(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def _decode(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(values, list) and len(values) == length and all(isinstance(one, str | int) for one in values):
            return [_instant(one) for one in values]
    except ValueError:
        pass
    raise InvalidData({"cursor": [Text("这不是上一页给出的位置", "This is not a place that a page gave")]})


def _instant(value: Any) -> Any:
    """An instant among the keys stands as text in the cursor."""
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T":
        return datetime.fromisoformat(value)
    return value
