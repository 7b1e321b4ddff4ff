"""Operators, projects, buildings and dwellings: what the district looks after."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.base import Base, Json
from engine.words import Text
from housing.quantities import Hundredths

FORMS = {
    "stand_alone": Text("独立式", "Stand-alone"),
    "concentrated": Text("集中式", "Concentrated"),
    "dispersed": Text("分散式", "Dispersed"),
    "conversion": Text("非居改建", "Conversion"),
}
PRODUCTS = {"bed": Text("床位", "Bed"), "room": Text("居室", "Room"), "suite": Text("成套住房", "Suite")}
STAGES = {
    "planned": Text("筹划", "Planned"), "building": Text("建设", "Being built"),
    "operating": Text("运营", "Operating"), "exited": Text("退出", "Exited"),
}
SUPPLY = {
    "preparing": Text("筹备中", "Preparing"), "published": Text("供应中", "On the supply list"),
    "suspended": Text("暂停供应", "Suspended"), "full": Text("已满租", "Full"), "exited": Text("已退出", "Exited"),
}
DWELLING_STATES = {
    "vacant": Text("空置", "Vacant"), "reserved": Text("预留", "Reserved"), "offered": Text("已要约", "Offered"),
    "let": Text("已出租", "Let"), "under_repair": Text("维修中", "Under repair"), "withheld": Text("暂不供应", "Withheld"),
    "frozen": Text("冻结", "Frozen"),
}


class Operator(Base):
    """What the district knows of an operating enterprise beside its place in the tree."""

    __tablename__ = "housing_operator"
    org_unit: Mapped[str] = mapped_column(ForeignKey("housing_org_unit.code"), primary_key=True)
    credit_code: Mapped[str] = mapped_column(String(40), default="")
    scope_ok: Mapped[bool] = mapped_column(default=True)
    registered_on: Mapped[date | None] = mapped_column(Date)
    rating: Mapped[str] = mapped_column(String(2), default="B")
    credit_points: Mapped[int] = mapped_column(default=100)


class Project(Base):
    """A housing project: where it stands, who runs it, who looks after it."""

    __tablename__ = "housing_project"
    __table_args__ = (
        Index("ix_housing_project_subdistrict", "subdistrict"),
        Index("ix_housing_project_committee", "committee"),
        Index("ix_housing_project_operator", "operator"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    file_no: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    address_en: Mapped[str] = mapped_column(String(200), default="")
    subdistrict: Mapped[str] = mapped_column(ForeignKey("housing_org_unit.code"))
    committee: Mapped[str | None] = mapped_column(ForeignKey("housing_org_unit.code"))
    operator: Mapped[str | None] = mapped_column(ForeignKey("housing_org_unit.code"))
    form: Mapped[str] = mapped_column(String(20), default="concentrated")
    product_kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    source_kind: Mapped[str] = mapped_column(String(30), default="new_build")
    stage: Mapped[str] = mapped_column(String(20), default="operating")
    supply_status: Mapped[str] = mapped_column(String(20), default="published")
    identification_no: Mapped[str] = mapped_column(String(60), default="")
    grid_code: Mapped[str] = mapped_column(String(40), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)


class Building(Base):
    """A building of a project."""

    __tablename__ = "housing_building"
    __table_args__ = (Index("ix_housing_building_project", "project_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("housing_project.id"))
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    floors: Mapped[int] = mapped_column(default=6)
    year: Mapped[int | None]
    fire_class: Mapped[str] = mapped_column(String(20), default="")
    basement: Mapped[bool] = mapped_column(default=False)

    @property
    def name(self) -> Text:
        return Text(self.name_zh, self.name_en)


class Dwelling(Base):
    """A dwelling: what is let, its size and its filed rent."""

    __tablename__ = "housing_dwelling"
    __table_args__ = (UniqueConstraint("building_id", "number"), Index("ix_housing_dwelling_status", "status", "id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("housing_building.id"))
    number: Mapped[str] = mapped_column(String(40))
    product: Mapped[str] = mapped_column(String(20), default="suite")
    layout: Mapped[str] = mapped_column(String(60), default="")
    area_m2: Mapped[Decimal | None] = mapped_column(Hundredths)
    rooms: Mapped[int] = mapped_column(default=1)
    orientation: Mapped[str] = mapped_column(String(20), default="")
    accessible: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(20), default="vacant")
    rent_cny: Mapped[Decimal | None] = mapped_column(Hundredths)
    market_rent_cny: Mapped[Decimal | None] = mapped_column(Hundredths)


def project(session: Session, project_id: object) -> Project | None:
    """The project of this id; anything that is no id finds none."""
    return session.get(Project, project_id) if isinstance(project_id, int) else None


def buildings_of(session: Session, project_id: int) -> list[Building]:
    """A project's buildings."""
    return list(session.scalars(select(Building).where(Building.project_id == project_id).order_by(Building.id)))
