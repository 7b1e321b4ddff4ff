"""What a request works with: its engine, its reading session, who acts, and the time.

The request's session (`db.session`) only reads: a request that had written through it would wait for itself, since
Flask-Login has read through it before. Every write is an act of the engine or one short `engine().database.writing()`;
call `read_anew()` after it where the same request goes on to show the result.
"""

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, current_app, request
from flask_login import current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.base import Base
from engine.engine import Engine
from engine.turn import refresh_clock


class OneEngine(SQLAlchemy):
    """Flask-SQLAlchemy over the connections that the engine's `Database` has opened, not over some of its own."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> sa.Engine:
        return cast(Engine, app.extensions["anju"]).database.engine


db = OneEngine(metadata=Base.metadata)


def init_app(app: Flask, engine: Engine) -> None:
    """Give `app` the engine and its reading session."""
    app.extensions["anju"] = engine
    app.config["SQLALCHEMY_DATABASE_URI"] = engine.database.url
    db.init_app(app)
    if app.config["DEMO"]:
        app.before_request(_set_clock)


def _set_clock() -> None:
    """Another process may have moved the demonstration's clock."""
    if request.endpoint != "static" and request.blueprint != "health":
        refresh_clock(engine(), session())


@event.listens_for(db.session, "before_flush")
def _refuse(session: Session, *_: object) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("the request's session only reads; write through an act or Database.writing()")


def engine() -> Engine:
    """The engine of this application."""
    return cast(Engine, current_app.extensions["anju"])


def session() -> Session:
    """The request's session: reads only, closed when the request ends."""
    return cast(Session, db.session())


def read_anew() -> None:
    """Forget what this request has read, so that what follows sees the act just done."""
    db.session.rollback()


def actor() -> Actor:
    """Who acts in this request; nobody where nobody signed in."""
    return cast(Actor, getattr(current_user, "actor", NOBODY))


def now() -> datetime:
    """The application's time (the demonstration may have moved it)."""
    return engine().clock.now()


NOBODY = Actor("")
