"""The first administrator of an empty installation."""

import pytest

from engine.clock import TestClock
from tests.conftest import MONDAY, config_of
from webapp import create_app
from webapp.one_time import first_administrator_link

FIRST = {"username": "first", "display_zh": "第一位", "password": "a-good-password", "again": "a-good-password"}


@pytest.fixture
def empty(database, tmp_path):
    """An application over a migrated database in which nobody stands, and the link that its start prints."""
    config = config_of(database, tmp_path)
    made = create_app(config, clock=TestClock(MONDAY), database=database)
    made.config["WTF_CSRF_ENABLED"] = False
    return made.test_client(), first_administrator_link(config).removeprefix(config.address)


def test_the_link_makes_an_administrator_who_can_sign_in(empty):
    client, link = empty
    assert client.get(link).status_code == 200
    client.post(link, data=FIRST)
    client.post("/sign-in", data={"username": "first", "password": "a-good-password"})
    assert client.get("/accounts").status_code == 200


def test_the_link_works_once(empty):
    client, link = empty
    client.post(link, data=FIRST)
    again = client.post(link, data={**FIRST, "username": "second"})
    assert again.status_code == 404 and "已失效" in again.get_data(as_text=True)


def test_what_was_typed_stays_when_the_passwords_differ(empty):
    client, link = empty
    page = client.post(link, data={**FIRST, "again": "else"})
    assert page.status_code == 422 and "第一位" in page.get_data(as_text=True)


def test_a_made_up_link_is_refused(empty):
    client, _ = empty
    assert client.post("/first-administrator/made-up", data=FIRST).status_code == 404


def test_a_link_of_another_kind_does_not_open_this_door(empty):
    client, link = empty
    assert client.get(link.replace("first-administrator", "new-password")).status_code == 404
