"""The demonstration district: complete, marked, and its cases run by the real process."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import func, select

from engine import history
from engine.calendar import read
from engine.clock import TestClock
from engine.engine import Engine
from engine.tables import OPEN_STATES, Case, Incident, Setting, Task
from housing import demo, people, sign_ins
from housing.demo.histories import earlier, later
from housing.hazards import Hazard
from housing.homes import Dwelling, Project
from housing.people import Account
from tests.conftest import MONDAY, TEMPLATES, _compose, config_of
from tests.databases import Copies

NAMED = """admin auditor designer publisher bureau bureau.peer bureau.lead subdistrict subdistrict.peer subdistrict.lead
subdistrict.other committee operator operator.other enforcement fire police market hrss applicant applicant.other tenant"""


def count(engine: Engine, *tests: object) -> int:
    with engine.database.reading() as session:
        return session.scalar(select(func.count()).where(*tests)) or 0


def test_the_sign_ins_are_exactly_those_promised(engine: Engine) -> None:
    with engine.database.reading() as session:
        able = set(session.scalars(select(Account.username).where(Account.password_hash != "")))
    assert able == set(NAMED.split())


def test_they_sign_in_with_the_demonstrations_password_and_nobody_else_does(engine: Engine) -> None:
    assert sign_ins.check(engine.database, "committee", "anju-demo", engine.clock.now()).username == "committee"
    for username, password in (("committee", "anju-demo "), ("daning_road.committee_2.commissioner", ""), ("no.such", "anju-demo")):
        with pytest.raises(sign_ins.WrongSignIn):
            sign_ins.check(engine.database, username, password, engine.clock.now())


def test_at_least_forty_projects_in_every_sub_district_and_six_thousand_dwellings(engine: Engine) -> None:
    assert count(engine, Project.id.is_not(None)) >= 40
    assert count(engine, Dwelling.id.is_not(None)) >= 6000
    with engine.database.reading() as session:
        assert len(set(session.scalars(select(Project.subdistrict)))) == 14


def test_the_cast_shares_a_project_and_the_others_have_no_part_in_it(engine: Engine) -> None:
    with engine.database.reading() as session:
        first = session.get_one(Project, 1)
        operators = set(session.scalars(select(Project.operator).where(Project.subdistrict == "daning_road")))
    assert (first.subdistrict, first.committee, first.operator) == ("daning_road", "daning_road.committee_1", "operator_01")
    assert "operator_02" not in operators


def test_an_empty_database_is_told_from_a_demonstration_and_from_a_real_one(engine: Engine, copies: Copies) -> None:
    bare = copies.copy("sqlite", "schema", TEMPLATES["schema"])
    with bare.reading() as session:
        assert demo.is_empty(session) and not demo.is_demonstration(session)
    with engine.database.writing() as session:
        assert demo.is_demonstration(session) and not demo.is_empty(session)
        session.merge(Setting(key="demo", value=False))
        session.flush()
        assert not demo.is_demonstration(session)


# -- the cases -----------------------------------------------------------------------------------


def _with_cases(database: object) -> None:
    TEMPLATES["deployed"](database)  # type: ignore[arg-type]
    demo.histories(_compose(config_of(database), clock=TestClock(MONDAY), database=database))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def told(copies: Copies) -> Iterator[Engine]:
    """The demonstration with its cases, made once for this file; its tests only read."""
    database = copies.copy("sqlite", "told", _with_cases)
    yield _compose(config_of(database), clock=TestClock(MONDAY), database=database)
    copies.drop(database)


def test_at_least_120_cases_are_open_and_some_have_ended(told: Engine) -> None:
    assert count(told, Case.ended_at.is_(None)) >= 120
    assert count(told, Case.state == "completed") >= 10


def test_hazards_stand_in_every_state_and_level(told: Engine) -> None:
    with told.database.reading() as session:
        statuses, levels = set(session.scalars(select(Hazard.status))), set(session.scalars(select(Hazard.level)))
    assert {"reported", "graded", "notified", "planned", "rectifying", "confirmed", "verify_failed", "verified", "closed",
            "merged", "rejected", "withdrawn", "on_spot_fixed"} <= statuses
    assert {"L1", "L2", "L3", "L4"} <= levels


def test_every_step_of_the_ladder_has_been_reached(told: Engine) -> None:
    with told.database.reading() as session:
        steps = set(session.scalars(select(Task.element_id).where(Task.element_id.startswith("escalation_"))))
    assert steps == {f"escalation_e{step}" for step in range(8)}


def test_the_cast_finds_work_of_its_own(told: Engine) -> None:
    with told.database.reading() as session:
        units = set(session.scalars(select(Task.org_unit).where(Task.state.in_(OPEN_STATES))))
    assert {"daning_road", "daning_road.committee_1", "operator_01"} <= units


def test_no_case_has_failed_and_every_chain_holds(told: Engine) -> None:
    assert count(told, Incident.id.is_not(None)) == 0
    with told.database.reading() as session:
        assert history.verify(session) == []


def test_nothing_happens_after_the_present_or_by_a_stranger(told: Engine) -> None:
    with told.database.reading() as session:
        assert (session.scalar(select(func.max(Case.changed_at))) or told.clock.now()) <= told.clock.now()
        doers = set(session.scalars(select(Task.completed_by).where(Task.completed_by.is_not(None))))
        assert all(people.get(session, name) is not None for name in doers)


def test_the_acts_keep_to_working_hours(engine: Engine) -> None:
    friday = datetime.fromisoformat("2026-11-27T16:30:00+08:00")
    with engine.database.reading() as session:
        days = read(session)
    assert later(days, friday, 1).isoformat() == "2026-11-30T09:30:00+08:00"
    assert earlier(days, later(days, friday, 20), 20) == friday
