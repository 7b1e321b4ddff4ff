"""Hazards as the district keeps them: one row each, followed from the report to the close."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, func, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.base import Base, Instant, Json
from engine.words import Text

CATEGORIES = {
    "fire_exit": Text("疏散通道", "Fire exit"), "fire_equipment": Text("消防设施", "Fire equipment"),
    "electrical": Text("用电", "Electrical"), "e_bike": Text("电动自行车", "E-bike charging"),
    "gas": Text("燃气", "Gas"), "structure": Text("房屋结构", "Structure"),
    "falling_object": Text("高空坠物", "Falling objects"), "flood_drainage": Text("防汛排水", "Flooding and drainage"),
    "lift": Text("电梯", "Lift"), "group_letting": Text("群租", "Group letting"),
    "over_occupancy": Text("超员居住", "Over-occupancy"), "illegal_conversion": Text("违法改建", "Illegal conversion"),
    "public_order": Text("治安", "Public order"), "real_name": Text("实名登记", "Real-name registration"),
    "hygiene": Text("环境卫生", "Hygiene"), "contract": Text("合同", "Contract"), "price": Text("价格", "Price"),
    "other": Text("其他", "Other"),
}
LEVELS = {
    "L1": Text("轻微", "Minor"), "L2": Text("一般", "General"),
    "L3": Text("较大", "Serious"), "L4": Text("重大", "Major"),
}
SOURCES = {
    "self_inspection": Text("自查", "Self-inspection"), "special_inspection": Text("专项检查", "Special inspection"),
    "joint_routine": Text("联合日常检查", "Joint routine inspection"),
    "joint_ad_hoc": Text("联合抽查", "Joint ad hoc inspection"),
    "commissioner_patrol": Text("专员巡查", "Commissioner's patrol"),
    "tenant_request": Text("承租人反映", "Tenant's request"), "priority_inspection": Text("重点检查", "Priority inspection"),
    "hotline_12345": Text("12345热线", "Hotline 12345"), "grid_ticket": Text("网格工单", "Grid ticket"),
    "fire_notice": Text("消防通知", "Fire notice"), "drill_finding": Text("演练发现", "Drill finding"),
    "warning_check": Text("预警检查", "Warning check"), "data_rule": Text("数据规则", "Data rule"),
    "incident_followup": Text("事故后续", "Follow-up of an accident"),
}
STATUSES = {
    "reported": Text("已上报", "Reported"), "on_spot_fixed": Text("立行立改", "Fixed on the spot"),
    "graded": Text("已定级", "Graded"), "notified": Text("已送达", "Notice served"), "acked": Text("已签收", "Acknowledged"),
    "planned": Text("方案中", "Plan in hand"), "rectifying": Text("整改中", "Being rectified"),
    "confirmed": Text("待复查", "Awaiting verification"), "verify_failed": Text("复查不合格", "Failed verification"),
    "verified": Text("待销号", "Awaiting close-out"), "closed": Text("已销号", "Closed"), "rechecked": Text("已回头看", "Re-checked"),
    "merged": Text("已并入", "Merged"), "rejected": Text("不属隐患", "Not a hazard"), "withdrawn": Text("已撤回", "Withdrawn"),
}
ENDED = ("on_spot_fixed", "closed", "rechecked", "merged", "rejected", "withdrawn")
COUNTED = ("on_spot_fixed", "merged", "rejected", "withdrawn")


class Hazard(Base):
    """One hazard, by its number; `case_id` is the case that carries it."""

    __tablename__ = "housing_hazard"
    __table_args__ = (
        Index("ix_housing_hazard_project", "project_id", "category", "reported_at"),
        Index("ix_housing_hazard_status", "status", "due_at"),
        Index("ix_housing_hazard_reporter", "reported_by"),
    )
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("engine_case.id"), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("housing_project.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("housing_building.id"))
    dwelling_id: Mapped[int | None] = mapped_column(ForeignKey("housing_dwelling.id"))
    part: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(LongText, default="")
    source: Mapped[str] = mapped_column(String(40), default="commissioner_patrol")
    people_at_risk: Mapped[str] = mapped_column(String(8), default="0")
    imminent: Mapped[bool] = mapped_column(default=False)
    affects_escape_or_structure: Mapped[bool] = mapped_column(default=False)
    can_fix_on_spot: Mapped[bool] = mapped_column(default=False)
    level: Mapped[str | None] = mapped_column(String(4))
    round: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(20), default="reported")
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    served_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_verifications: Mapped[int] = mapped_column(default=0)
    escalation: Mapped[str | None] = mapped_column(String(12))
    lead_unit: Mapped[str | None] = mapped_column(String(120))
    recurrence_of: Mapped[str | None] = mapped_column(String(40))
    duplicate_of: Mapped[str | None] = mapped_column(String(40))
    sampled: Mapped[bool] = mapped_column(default=False)
    false_confirmation: Mapped[bool] = mapped_column(default=False)
    reported_by: Mapped[str] = mapped_column(String(120))
    reported_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    root_cause: Mapped[str | None] = mapped_column(LongText)


class HazardPhoto(Base):
    """A photograph of a hazard, in the order in which it came; `moment` says at which step."""

    __tablename__ = "housing_hazard_photo"
    number: Mapped[str] = mapped_column(ForeignKey("housing_hazard.number"), primary_key=True)
    attachment_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    moment: Mapped[str] = mapped_column(String(40), default="report")
    position: Mapped[int] = mapped_column(default=0)


class HazardNotice(Base):
    """A notice that was served or is to be served: the rectification notice, or one to a tenant about access."""

    __tablename__ = "housing_hazard_notice"
    __table_args__ = (Index("ix_housing_hazard_notice_number", "number"),)
    reference: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("housing_hazard.number"))
    kind: Mapped[str] = mapped_column(String(30))
    addressee: Mapped[str | None] = mapped_column(String(120))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


def get(session: Session, number: str | None) -> Hazard | None:
    """The hazard of this number."""
    return session.get(Hazard, number) if number else None


def of_case(session: Session, case_id: int) -> Hazard | None:
    """The hazard that a case carries."""
    return session.scalar(select(Hazard).where(Hazard.case_id == case_id))


def photos(session: Session, number: str) -> list[HazardPhoto]:
    """A hazard's photographs, the report's first."""
    wanted = select(HazardPhoto).where(HazardPhoto.number == number)
    return list(session.scalars(wanted.order_by(HazardPhoto.moment.desc(), HazardPhoto.position)))


def add_photos(session: Session, number: str, attachment_ids: Sequence[str], moment: str) -> None:
    """Put photographs beside a hazard; one that is there already stays as it is."""
    if not attachment_ids:
        return
    known = {photo.attachment_id for photo in photos(session, number)}
    fresh = [one for one in dict.fromkeys(attachment_ids) if one not in known]
    session.add_all(HazardPhoto(number=number, attachment_id=one, moment=moment, position=len(known) + place)
                    for place, one in enumerate(fresh))


def same_place(hazard: Hazard, now: datetime, days: int) -> Select[Hazard]:
    """Other hazards of the same project, category and part that were reported within `days`."""
    return (
        select(Hazard)
        .where(Hazard.project_id == hazard.project_id, Hazard.category == hazard.category)
        .where(func.lower(Hazard.part) == hazard.part.strip().lower(), Hazard.number != hazard.number)
        .where(Hazard.reported_at >= now - timedelta(days=days), Hazard.reported_at <= hazard.reported_at)
    )
