"""What Alembic runs: over the connection that `migrations.upgrade` hands it, or over ANJU_DATABASE_URL by hand."""

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

import migrations
from engine.base import Base
from engine.database import Database

migrations.load_tables()
given = context.config.attributes.get("connection")


def plain(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """A step names the databases' own types, so that it stays as it is when our Python types change."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


def run(connection: object) -> None:
    """Take the steps over this connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=migrations.is_ours,
        compare_type=True,
        render_item=plain,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if given is not None:
    run(given)
else:
    with Database(os.environ["ANJU_DATABASE_URL"]).write_engine.connect() as own:
        run(own)
