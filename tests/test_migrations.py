"""The schema: what the steps make is what the code expects, on both databases."""

import re

import pytest
from sqlalchemy import text

import migrations
from engine.database import Database


@pytest.mark.any_database
def test_the_steps_make_exactly_the_tables_of_the_code(database: Database) -> None:
    assert migrations.differences(database) == []


@pytest.mark.any_database
def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    assert migrations.upgrade(database) == migrations.head()
    assert migrations.is_current(database)


@pytest.mark.any_database
def test_the_newest_file_is_the_step_that_alembic_ends_at(database: Database) -> None:
    assert migrations.current(database) == migrations.head()


@pytest.mark.any_database
def test_a_table_that_lacks_a_column_is_named(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("ALTER TABLE engine_comment DROP COLUMN mentions"))
    assert any("mentions" in one for one in migrations.differences(database))


@pytest.mark.any_database
def test_tables_of_others_are_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text("CREATE TABLE workflow_status (id INTEGER)"))
    assert migrations.differences(database) == []


def test_every_module_that_declares_tables_is_known() -> None:
    root = migrations.FOLDER.parent
    paths = (path for room in ("engine", "housing", "webapp") for path in (root / room).rglob("*.py"))
    declaring = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in paths if re.search(r"^    __tablename__ =", path.read_text("utf-8"), re.MULTILINE)
    }
    assert declaring == set(migrations.TABLES)
