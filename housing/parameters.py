"""What the Bureau may change without a new version: each value with its days, unit, legal basis and source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import history
from engine.actor import Actor
from engine.base import Base, Json
from engine.errors import InvalidData, NotAllowed, NotFound
from engine.words import Text
from housing.grants import day_of

if TYPE_CHECKING:
    from engine.engine import Engine


class PolicyParameter(Base):
    """A value in force from a day on; the next one ends it, none is ever overwritten."""

    __tablename__ = "housing_policy_parameter"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(Json)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    unit: Mapped[str] = mapped_column(String(40), default="")
    legal_basis: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    source_date: Mapped[date | None] = mapped_column(Date)
    confirmed: Mapped[bool] = mapped_column(default=False)
    set_by: Mapped[str] = mapped_column(String(120), default="")


@dataclass(frozen=True)
class Kind:
    """A parameter the product knows: its name, default, unit and what it carries out."""

    key: str
    name: Text
    default: int | float | bool | str
    unit: str = ""
    legal_basis: str = ""
    least: float = 0
    most: float = 100_000


KINDS: Sequence[Kind] = (
    Kind("hazard.duplicate_days", Text("重复上报的判定天数", "Days within which a report counts as a duplicate"), 30, "CD", "H1d", 1, 365),
    Kind("hazard.recurrence_days", Text("复发的判定天数", "Days within which a hazard counts as recurring"), 180, "CD", "D-SEV", 1, 730),
    Kind("hazard.spot_fix_sample", Text("立行立改抽查比例", "Share of on-the-spot fixes that are re-checked"), 0.2, "share", "H2", 0, 1),
    Kind("hazard.listing_from_step", Text("自哪一级起列入动态管理", "Step from which the project goes onto the dynamic list"), "e2", "", "R58"),
    Kind("hazard.listing_from_level", Text("自哪一等级起列入动态管理", "Level from which it does"), "L2", "", "R58"),
    Kind("hazard.suspend_supply_at", Text("在哪一级暂停供应", "Step that suspends the project's supply"), "e7", "", "E7"),
    Kind("hazard.credit_points_at_e7", Text("到达E7扣减的信用分", "Credit points taken at E7"), 10, "points", "E7", 0, 100),
    Kind("hazard.supervision_steps", Text("哪些级别签发督办单", "Steps that issue a supervision order"), "e3,e6,e7", "", "R40"),
    Kind("hazard.supervision_wd", Text("督办单的新期限", "New deadline of a supervision order"), 3, "WD", "R40", 1, 60),
    Kind("hazard.clean_days_before_exit", Text("移出动态管理前的无隐患天数", "Clean days before a project leaves the dynamic list"), 90, "CD", "R58", 1, 730),
    Kind("people.lock_after_attempts", Text("连续输错多少次后锁定", "Failed sign-ins before an account is locked"), 5, "", "", 3, 50),
    Kind("people.lock_minutes", Text("首次锁定的分钟数，此后每次加倍", "Minutes of the first lock; each further one doubles"), 1, "min", "", 1, 60),
    Kind("people.session_hours", Text("登录的有效小时数", "Hours for which a sign-in holds"), 12, "h", "", 1, 72),
)
BY_KEY = {kind.key: kind for kind in KINDS}


def get(session: Session, key: str, on: date) -> Any:
    """The value in force on that day; the product's default where none was set."""
    found = in_force(session, key, on)
    return found.value if found is not None else BY_KEY[key].default


def in_force(session: Session, key: str, on: date) -> PolicyParameter | None:
    """The row in force on that day."""
    upto = or_(PolicyParameter.valid_to.is_(None), PolicyParameter.valid_to >= on)
    wanted = select(PolicyParameter).where(PolicyParameter.key == key, PolicyParameter.valid_from <= on, upto)
    return session.scalar(wanted.order_by(PolicyParameter.valid_from.desc()).limit(1))


def all_in_force(session: Session, on: date) -> list[tuple[Kind, PolicyParameter | None]]:
    """Every parameter the product knows, with its row in force, for the page."""
    return [(kind, in_force(session, kind.key, on)) for kind in KINDS]


def past(session: Session, key: str) -> list[PolicyParameter]:
    """All values a parameter ever had, the newest first."""
    wanted = select(PolicyParameter).where(PolicyParameter.key == key)
    return list(session.scalars(wanted.order_by(PolicyParameter.valid_from.desc())))


def change(engine: "Engine", actor: Actor, key: str, value: Any, *, valid_from: date, source: str,
           source_date: date | None = None, legal_basis: str | None = None, confirmed: bool = True,
           reason: str = "") -> PolicyParameter:
    """A new value from a day on, not before today; the value before it ends the day before."""
    now = engine.clock.now()
    kind = BY_KEY.get(key)
    if kind is None:
        raise NotFound
    value = _checked(kind, value, valid_from, day_of(now), source)
    with engine.database.writing() as session:
        refusal = engine.rights.refusal(session, actor, "change", "parameters")
        if refusal is not None:
            raise NotAllowed(refusal)
        row = put(session, kind, value, valid_from, set_by=actor.username, source=source, source_date=source_date,
                  legal_basis=legal_basis, confirmed=confirmed)
        data = {"key": key, "value": value, "valid_from": valid_from.isoformat(), "source": source,
                "reason": reason}
        history.note(session, "parameters", "parameter_changed", actor.username, data, now)
        return row


def put(session: Session, kind: Kind, value: Any, valid_from: date, *, set_by: str, source: str,
        source_date: date | None = None, legal_basis: str | None = None, confirmed: bool = False) -> PolicyParameter:
    """Write the row and end the one before it."""
    before = in_force(session, kind.key, valid_from)
    if before is not None and before.valid_from == valid_from:
        session.delete(before)
        session.flush()
    elif before is not None:
        before.valid_to = valid_from - timedelta(days=1)
    later = session.scalar(select(PolicyParameter.valid_from).where(
        PolicyParameter.key == kind.key, PolicyParameter.valid_from > valid_from).order_by(PolicyParameter.valid_from))
    row = PolicyParameter(key=kind.key, value=value, valid_from=valid_from, unit=kind.unit, set_by=set_by, source=source,
                          valid_to=later - timedelta(days=1) if later else None, source_date=source_date,
                          legal_basis=legal_basis or kind.legal_basis, confirmed=confirmed)
    session.add(row)
    session.flush()
    return row


def _checked(kind: Kind, value: Any, valid_from: date, today: date, source: str) -> Any:
    errors: dict[str, list[Text]] = {}
    if not source.strip():
        errors["source"] = [Text("写出依据的文件", "Name the document it rests on")]
    if valid_from < today:
        errors["valid_from"] = [Text("从今天或以后起生效", "It can begin today or later")]
    parsed = _parsed(kind, value)
    if parsed is None:
        errors["value"] = [Text(f"写一个 {kind.least:g} 到 {kind.most:g} 之间的数", f"Give a number from {kind.least:g} to {kind.most:g}")
                           if not isinstance(kind.default, str) else Text("写出值", "Give a value")]
    if errors:
        raise InvalidData(errors)
    return parsed


def _parsed(kind: Kind, value: Any) -> Any:
    """The value as the parameter's own type, or None."""
    if isinstance(kind.default, str):
        return value.strip() if isinstance(value, str) and value.strip() else None
    try:
        number = float(str(value))
    except ValueError:
        return None
    if not kind.least <= number <= kind.most or (isinstance(kind.default, int) and number != int(number)):
        return None
    return int(number) if isinstance(kind.default, int) else number
