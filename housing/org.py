"""The tree of organisations: district, bureau, departments, sub-districts, committees, operators."""

from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Pool,
    SQLColumnExpression,
    String,
    false,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.base import Base
from engine.errors import NotFound
from engine.words import Text

ROOT = "jingan"
KINDS = {
    "district": Text("区", "District"),
    "bureau": Text("区房管局", "Housing bureau"),
    "department": Text("区级部门", "District department"),
    "section": Text("科室", "Section"),
    "subdistrict": Text("街道", "Sub-district"),
    "town": Text("镇", "Town"),
    "committee_neighbourhood": Text("居民委员会", "Neighbourhood committee"),
    "committee_village": Text("村民委员会", "Villagers' committee"),
    "operator": Text("运营单位", "Operator"),
    "property_co": Text("物业服务企业", "Property management company"),
    "utility": Text("公用事业单位", "Utility"),
}
COMMITTEES = ("committee_neighbourhood", "committee_village")
SUBDISTRICTS = ("subdistrict", "town")


_ancestors: WeakKeyDictionary[Pool, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


class OrgUnit(Base):
    """An organisation; `path` holds its ancestors and itself, root first, parted by "/"."""

    __tablename__ = "housing_org_unit"
    __table_args__ = (Index("ix_housing_org_unit_path", "path"), Index("ix_housing_org_unit_kind", "kind", "code"))
    code: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(160))
    parent: Mapped[str | None] = mapped_column(ForeignKey("housing_org_unit.code"))
    path: Mapped[str] = mapped_column(String(600))
    role: Mapped[str | None] = mapped_column(String(60))
    active_from: Mapped[date | None] = mapped_column(Date)
    active_to: Mapped[date | None] = mapped_column(Date)

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)

    @property
    def ancestors(self) -> tuple[str, ...]:
        """Itself first, the root last."""
        return tuple(reversed(self.path.split("/")))


def add(session: Session, code: str, kind: str, name: Text, parent: str | None, role: str | None = None) -> OrgUnit:
    """A new unit below `parent`; `role` is what its people are called in tasks."""
    above = session.get(OrgUnit, parent) if parent else None
    if parent and above is None:
        raise NotFound(Text("没有这个上级单位", "There is no such parent organisation"))
    path = f"{above.path}/{code}" if above else code
    unit = OrgUnit(code=code, kind=kind, name_zh=name.zh, name_en=name.en, parent=parent, path=path, role=role)
    session.add(unit)
    session.flush()
    return unit


def get(session: Session, code: str | None) -> OrgUnit | None:
    """The unit of this code."""
    return session.get(OrgUnit, code) if code else None


def ancestors(session: Session, code: str | None) -> tuple[str, ...]:
    """`code` itself, then its parents up to the root; empty for an unknown one.

    Remembered by the process, since a unit keeps its place; every turn asks for several."""
    if not code:
        return ()
    known = _ancestors.setdefault(session.get_bind().engine.pool, {})
    if code not in known:
        unit = get(session, code)
        if unit is None:
            return ()
        known[code] = unit.ancestors
    return known[code]


def name_of(session: Session, code: str | None) -> Text:
    """How people call it; an unknown code reads as itself."""
    unit = get(session, code)
    return unit.name if unit else Text(code or "", code or "")


def names(session: Session, codes: set[str]) -> dict[str, Text]:
    """The names of many units at once."""
    found = session.scalars(select(OrgUnit).where(OrgUnit.code.in_(codes)))
    return {unit.code: unit.name for unit in found}


def within(column: SQLColumnExpression[Any], tops: frozenset[str]) -> ColumnElement[bool]:
    """Whether the unit named in `column` stands in the subtree of one of `tops`."""
    if not tops:
        return false()
    return column.in_(select(OrgUnit.code).where(under(tops)))


def under(tops: frozenset[str]) -> ColumnElement[bool]:
    """The units in the subtrees of `tops`, themselves included."""
    escaped = [(top, top.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")) for top in sorted(tops)]
    tests: list[ColumnElement[bool]] = [OrgUnit.code == top for top, _ in escaped]
    for _, text in escaped:
        tests.append(OrgUnit.path.like(f"{text}/%", escape="\\"))
        tests.append(OrgUnit.path.like(f"%/{text}/%", escape="\\"))
    return or_(*tests) if tests else false()
