"""Drafts: what somebody has typed and not sent, theirs alone, there again on another device."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.engine import Engine
from engine.submissions import free
from engine.tables import Draft
from engine.turn import writing


def save(engine: Engine, actor: Actor, subject: str, data: Mapping[str, Any]) -> datetime:
    """Keep what was typed for "task/7" or "start/<process>"; when it was saved."""
    try:
        return _save(engine, actor, subject, data)
    except IntegrityError:
        # Two windows of one person saved their first draft at the same moment: the later one stands.
        return _save(engine, actor, subject, data)


def _save(engine: Engine, actor: Actor, subject: str, data: Mapping[str, Any]) -> datetime:
    with writing(engine) as session:
        now = engine.clock.now()
        session.merge(Draft(subject=subject, username=actor.username, data=free(data), saved_at=now))
        return now


def load(session: Session, actor: Actor, subject: str) -> Draft | None:
    """One's own draft."""
    return session.get(Draft, (subject, actor.username))


def drop(session: Session, subject: str, username: str | None = None) -> None:
    """The form was sent: drafts of it are of no use any more."""
    statement = delete(Draft).where(Draft.subject == subject)
    session.execute(statement if username is None else statement.where(Draft.username == username))
