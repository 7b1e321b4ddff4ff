"""What tests stand on: a clock, a database of their own, a small estate, the cast, the application, a browser.

The rooms are imported where a fixture needs them, so that the tests of one room run while another is being rebuilt.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

import migrations
from engine.clock import TestClock
from engine.database import Database
from tests.databases import Copies, Server, leave_out, programs

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from engine.engine import Engine
    from tests.cast import Api
    from webapp.config import Config

ROOT = Path(__file__).resolve().parent.parent
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


def _estate(database: Database) -> None:
    """The demonstration's places, people and homes, without cases."""
    from housing import demo

    _schema(database)
    demo.load(_compose(config_of(database), clock=TestClock(MONDAY), database=database), with_cases=False)


def _deployed(database: Database) -> None:
    """The same with everything under processes/ deployed."""
    from engine import definitions
    from engine.actor import OPERATOR_OF_THE_MACHINE

    _estate(database)
    engine = _compose(config_of(database), clock=TestClock(MONDAY), database=database)
    definitions.deploy(engine, definitions.read_folder(ROOT / "processes", ROOT / "forms" / "library"), OPERATOR_OF_THE_MACHINE)


TEMPLATES = {"schema": _schema, "estate": _estate, "deployed": _deployed}


def _compose(config: "Config", **parts: Any) -> "Engine":
    from webapp.composition import compose

    return compose(config, **parts)


def config_of(database: Database, folder: Path | None = None) -> "Config":
    """The settings of a test's installation."""
    from webapp.config import Config

    return Config(database_url=database.url, secret_key="of the tests alone, 32 characters", testing=True, demo=True,
                  data_dir=folder or Path(tempfile.gettempdir()), processes_path=ROOT / "processes")


def _template_for(names: Collection[str]) -> str:
    if "deployed" in names or "app" in names:
        return "deployed"
    return "estate" if "engine" in names else "schema"


@pytest.fixture
def database(request: pytest.FixtureRequest, copies: Copies) -> Iterator[Database]:
    """A database of this test's own: migrated; with the estate for `engine`, the processes for `deployed` and `app`."""
    template = _template_for(request.fixturenames)
    made = copies.copy(getattr(request, "param", "sqlite"), template, TEMPLATES[template])
    yield made
    copies.drop(made)


@pytest.fixture
def engine(database: Database, clock: TestClock, tmp_path: Path) -> "Engine":
    """The engine as `create_app` composes it, over a small estate with the cast of `tests/cast.py`; nothing is deployed."""
    return _compose(config_of(database, tmp_path), clock=clock, database=database)


@pytest.fixture
def deployed(engine: "Engine") -> "Engine":
    """The engine with everything under processes/ deployed."""
    return engine


@pytest.fixture
def app(deployed: "Engine", tmp_path: Path) -> "Flask":
    """The application over `deployed`. Forms need no forgery token here; `server` asks for it as life does."""
    from webapp import create_app, security

    made = create_app(config_of(deployed.database, tmp_path), engine=deployed)
    security.limiter.reset()
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A browser without a sign-in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: "Flask", deployed: "Engine") -> "Callable[..., FlaskClient]":
    """`sign_in(client, "bureau")` signs somebody in; `sign_in("bureau")` gives them a browser of their own."""
    from tests.cast import enter

    def enter_as(*who: Any) -> "FlaskClient":
        return enter(who[0] if len(who) == 2 else app.test_client(), deployed, who[-1])

    return enter_as


@pytest.fixture
def api(app: "Flask", deployed: "Engine") -> "Callable[[str | None], Api]":
    """`api("bureau")` is somebody at the API, `api(None)` anybody."""
    from tests.cast import Api, token_of

    return lambda username: Api(app, token_of(deployed, username) if username else None)


@pytest.fixture
def server(app: "Flask") -> Iterator[str]:
    """The application answering on a port of this machine, for browsers; its address."""
    app.config["WTF_CSRF_ENABLED"] = True
    running = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def page_of(request: pytest.FixtureRequest, server: str, app: "Flask", deployed: "Engine") -> Iterator[Callable[..., Any]]:
    """`page_of("bureau", locale="en", width=390)` is a Chromium page with somebody signed in; paths are below the address."""
    from tests.cast import enter

    browser, opened = request.getfixturevalue("browser"), []

    def open_page(username: str | None = None, *, locale: str = "zh", width: int = 1440, **options: Any) -> Any:
        languages = {"zh": "zh-CN", "en": "en-GB"}
        context = browser.new_context(base_url=server, locale=languages[locale], timezone_id="Asia/Shanghai",
                                      viewport={"width": width, "height": 900}, **options)
        opened.append(context)
        if username:
            cookie = enter(app.test_client(), deployed, username).get_cookie("anju_session")
            context.add_cookies([{"name": "anju_session", "value": cookie.value, "url": server}])
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


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
