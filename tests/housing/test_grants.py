"""Grants have days; a substitute holds another's for a while."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import update

from engine.actor import Actor, Grant
from engine.clock import TestClock
from engine.engine import Engine
from housing import people
from housing.grants import RoleGrant, Substitution
from housing.people import Account

Find = Callable[[str], Actor]


def _stands_in(engine: Engine, from_user: str, to_user: str, until: date = date(2026, 11, 30)) -> None:
    with engine.database.writing() as session:
        session.add(Substitution(from_user=from_user, to_user=to_user, valid_from=date(2026, 11, 23), valid_to=until))


def test_a_grant_begins_and_ends_with_its_days(engine: Engine, actor: Find, clock: TestClock) -> None:
    with engine.database.writing() as session:
        session.execute(update(RoleGrant).where(RoleGrant.username == "bureau").values(valid_to=date(2026, 11, 23)))
    assert actor("bureau").has_role("bureau")
    clock.advance(days=1)
    assert actor("bureau").grants == ()


def test_a_department_by_name_is_a_department_too(actor: Find) -> None:
    assert Grant("department", "fire_rescue") in actor("fire").grants
    assert not actor("bureau").has_role("department")


def test_a_substitute_holds_the_grants_of_the_absent_one_and_says_so(engine: Engine, actor: Find) -> None:
    _stands_in(engine, "subdistrict", "subdistrict.other")
    assert Grant("subdistrict", "daning_road", delegated_from="subdistrict") in actor("subdistrict.other").grants


def test_standing_in_ends_with_its_last_day(engine: Engine, actor: Find, clock: TestClock) -> None:
    _stands_in(engine, "subdistrict", "subdistrict.other", until=date(2026, 11, 23))
    clock.advance(days=1)
    assert actor("subdistrict.other").org_units == {"jiangning_road"}


def test_what_was_lent_is_not_lent_on(engine: Engine, actor: Find) -> None:
    _stands_in(engine, "subdistrict", "subdistrict.other")
    _stands_in(engine, "subdistrict.other", "operator")
    assert actor("operator").org_units == {"operator_01", "jiangning_road"}


def test_an_administrators_or_publishers_role_cannot_be_lent(engine: Engine, actor: Find) -> None:
    _stands_in(engine, "admin", "bureau")
    _stands_in(engine, "publisher", "bureau")
    assert actor("bureau").roles == {"bureau"}


def test_who_has_left_is_nobody(engine: Engine) -> None:
    with engine.database.writing() as session:
        session.execute(update(Account).where(Account.username == "bureau").values(active=False))
        assert people.actor_of(session, "bureau", engine.clock.now()) is None
        assert people.actor_of(session, "no.such", engine.clock.now()) is None
