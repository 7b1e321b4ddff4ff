"""Who could do a task now."""

from datetime import date

import pytest
from sqlalchemy import update

from engine.clock import TestClock
from engine.engine import Engine
from housing.grants import RoleGrant, Substitution
from housing.people import Account


def holders(engine: Engine, role: str, org_unit: str, position: str | None = None) -> frozenset[str]:
    with engine.database.reading() as session:
        return engine.directory.holders(session, frozenset({role}), org_unit, position)


@pytest.mark.any_database
def test_holders_are_found_at_the_unit_and_above_it(engine: Engine) -> None:
    assert holders(engine, "subdistrict", "daning_road") == {"subdistrict", "subdistrict.peer"}
    assert holders(engine, "bureau", "daning_road.committee_1") == {"bureau", "bureau.peer"}


def test_nobody_of_another_sub_district_or_below_is_a_holder(engine: Engine) -> None:
    assert "subdistrict.other" not in holders(engine, "subdistrict", "daning_road")
    assert holders(engine, "committee", "daning_road") == frozenset()


def test_a_substitute_is_a_holder_while_it_lasts(engine: Engine, clock: TestClock) -> None:
    with engine.database.writing() as session:
        session.add(Substitution(from_user="operator", to_user="police", valid_from=date(2026, 11, 23), valid_to=date(2026, 11, 24)))
    assert holders(engine, "operator", "operator_01") == {"operator", "police"}
    clock.advance(days=2)
    assert holders(engine, "operator", "operator_01") == {"operator"}


def test_who_has_left_or_whose_grant_has_ended_is_no_holder(engine: Engine) -> None:
    with engine.database.writing() as session:
        session.execute(update(Account).where(Account.username == "bureau").values(active=False))
        session.execute(update(RoleGrant).where(RoleGrant.username == "bureau.peer").values(valid_to=date(2026, 11, 1)))
    assert holders(engine, "bureau", "jingan") == frozenset()


def test_a_named_department_holds_what_asks_for_any_department(engine: Engine) -> None:
    assert "fire" in holders(engine, "department", "fire_rescue")
    assert "market" not in holders(engine, "department", "fire_rescue")


def test_a_narrowed_grant_fits_its_own_position_only(engine: Engine) -> None:
    with engine.database.writing() as session:
        session.execute(update(RoleGrant).where(RoleGrant.username == "operator").values(position="leasing"))
    assert holders(engine, "operator", "operator_01", "safety") == frozenset()
    assert holders(engine, "operator", "operator_01", "leasing") == {"operator"}
    assert holders(engine, "operator", "operator_01") == {"operator"}
