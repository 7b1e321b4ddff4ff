"""Who holds which role where and when: grants with dates, and substitutes who hold another's for a while."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, Select, String, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.actor import Grant
from engine.base import Base
from engine.clock import TZ
from engine.words import Text

ROLES = {
    "admin": Text("系统管理员", "Administrator"),
    "auditor": Text("审计员", "Auditor"),
    "designer": Text("流程设计员", "Process designer"),
    "publisher": Text("流程发布员", "Process publisher"),
    "bureau": Text("区房管局经办", "Housing bureau officer"),
    "bureau_lead": Text("区房管局负责人", "Housing bureau lead"),
    "subdistrict": Text("街道办理员", "Sub-district officer"),
    "subdistrict_lead": Text("街道负责人", "Sub-district lead"),
    "committee": Text("居委会管理专员", "Management commissioner"),
    "operator": Text("运营单位", "Operator"),
    "enforcement": Text("城管执法", "Urban law enforcement"),
    "fire": Text("消防救援", "Fire rescue"),
    "police": Text("公安", "Public security"),
    "market": Text("市场监管", "Market regulation"),
    "hrss": Text("人力资源和社会保障", "Human resources and social security"),
    "department": Text("职能部门", "Department"),
    "applicant": Text("申请人", "Applicant"),
    "tenant": Text("承租人", "Tenant"),
}
DEPARTMENTS = frozenset({"enforcement", "fire", "police", "market", "hrss", "department"})
NOT_DELEGABLE = frozenset({"admin", "auditor", "designer", "publisher", "applicant", "tenant"})


class RoleGrant(Base):
    """A role in an organisation's subtree, from a day to a day (both included); `position` narrows it."""

    __tablename__ = "housing_role_grant"
    __table_args__ = (
        Index("ix_housing_role_grant_person", "username"),
        Index("ix_housing_role_grant_role", "role", "org_unit"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("housing_account.username"))
    role: Mapped[str] = mapped_column(String(60))
    org_unit: Mapped[str] = mapped_column(ForeignKey("housing_org_unit.code"))
    position: Mapped[str | None] = mapped_column(String(60))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    granted_by: Mapped[str] = mapped_column(String(120))


class Substitution(Base):
    """For these days `to_user` may do what `from_user` may, and is barred wherever `from_user` is."""

    __tablename__ = "housing_substitution"
    __table_args__ = (Index("ix_housing_substitution_to", "to_user"), Index("ix_housing_substitution_from", "from_user"))
    id: Mapped[int] = mapped_column(primary_key=True)
    from_user: Mapped[str] = mapped_column(ForeignKey("housing_account.username"))
    to_user: Mapped[str] = mapped_column(ForeignKey("housing_account.username"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(300), default="")
    set_by: Mapped[str] = mapped_column(String(120), default="")


def day_of(now: datetime) -> date:
    """The calendar day in Shanghai."""
    return now.astimezone(TZ).date()


def valid(table: type[RoleGrant] | type[Substitution], day: date) -> ColumnElement[bool]:
    """Rows in force on `day`."""
    return and_(table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to >= day))


def held_by(session: Session, username: str, now: datetime) -> tuple[Grant, ...]:
    """The grants this person holds now: their own, then those of whom they stand in for."""
    day = day_of(now)
    own = session.scalars(select(RoleGrant).where(RoleGrant.username == username, valid(RoleGrant, day)).order_by(RoleGrant.id))
    lent = session.scalars(_lent_to(username, day))
    found = [Grant(row.role, row.org_unit, row.position) for row in own]
    found += [Grant(row.role, row.org_unit, row.position, delegated_from=row.username) for row in lent]
    return tuple(dict.fromkeys(wider for grant in found for wider in _with_department(grant)))


def _lent_to(username: str, day: date) -> Select[RoleGrant]:
    return (
        select(RoleGrant)
        .join(Substitution, Substitution.from_user == RoleGrant.username)
        .where(Substitution.to_user == username, valid(Substitution, day), valid(RoleGrant, day))
        .where(RoleGrant.role.not_in(NOT_DELEGABLE))
        .order_by(RoleGrant.id)
    )


def _with_department(grant: Grant) -> tuple[Grant, ...]:
    """A named department is also `department`, which any of them may be."""
    if grant.role not in DEPARTMENTS or grant.role == "department":
        return (grant,)
    return grant, Grant("department", grant.org_unit, grant.position, grant.delegated_from)


def of_person(session: Session, username: str) -> list[RoleGrant]:
    """Every grant of a person, past and future ones too."""
    return list(session.scalars(select(RoleGrant).where(RoleGrant.username == username).order_by(RoleGrant.id)))
