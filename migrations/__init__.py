"""The schema of the database, step by step, forward only: `upgrade` brings any older one to what the code expects."""

import importlib
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from engine.base import Base
from engine.database import Database

FOLDER = Path(__file__).resolve().parent
STEPS = FOLDER / "versions"
TABLES = (
    "engine.tables", "housing.disclosures", "housing.grants", "housing.hazards", "housing.homes", "housing.listing",
    "housing.notices", "housing.org", "housing.parameters", "housing.people", "housing.tokens", "housing.views",
)
LOCK = 726_951  # any fixed number: two processes that start at once upgrade one after the other


def head() -> str:
    """The newest step; files are numbered, so that a start need not load Alembic to know it."""
    return max(path.name.split("_")[0] for path in STEPS.glob("[0-9]*.py"))


def current(database: Database) -> str | None:
    """The step at which a database stands; None before the first."""
    if not inspect(database.engine).has_table("alembic_version"):
        return None
    with database.reading() as session:
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return None if found is None else str(found)


def is_current(database: Database) -> bool:
    """Whether the database has the schema that this code expects."""
    return current(database) == head()


def upgrade(database: Database) -> str | None:
    """Take every step that is missing, all in one transaction; the step it stood at before, None when there was none."""
    before = current(database)
    if before != head():
        _take_steps(database)
    return before


def differences(database: Database) -> list[str]:
    """What the tables of the code and those of the database disagree in; empty when all is well."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    load_tables()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        return [str(one) for one in compare_metadata(context, Base.metadata)]


def is_ours(_thing: Any, _name: str | None, kind: str, reflected: bool, model: Any) -> bool:
    """Leave alone what stands in the database without a model of ours, such as the job engine's tables."""
    return not (kind == "table" and reflected and model is None)


def load_tables() -> None:
    """Import every module that declares tables, so that the metadata is whole."""
    for module in TABLES:
        importlib.import_module(module)


def _take_steps(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with database.write_engine.connect() as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
