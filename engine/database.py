"""One database, SQLite or PostgreSQL: how it is opened so that no update is lost, and its two kinds of session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=on")


class Database:
    """Reading and writing sessions over one URL; a writing one takes SQLite's write lock at its first word."""

    def __init__(self, url: str, *, pool_size: int = 40) -> None:
        self.url = url
        options: dict[str, Any] = {"pool_size": pool_size} if ":memory:" not in url else {}
        self.engine: Engine = create_engine(url, **options)
        prepare(self.engine)
        self.write_engine: Engine = self.engine.execution_options(write=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is rolled back at its end."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back by any exception."""
        with Session(self.write_engine, expire_on_commit=False) as session, session.begin():
            session.connection()
            yield session

    def close(self) -> None:
        self.engine.dispose()


def prepare(engine: Engine) -> None:
    """Give SQLite's connections what keeps them from losing updates or commits (64 of 320 survived without)."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
