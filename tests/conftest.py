"""What tests stand on: a clock, a database of their own, a small estate, the cast, the application, a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import migrations
from engine.clock import TestClock
from engine.database import Database
from tests.databases import Copies, Server, leave_out, programs

MONDAY = datetime.fromisoformat("2026-11-23T10:32:00+08:00")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
BROWSER_FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "any_database: run on SQLite and on PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked `any_database` runs on both; all others on SQLite."""
    if metafunc.definition.get_closest_marker("any_database") and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def clock() -> TestClock:
    """Monday, 23 November 2026, 10:32 in Shanghai, until a test moves it."""
    return TestClock(MONDAY)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Callable[[], Server]]:
    """A server that starts when the first test asks for it."""
    started: list[Server] = []

    def server() -> Server:
        if not started:
            folder = programs()
            if folder is None:
                leave_out("no PostgreSQL server: apt-get install postgresql")
            started.append(Server(folder))
        return started[0]

    yield server
    for one in started:
        one.stop()


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory, postgresql_server: Callable[[], Server]) -> Copies:
    return Copies(tmp_path_factory.mktemp("databases"), postgresql_server)


def _schema(database: Database) -> None:
    migrations.upgrade(database)


@pytest.fixture
def database(request: pytest.FixtureRequest, copies: Copies) -> Iterator[Database]:
    """A database of this test's own: migrated; with the small estate where the test asks for `engine`."""
    kind = getattr(request, "param", "sqlite")
    made = copies.copy(kind, "schema", _schema)
    yield made
    copies.drop(made)


def find_chromium() -> str | None:
    named = os.environ.get("ANJU_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = find_chromium()
    if path is None:
        leave_out("no Chromium: apt-get install chromium, or set ANJU_CHROMIUM")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": [*BROWSER_FLAGS, *sandbox]}
