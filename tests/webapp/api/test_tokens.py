from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from engine.actor import Actor
from engine.clock import TestClock
from engine.engine import Engine
from housing import accounts
from tests.cast import Api

PASSWORD = "anju-demo"


def sign(api: Callable[[str | None], Api], username: str = "committee", password: str = PASSWORD, **more: Any) -> Any:
    return api(None).post("/tokens", {"username": username, "password": password, **more})


def test_a_name_and_password_give_a_token_that_opens_the_rest(api: Any, app: Flask) -> None:
    answer = sign(api)
    assert answer.status_code == 201 and answer.json["expires_at"].endswith("+08:00")
    me = Api(app, answer.json["token"]).get("/me").json
    assert me["username"] == "committee"
    assert me["roles"] == [{"role": "committee", "org_unit": "daning_road.committee_1", "position": None, "delegated_from": None}]


def test_without_a_token_every_call_but_signing_in_is_refused(api: Any) -> None:
    answer = api(None).get("/tasks")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


def test_a_wrong_password_and_an_unknown_name_look_the_same(api: Any) -> None:
    wrong, unknown = sign(api, password="guess"), sign(api, "nobody", "guess")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json == unknown.json


def test_after_five_wrong_tries_the_account_is_paused_and_says_how_long(api: Any) -> None:
    for _ in range(5):
        answer = sign(api, password="guess")
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 900
    assert sign(api).status_code == 429


def test_a_token_ends_after_its_time(api: Any, app: Flask, clock: TestClock) -> None:
    token = sign(api).json["token"]
    clock.advance(hours=13)
    assert Api(app, token).get("/me").status_code == 401


def test_moving_the_demonstration_clock_signs_nobody_out(api: Any, app: Flask, clock: TestClock) -> None:
    token = sign(api).json["token"]
    clock.offset += timedelta(days=60)
    assert Api(app, token).get("/me").status_code == 200


def test_closing_an_account_ends_its_tokens(api: Any, app: Flask, deployed: Engine) -> None:
    token = sign(api).json["token"]
    with deployed.database.writing() as session:
        accounts.deactivate(session, Actor("admin"), "committee", deployed.clock.now())
    assert Api(app, token).get("/me").status_code == 401
    assert sign(api).status_code == 401


def test_a_token_can_be_given_back(api: Any, app: Flask) -> None:
    token = sign(api).json["token"]
    assert Api(app, token).call("DELETE", "/tokens/current").status_code == 204
    assert Api(app, token).get("/me").status_code == 401


def test_what_stands_in_the_database_signs_nobody_in(api: Any, app: Flask, deployed: Engine) -> None:
    from housing.tokens import ApiToken

    sign(api)
    with deployed.database.reading() as session:
        kept = [row.digest for row in session.query(ApiToken)]
    assert kept and all(Api(app, digest).get("/me").status_code == 401 for digest in kept)
