"""What every command shares: its engine, who acts, results on stdout and messages on stderr."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click

from engine.actor import Actor, Grant
from engine.database import Database
from engine.engine import Engine
from engine.errors import EngineError, InvalidData, NotFound, Refused
from engine.words import Text
from webapp.config import Config, from_environment

READS_ALL = Actor("machine", (Grant("auditor", "jingan"),))


def locale() -> str:
    """The language of messages: ANJU_LOCALE, else Chinese."""
    return "en" if os.environ.get("ANJU_LOCALE", "").startswith("en") else "zh"


def t(zh: str, en: str) -> str:
    """A sentence in the language of this command line."""
    return Text(zh, en).in_(locale())


as_json = click.option("--json", "as_json", is_flag=True, help=t("以 JSON 输出", "The result as JSON"))
as_user = click.option("--as", "username", required=True, metavar="USER", help=t("以谁的身份", "Who acts"))


def say(zh: str, en: str) -> None:
    """A message for people, on stderr."""
    click.echo(t(zh, en), err=True)


def result(data: Any, as_json: bool, lines: Callable[[], Iterator[str]]) -> None:
    """A result on stdout: JSON, or lines for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_told))
        return
    for line in lines():
        click.echo(line)


def _told(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@contextmanager
def opened(*, current: bool = True) -> Iterator[tuple[Config, Engine]]:
    """The configuration and an engine over its database, whose schema must be current."""
    from webapp.composition import compose

    config = from_environment(needs_secret=False)
    database = Database(config.database_url)
    try:
        if current:
            _require_current(database)
        yield config, compose(config, database=database)
    finally:
        database.close()


def _require_current(database: Database) -> None:
    import migrations

    if database.is_sqlite:
        migrations.upgrade(database)
    elif not migrations.is_current(database):
        fail("数据库需要升级：anju db upgrade", "The database needs an upgrade: anju db upgrade")


def person(engine: Engine, username: str) -> Actor:
    """Who acts, by sign-in name."""
    from housing import people

    with engine.database.reading() as session:
        actor = people.actor_of(session, username, engine.clock.now())
    if actor is None:
        raise NotFound(Text(f"没有可用的账号“{username}”", f"There is no open account {username}"))
    return actor


def fail(zh: str, en: str, status: int = 1) -> None:
    """End here: the work was refused or failed."""
    say(zh, en)
    sys.exit(status)


def tell(error: EngineError) -> None:
    """A refusal in words, with its parts."""
    click.echo(error.text.in_(locale()), err=True)
    if isinstance(error, InvalidData):
        for path, texts in error.errors.items():
            for text in texts:
                click.echo(f"  {path or '*'}: {text.in_(locale())}", err=True)
    if isinstance(error, Refused):
        for problem in error.problems:
            place = ":".join(part for part in (problem.file, problem.element_id) if part)
            click.echo(f"  {place}: [{problem.rule}] {problem.message.in_(locale())}", err=True)
