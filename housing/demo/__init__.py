"""The demonstration district: places, people by their roles, homes, and cases that the real process has run."""

from typing import TYPE_CHECKING

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine import calendar
from engine.tables import Setting
from housing.demo import estate, people, places
from housing.demo.histories import histories
from housing.org import OrgUnit
from housing.people import Account

if TYPE_CHECKING:
    from engine.engine import Engine

__all__ = ["ground", "histories", "is_demonstration", "is_empty", "load"]
MARK = "demo"
PASSWORD = people.PASSWORD
SIGN_INS = people.SIGN_INS


def is_demonstration(session: Session) -> bool:
    """Whether this database was marked as demonstration data when it was filled."""
    mark = session.get(Setting, MARK)
    return mark is not None and bool(mark.value)


def is_empty(session: Session) -> bool:
    """Whether nobody and nothing is in it yet."""
    return not session.scalar(select(exists().where(OrgUnit.code.is_not(None)))) and not session.scalar(
        select(exists().where(Account.username.is_not(None))))


def ground(session: Session, engine: "Engine") -> None:
    """Everything but the cases: marked as demonstration data, in one transaction."""
    now = engine.clock.now()
    session.merge(Setting(key=MARK, value=True))
    calendar.seed(session)
    places.plant(session)
    people.plant(session, now)
    estate.plant(session)


def load(engine: "Engine", *, with_cases: bool = True) -> None:
    """Fill an empty database; the processes are deployed already where cases are wanted."""
    with engine.database.writing() as session:
        ground(session, engine)
    if with_cases:
        histories(engine)
