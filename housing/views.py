"""Saved views of the inbox: a name and its filters, one's own or shared with a role in an organisation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, String, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.actor import Actor
from engine.base import Base, Instant, Json
from engine.errors import InvalidData, NotFound
from engine.words import Text

if TYPE_CHECKING:
    from engine.engine import Engine

MOST_EACH = 50
LONGEST_FILTERS = 2000


class SavedView(Base):
    """Filters under a name; with `role` it is shared with its holders, with `org_unit` only those of that place."""

    __tablename__ = "housing_saved_view"
    __table_args__ = (Index("ix_housing_saved_view_owner", "owner"), Index("ix_housing_saved_view_role", "role", "org_unit"))
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    role: Mapped[str | None] = mapped_column(String(60))
    org_unit: Mapped[str | None] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)


def visible(session: Session, actor: Actor) -> Sequence[SavedView]:
    """One's own views, then those shared with one; the filters are run with the reader's rights, not the owner's."""
    shared = [and_(SavedView.role == grant.role, or_(SavedView.org_unit.is_(None), SavedView.org_unit == grant.org_unit))
              for grant in actor.grants]
    wanted = select(SavedView).where(or_(SavedView.owner == actor.username, *shared))
    rows = session.scalars(wanted.order_by(SavedView.position, SavedView.id)).all()
    return sorted(rows, key=lambda view: view.owner != actor.username)


def get(session: Session, actor: Actor, view_id: int) -> SavedView:
    """A view that is this person's or shared with them."""
    found = next((view for view in visible(session, actor) if view.id == view_id), None)
    if found is None:
        raise NotFound
    return found


def save(engine: "Engine", actor: Actor, name: str, filters: Mapping[str, Any], *, role: str | None = None,
         org_unit: str | None = None) -> SavedView:
    """Keep these filters; saving under a name one has already replaces it."""
    with engine.database.writing() as session:
        mine = session.scalars(select(SavedView).where(SavedView.owner == actor.username)).all()
        _check(actor, name, filters, role, org_unit, len(mine))
        view = next((one for one in mine if one.name == name.strip()), None)
        if view is None:
            view = SavedView(owner=actor.username, name=name.strip(), position=len(mine), created_at=engine.clock.now())
            session.add(view)
        view.filters, view.role, view.org_unit = dict(filters), role or None, org_unit or None
        session.flush()
        return view


def _check(actor: Actor, name: str, filters: Mapping[str, Any], role: str | None, org_unit: str | None, count: int) -> None:
    errors: dict[str, list[Text]] = {}
    if not 1 <= len(name.strip()) <= 60:
        errors["name"] = [Text("名称写 1 到 60 个字", "Give a name of 1 to 60 characters")]
    if len(repr(dict(filters))) > LONGEST_FILTERS:
        errors["filters"] = [Text("条件太多，请拆成几个视图", "Too many conditions: make several views of them")]
    if count >= MOST_EACH:
        errors[""] = [Text(f"最多保存 {MOST_EACH} 个视图", f"At most {MOST_EACH} views can be saved")]
    held = {grant.role for grant in actor.grants if org_unit is None or grant.org_unit == org_unit}
    if role and role not in held:
        errors["role"] = [Text("只能与自己的角色共享", "Share it with a role that you hold")]
    if errors:
        raise InvalidData(errors)


def remove(engine: "Engine", actor: Actor, view_id: int) -> None:
    """Forget a view; only its owner can."""
    with engine.database.writing() as session:
        view = session.get(SavedView, view_id)
        if view is None or view.owner != actor.username:
            raise NotFound
        session.delete(view)
