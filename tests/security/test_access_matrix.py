"""Every route answers every one of the cast as access_matrix.csv says."""

from collections.abc import Iterator

import pytest
from flask import Flask

from engine.clock import TestClock
from tests.conftest import MONDAY, TEMPLATES, config_of
from tests.databases import Copies
from tests.security.matrix import COLUMNS, World, entered, routes
from webapp import create_app, security

VERDICTS = {"yes", "sign_in", "forbidden", "hidden"}


@pytest.fixture(scope="module")
def world(copies: Copies) -> Iterator[World]:
    database = copies.copy("sqlite", "deployed", TEMPLATES["deployed"])
    app: Flask = create_app(config_of(database), clock=TestClock(MONDAY), database=database)
    app.config["WTF_CSRF_ENABLED"] = False
    security.limiter.enabled = False
    yield World(app)
    security.limiter.enabled = True
    copies.drop(database)


def test_every_cell_holds_a_verdict() -> None:
    assert {row[name] for row in entered().values() for name in COLUMNS} <= VERDICTS


@pytest.mark.parametrize("username", COLUMNS)
def test_each_of_the_cast_gets_where_the_matrix_says_and_nowhere_else(world: World, username: str) -> None:
    table = entered()
    wanted = {key: row[username] for key, row in table.items()}
    found = {(method, rule.rule): world.ask(username, method, rule) for method, rule in routes(world.app)
             if (method, rule.rule) in table}
    assert {key: (verdict, wanted[key]) for key, verdict in found.items() if verdict != wanted[key]} == {}


def test_without_signing_in_only_the_open_pages_answer() -> None:
    open_to_all = {route for (_, route), row in entered().items() if row["anybody"] == "yes"}
    assert not {route for route in open_to_all if route.startswith(("/cases", "/tasks", "/inbox", "/operations", "/accounts"))}


def test_nobody_of_another_place_sees_what_those_in_charge_see() -> None:
    for (method, route), row in entered().items():
        if "<row:case_id>" in route or "<row:task_id>" in route:
            assert row["subdistrict.other"] == row["operator.other"] == "hidden", (method, route)
