"""What forms offer to pick: people, organisations, homes, places and one's own files, within one's rights."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, false, or_, select, true
from sqlalchemy.orm import Session

from engine.actor import SYSTEM, Actor
from engine.tables import Attachment
from engine.words import Text
from forms.lookup import Option
from housing import org, reach
from housing.grants import RoleGrant
from housing.homes import Building, Dwelling, Project
from housing.org import OrgUnit
from housing.people import Account
from housing.reach import CITIZENS, READERS


class HousingLookup:
    """Implements `forms.Lookup` over the registers."""

    def options(
        self, kind: str, session: Session, actor: Actor, query: str = "", value: Any = None, limit: int = 20, **narrow: Any
    ) -> Sequence[Option]:
        """What `actor` may pick; `narrow` such as project=7 keeps to what belongs to it."""
        find = OPTIONS.get(kind)
        return find(session, actor, query.strip(), value, min(limit, 100), narrow) if find else []

    def exists(self, kind: str, value: Any, session: Session, actor: Actor) -> bool:
        """Whether `actor` may pick this one; a process that acts by itself may pick whatever there is."""
        if actor.username == SYSTEM.username:
            return self.label(kind, whole(value) if kind in ("project", "building", "dwelling") else value, session) is not None
        return value is not None and any(option.value == value for option in self.options(kind, session, actor, value=value, limit=1))

    def label(self, kind: str, value: Any, session: Session) -> Text | None:
        """What people call it; None when there is none such."""
        name = LABELS.get(kind)
        return name(session, value) if name and isinstance(value, str | int) and not isinstance(value, bool) else None


def matching(text: str, *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Rows in which one of `columns` contains what was typed; nothing typed matches all."""
    if not text:
        return true()
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def whole(value: Any) -> int | None:
    """An id as it may come from a page or a program; None for anything that is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) and 0 <= value < 2**53 else None


def _text(value: Any) -> str | None:
    """A key that is text; anything else asked for finds nothing."""
    return value if value is None or isinstance(value, str) else ""


def _is(column: SQLColumnExpression[Any], value: Any) -> ColumnElement[bool]:
    """One value where one is asked for, else any."""
    return true() if value is None else column == value


def _projects(session: Session, actor: Actor, text: str, value: Any, limit: int, narrow: dict[str, Any]) -> list[Option]:
    if value is not None and whole(value) is None:
        return []
    found = select(Project).where(reach.visible_projects(actor))
    found = found.where(matching(text, Project.name_zh, Project.name_en, Project.file_no, Project.address))
    rows = session.scalars(found.where(_is(Project.id, whole(value))).order_by(Project.id).limit(limit))
    return [Option(row.id, row.name, Text(row.address, row.address_en)) for row in rows]


def _buildings(session: Session, actor: Actor, text: str, value: Any, limit: int, narrow: dict[str, Any]) -> list[Option]:
    if value is not None and whole(value) is None:
        return []
    found = select(Building, Project).join(Project, Project.id == Building.project_id).where(reach.visible_projects(actor))
    found = found.where(matching(text, Building.name_zh, Building.name_en, Project.name_zh, Project.name_en))
    found = found.where(_is(Building.id, whole(value)), _is(Building.project_id, whole(narrow.get("project"))))
    rows = session.execute(found.order_by(Building.id).limit(limit)).all()
    return [Option(building.id, building.name, project.name) for building, project in rows]


def _dwellings(session: Session, actor: Actor, text: str, value: Any, limit: int, narrow: dict[str, Any]) -> list[Option]:
    if value is not None and whole(value) is None:
        return []
    found = select(Dwelling, Building).join(Building, Building.id == Dwelling.building_id)
    found = found.where(reach.visible_buildings(actor), matching(text, Dwelling.number))
    found = found.where(_is(Dwelling.id, whole(value)), _is(Dwelling.building_id, whole(narrow.get("building"))))
    found = found.where(_is(Building.project_id, whole(narrow.get("project"))))
    rows = session.execute(found.order_by(Dwelling.building_id, Dwelling.id).limit(limit)).all()
    return [Option(dwelling.id, _room(dwelling), building.name) for dwelling, building in rows]


def _room(dwelling: Dwelling) -> Text:
    return Text(f"{dwelling.number}室", f"Room {dwelling.number}")


def _organisations(session: Session, actor: Actor, text: str, value: Any, limit: int, narrow: dict[str, Any]) -> list[Option]:
    if not actor.grants:
        return []
    found = select(OrgUnit).where(_is(OrgUnit.code, _text(value)), _is(OrgUnit.kind, narrow.get("kind")))
    found = found.where(matching(text, OrgUnit.name_zh, OrgUnit.name_en, OrgUnit.code))
    rows = session.scalars(found.order_by(OrgUnit.path).limit(limit))
    return [Option(row.code, row.name, org.KINDS.get(row.kind)) for row in rows]


def _people(session: Session, actor: Actor, text: str, value: Any, limit: int, narrow: dict[str, Any]) -> list[Option]:
    """Active role holders, for those who work on cases; applicants and tenants are never offered."""
    if not actor.has_role(*(READERS | {"admin"})):
        return []
    held = exists().where(RoleGrant.username == Account.username, RoleGrant.role.not_in(CITIZENS), _at(narrow.get("org")))
    found = select(Account).where(Account.active, held, _is(Account.username, _text(value)))
    found = found.where(matching(text, Account.display_zh, Account.display_en, Account.username))
    rows = session.scalars(found.order_by(Account.username).limit(limit))
    return [Option(row.username, row.display_name, Text(row.username, row.username)) for row in rows]


def _at(unit: Any) -> ColumnElement[bool]:
    if unit is None:
        return true()
    return org.within(RoleGrant.org_unit, frozenset({unit})) if isinstance(unit, str) else false()


def _places(session: Session, actor: Actor, text: str, value: Any, limit: int, narrow: dict[str, Any]) -> list[Option]:
    """The floors of a building, each as "building/floor"."""
    wanted = whole(str(value).partition("/")[0]) if value is not None else whole(narrow.get("building"))
    building = session.get(Building, wanted) if wanted is not None else None
    if building is None or not session.scalar(select(exists().where(Building.id == wanted, reach.visible_buildings(actor)))):
        return []
    floors = range(-1 if building.basement else 1, building.floors + 1)
    made = [Option(f"{building.id}/{floor}", _floor(building, floor)) for floor in floors if floor]
    return [one for one in made if value in (None, one.value) and text.lower() in " ".join(one.label).lower()][:limit]


def _floor(building: Building, floor: int) -> Text:
    zh, en = (f"{floor}层", f"floor {floor}") if floor > 0 else ("地下室", "basement")
    return Text(f"{building.name_zh}{zh}", f"{building.name_en}, {en}")


def _files(session: Session, actor: Actor, text: str, value: Any, limit: int, narrow: dict[str, Any]) -> list[Option]:
    found = select(Attachment).where(Attachment.uploaded_by == actor.username)
    found = found.where(_is(Attachment.id, _text(value)))
    rows = session.scalars(found.order_by(Attachment.uploaded_at.desc()).limit(limit))
    return [Option(row.id, Text(row.name, row.name)) for row in rows]


def _project_name(session: Session, value: Any) -> Text | None:
    row = session.get(Project, whole(value) or 0)
    return row.name if row else None


def _building_name(session: Session, value: Any) -> Text | None:
    row = session.get(Building, whole(value) or 0)
    return row.name if row else None


def _dwelling_name(session: Session, value: Any) -> Text | None:
    row = session.get(Dwelling, whole(value) or 0)
    return _room(row) if row else None


def _place_name(session: Session, value: Any) -> Text | None:
    number, _, floor = str(value).partition("/")
    building = session.get(Building, whole(number) or 0)
    if building is None or not floor.removeprefix("-").isdigit():
        return None
    return _floor(building, int(floor))


def _unit_name(session: Session, value: Any) -> Text | None:
    unit = org.get(session, str(value))
    return unit.name if unit else None


def _person_name(session: Session, value: Any) -> Text | None:
    account = session.get(Account, str(value))
    return account.display_name if account else None


def _file_name(session: Session, value: Any) -> Text | None:
    file = session.get(Attachment, str(value))
    return Text(file.name, file.name) if file else None


Finder = Callable[[Session, Actor, str, Any, int, dict[str, Any]], list[Option]]
OPTIONS: dict[str, Finder] = {
    "project": _projects, "building": _buildings, "dwelling": _dwellings, "organisation": _organisations,
    "person": _people, "place": _places, "attachment": _files,
}
LABELS: dict[str, Callable[[Session, Any], Text | None]] = {
    "project": _project_name, "building": _building_name, "dwelling": _dwelling_name, "organisation": _unit_name,
    "person": _person_name, "place": _place_name, "attachment": _file_name,
}
