"""What the district holds against a project or operator: dynamic list, supervision orders, credit points."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.base import Base, Instant
from engine.words import Text
from housing.homes import Operator

REASONS = {
    "open_serious": Text("有较大以上隐患未销号", "A serious or major hazard is open"),
    "overdue": Text("整改逾期", "Rectification is overdue"),
    "open_general": Text("同一项目多项一般隐患未销号", "Several general hazards are open on one project"),
    "recurrence": Text("同类隐患反复", "Hazards keep recurring"),
    "false_confirmation": Text("虚假确认", "False confirmation"),
    "missed_self_inspections": Text("连续未自查", "Self-inspections were missed"),
    "third_failed_verification": Text("复查三次不合格", "Failed verification three times"),
}


class DynamicListEntry(Base):
    """A project under dynamic management: since when, why, and until when."""

    __tablename__ = "housing_dynamic_list_entry"
    __table_args__ = (Index("ix_housing_dynamic_list_entry_project", "project_id", "exited_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("housing_project.id"))
    reason: Mapped[str] = mapped_column(String(60))
    level: Mapped[str | None] = mapped_column(String(4))
    hazard: Mapped[str | None] = mapped_column(String(40))
    exit_criteria: Mapped[str] = mapped_column(String(300), default="")
    entered_at: Mapped[datetime] = mapped_column(Instant)
    exited_at: Mapped[datetime | None] = mapped_column(Instant)


class SupervisionOrder(Base):
    """A case that an authority has put under its own eyes."""

    __tablename__ = "housing_supervision_order"
    __table_args__ = (Index("ix_housing_supervision_order_hazard", "hazard"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    hazard: Mapped[str] = mapped_column(String(40))
    step: Mapped[str] = mapped_column(String(12))
    authority: Mapped[str] = mapped_column(String(120))
    ordered_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)


class CreditEntry(Base):
    """Points taken from or given back to an operator, with the cause."""

    __tablename__ = "housing_credit_entry"
    __table_args__ = (Index("ix_housing_credit_entry_operator", "operator"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    operator: Mapped[str] = mapped_column(ForeignKey("housing_operator.org_unit"))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(LongText)
    hazard: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Instant)


def current(session: Session, project_id: int) -> list[DynamicListEntry]:
    """The reasons for which a project stands on the dynamic list now."""
    wanted = select(DynamicListEntry).where(DynamicListEntry.project_id == project_id)
    return list(session.scalars(wanted.where(DynamicListEntry.exited_at.is_(None)).order_by(DynamicListEntry.id)))


def enter(session: Session, project_id: int, reason: str, now: datetime, *, level: str | None = None,
          hazard: str | None = None) -> DynamicListEntry:
    """Put a project on the list; the same reason is entered once until the project leaves the list."""
    for entry in current(session, project_id):
        if entry.reason == reason:
            return entry
    entry = DynamicListEntry(project_id=project_id, reason=reason, level=level, hazard=hazard, entered_at=now)
    session.add(entry)
    session.flush()
    return entry


def order(session: Session, hazard: str, step: str, authority: str, now: datetime,
          due_at: datetime | None = None) -> SupervisionOrder:
    """A supervision order of this step, given once for a hazard."""
    wanted = select(SupervisionOrder).where(SupervisionOrder.hazard == hazard, SupervisionOrder.step == step)
    found = session.scalar(wanted)
    if found is None:
        found = SupervisionOrder(hazard=hazard, step=step, authority=authority, ordered_at=now, due_at=due_at)
        session.add(found)
        session.flush()
    return found


def lift(session: Session, hazard: str, now: datetime) -> None:
    """The hazard is gone: its supervision orders end."""
    wanted = select(SupervisionOrder).where(SupervisionOrder.hazard == hazard, SupervisionOrder.lifted_at.is_(None))
    for open_order in session.scalars(wanted):
        open_order.lifted_at = now


def take_points(session: Session, operator: str | None, points: int, reason: str, hazard: str, now: datetime) -> int:
    """Take credit points from an operator, once for a hazard and reason; answers how many were taken."""
    account = session.get(Operator, operator) if operator else None
    if account is None or points <= 0:
        return 0
    wanted = select(CreditEntry).where(CreditEntry.hazard == hazard, CreditEntry.reason == reason)
    if session.scalar(wanted) is not None:
        return 0
    account.credit_points = max(0, account.credit_points - points)
    session.add(CreditEntry(operator=account.org_unit, points=-points, reason=reason, hazard=hazard, at=now))
    return points
