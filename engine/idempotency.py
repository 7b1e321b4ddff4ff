"""Answers kept under a client's key: the same request happens once, also when two arrive together or a server dies."""

import threading
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any

from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.clock import Clock
from engine.database import Database
from engine.errors import Busy
from engine.tables import IdempotencyKey
from engine.words import Text

KEPT_FOR = timedelta(hours=24)
ABANDONED_AFTER = timedelta(seconds=60)
UNDER_WAY, HAPPENED = 0, 1
WAIT_SECONDS, TRIES = 0.05, 600
_clock = Clock()
_current: ContextVar["Reservation | None"] = ContextVar("idempotency_reservation", default=None)


@dataclass(frozen=True)
class Answer:
    """What was answered the first time, and the digest of what it answered."""

    digest: str
    status: int
    body: Any


class Reservation:
    """The right to do a request once; as a context it marks, in the act's own transaction, that it happened."""

    def __init__(self, database: Database, scope: str) -> None:
        self.database, self.scope = database, scope
        self.kept = False

    def __enter__(self) -> "Reservation":
        self._token = _current.set(self)
        return self

    def keep(self, status: int, body: Any) -> None:
        """Keep the answer for everybody who asks again."""
        _current.set(None)
        with self.database.writing() as session:
            session.execute(
                update(IdempotencyKey).where(IdempotencyKey.scope == self.scope).values(status=status, body=body)
            )
        self.kept = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _current.reset(self._token)
        if not self.kept:
            with self.database.writing() as session:
                session.execute(delete(IdempotencyKey).where(IdempotencyKey.scope == self.scope))


def reserve(database: Database, scope: str, digest: str) -> Answer | Reservation:
    """The answer that was given before, or the reservation to give it now; waits for one who is at it."""
    for _ in range(TRIES):
        found = _reserve_once(database, scope, digest)
        if found is not None:
            return found
        threading.Event().wait(WAIT_SECONDS)
    raise Busy(Text("同一请求仍在处理，请稍候再试。", "The same request is still under way; try again in a moment."))


def _reserve_once(database: Database, scope: str, digest: str) -> Answer | Reservation | None:
    now = _clock.now()
    try:
        with database.writing() as session:
            row = session.get(IdempotencyKey, scope, with_for_update=True)
            if row is None:
                session.execute(insert(IdempotencyKey).values(
                    scope=scope, digest=digest, status=UNDER_WAY, body={}, at=now))
                return Reservation(database, scope)
            if row.status > HAPPENED and row.at > now - KEPT_FOR:
                return Answer(row.digest, row.status, row.body)
            if row.status > HAPPENED or (row.status == UNDER_WAY and row.at < now - ABANDONED_AFTER):
                row.digest, row.status, row.at = digest, UNDER_WAY, now
                return Reservation(database, scope)
            if row.digest != digest:
                return Answer(row.digest, row.status, row.body)
            return _after_a_crash(row) if row.at < now - ABANDONED_AFTER else None
    except IntegrityError:
        return None


def _after_a_crash(row: IdempotencyKey) -> Answer:
    """It happened, and the server died before it could keep the answer."""
    return Answer(row.digest, 409, {
        "type": "/api/v1/docs#answer-lost", "title": "Already happened", "status": 409,
        "detail": "This request took effect, but its answer was lost when the server stopped; look at the case.",
    })


def _mark(session: Session) -> None:
    reservation = _current.get()
    if reservation is not None and session.get_bind() is reservation.database.write_engine:
        session.execute(
            update(IdempotencyKey).where(IdempotencyKey.scope == reservation.scope).values(status=HAPPENED)
        )


event.listen(Session, "before_commit", _mark)


def sweep(database: Database) -> int:
    """Forget answers older than a day; the number forgotten."""
    with database.writing() as session:
        old = session.scalars(
            select(IdempotencyKey.scope).where(IdempotencyKey.at < _clock.now() - KEPT_FOR).limit(1000)
        ).all()
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.scope.in_(old)))
    return len(old)
