"""The cast: the sign-ins of the demonstration district, and what a test holds of one of them."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.engine import Engine
from housing import people, tokens
from housing.demo import SIGN_INS

USERNAMES = tuple(entry[0] for entry in SIGN_INS)
ROLE_OF = {entry[0]: (entry[2], entry[3]) for entry in SIGN_INS}


class Api:
    """Somebody at the API: paths are below /api/v1, and the token goes along."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, **({"json": json} if json is not None else {}), **options)


def token_of(engine: Engine, username: str) -> str:
    """A token as signing in gives it, without the time that a password takes to check; it outlives a test that moves the clock."""
    with engine.database.writing() as session:
        return tokens.issue(session, username, engine.clock.now(), timedelta(days=3650))[0]


def enter(client: FlaskClient, engine: Engine, username: str) -> FlaskClient:
    """The client with `username` signed in, as the sign-in page leaves it."""
    with engine.database.reading() as session:
        account = people.get(session, username)
        assert account is not None, username
        identity = f"{account.secret_version}:{username}"
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = identity, True
    return client
