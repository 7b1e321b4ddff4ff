"""Timers: the due ones fired in order, each once, inside its case's own turn."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import incidents, messages
from engine.actor import SYSTEM
from engine.bpmn.workflow import fire as fire_token
from engine.engine import Engine
from engine.errors import EngineError, ProcessFailure, WrongState
from engine.tables import Timer
from engine.turn import turn, writing
from engine.words import Text

GONE = Text("这个定时已经触发过，或者案件已中止", "This timer has fired already, or its case is suspended")


def next_due(session: Session) -> datetime | None:
    """The instant of the earliest timer that may fire; timers of failed commands wait for their retry."""
    query = select(Timer.due_at).where(Timer.stopped.is_(False)).order_by(Timer.due_at, Timer.id).limit(1)
    return session.scalars(query).one_or_none()


def due(session: Session, now: datetime, limit: int) -> list[int]:
    """The ids of due timers, in the order of their instants."""
    query = (
        select(Timer.id).where(Timer.due_at <= now, Timer.stopped.is_(False)).order_by(Timer.due_at, Timer.id).limit(limit)
    )
    return list(session.scalars(query))


def sweep(engine: Engine, limit: int = 200) -> int:
    """Fire what is due; how many fired or failed. One bad case never stops the others: it gets an incident."""
    with writing(engine) as session:
        now = engine.clock.now()
    with engine.database.reading() as session:
        ids = due(session, now, limit)
    moved = 0
    for timer_id in ids:
        try:
            fire(engine, timer_id)
        except ProcessFailure:
            _stop(engine, timer_id)
        except EngineError:
            # Somebody else was quicker, or the database is busy: no progress of ours, so a worker may rest.
            continue
        moved += 1
    messages.release(engine)
    return moved


def fire(engine: Engine, timer_id: int, command: dict[str, Any] | None = None) -> None:
    """Fire one timer, as `WrongState` tells if somebody else has already; a retry then has nothing left to do.

    Successors are armed from the instant it was due."""
    with engine.database.reading() as session:
        row = session.get(Timer, timer_id)
        if row is None and command is None:
            raise WrongState(GONE)
        if row is None:
            return
        case_id, due_at = row.case_id, row.due_at
    with turn(engine, SYSTEM, case_id, command or {"act": "timer", "timer": timer_id}, now=due_at) as at:
        row = at.session.get(Timer, timer_id)
        if row is None or at.case.state == "suspended":
            raise WrongState(GONE)
        token = at.workflow.find(row.token_id)
        assert token is not None
        at.note("timer_fired", row.element_id, {"due_at": row.due_at.isoformat()})
        at.session.delete(row)
        at.session.flush()
        fire_token(at.workflow, token, row.part)
    messages.release(engine)


def _stop(engine: Engine, timer_id: int) -> None:
    """A timer that failed waits for its incident's retry."""
    with writing(engine) as session:
        row = session.get(Timer, timer_id)
        if row is not None and timer_id in incidents.failed_timers(session, row.case_id):
            row.stopped = True


def of_case(session: Session, case_id: int) -> list[Timer]:
    """A case's timers, earliest first."""
    return list(session.scalars(select(Timer).where(Timer.case_id == case_id).order_by(Timer.due_at)))


def upcoming(session: Session, limit: int = 200) -> list[Timer]:
    """The next timers of all cases."""
    return list(session.scalars(select(Timer).order_by(Timer.due_at, Timer.id).limit(limit)))
