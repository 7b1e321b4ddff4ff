"""The directory that the engine asks: ancestors of an organisation, and who could do a task now."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from engine.clock import Clock
from housing import org
from housing.grants import DEPARTMENTS, NOT_DELEGABLE, RoleGrant, Substitution, day_of, valid
from housing.people import Account


class TreeDirectory:
    """Answers from the tree of organisations and the grants in force today (`engine.ports.Directory`)."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def ancestors(self, session: Session, org_unit: str) -> tuple[str, ...]:
        """`org_unit` itself, then its parents up to the root; empty for an unknown one."""
        return org.ancestors(session, org_unit)

    def holders(self, session: Session, roles: frozenset[str], org_unit: str, position: str | None) -> frozenset[str]:
        """Sign-in names of active people with one of `roles` at `org_unit` or above it, substitutes included."""
        day = day_of(self.clock.now())
        places = self.ancestors(session, org_unit) or (org.ROOT,)
        held = and_(RoleGrant.role.in_(_granting(roles)), RoleGrant.org_unit.in_(places), valid(RoleGrant, day),
                    _fits(position))
        own = select(RoleGrant.username).where(held)
        lent = (
            select(Substitution.to_user)
            .join(RoleGrant, RoleGrant.username == Substitution.from_user)
            .where(held, valid(Substitution, day), RoleGrant.role.not_in(NOT_DELEGABLE))
        )
        either = or_(Account.username.in_(own), Account.username.in_(lent))
        return frozenset(session.scalars(select(Account.username).where(Account.active, either)))


def _granting(roles: frozenset[str]) -> frozenset[str]:
    return roles | DEPARTMENTS if "department" in roles else roles


def _fits(position: str | None) -> ColumnElement[bool]:
    """A grant held whole fits every position; a narrowed one fits its own and tasks that name none."""
    if position is None:
        return or_(RoleGrant.position.is_(None), RoleGrant.position.is_not(None))
    return or_(RoleGrant.position.is_(None), RoleGrant.position == position)
