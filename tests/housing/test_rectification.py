"""What the hazard process leaves in the registers, run as it is deployed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine import cases, history, messages
from engine.actor import Actor
from engine.clock import TestClock
from engine.engine import Engine
from engine.ports import FunctionContext
from engine.tables import CaseLink
from housing import hazards, listing, parameters, rectification
from housing.hazards import Hazard, HazardNotice
from housing.homes import Operator, Project
from tests.housing.conftest import Journey

Find = Callable[[str], Actor]


def hazard_of(engine: Engine, number: str) -> Hazard:
    with engine.database.reading() as session:
        found = hazards.get(session, number)
        assert found is not None
        return found


def test_a_report_makes_the_hazard_with_its_number_and_case(journey: Journey) -> None:
    journey.report()
    hazard = hazard_of(journey.engine, journey.number)
    assert journey.number == "JA-HZ-2026-00001"
    assert (hazard.case_id, hazard.reported_by, hazard.status) == (journey.case_id, "committee", "reported")
    assert (hazard.source, hazard.people_at_risk, hazard.imminent) == ("commissioner_patrol", "1-9", False)


def test_the_register_follows_the_case_to_its_close(journey: Journey) -> None:
    statuses = []
    journey.report().until_rectify()
    statuses.append(hazard_of(journey.engine, journey.number).status)
    journey.until_verify()
    statuses.append(hazard_of(journey.engine, journey.number).status)
    journey.do("subdistrict.peer", "verify", result="pass").do("subdistrict", "close", root_cause="巡查少")
    closed = hazard_of(journey.engine, journey.number)
    assert [*statuses, closed.status] == ["rectifying", "confirmed", "closed"]
    assert closed.closed_at == journey.engine.clock.now() and closed.root_cause == "巡查少"


def test_a_failed_verification_counts_a_round_and_raises_the_level_the_second_time(journey: Journey) -> None:
    journey.report().until_rectify().until_verify().do("subdistrict.peer", "verify", result="fail")
    first = hazard_of(journey.engine, journey.number)
    assert (first.status, first.round, first.level) == ("verify_failed", 2, "L2")
    journey.until_verify().do("subdistrict.peer", "verify", result="fail")
    second = hazard_of(journey.engine, journey.number)
    assert (second.round, second.level, second.failed_verifications) == (3, "L3", 2)


def test_the_same_place_within_thirty_days_joins_the_open_hazard(journey: Journey) -> None:
    number = journey.report().number
    case_id = journey.case_id
    journey.report(by="subdistrict", part=" 2层走廊")
    again = hazard_of(journey.engine, journey.number)
    assert (again.status, again.duplicate_of, journey.outcome.case.state) == ("merged", number, "completed")
    with journey.engine.database.reading() as session:
        assert session.get(CaseLink, (journey.case_id, case_id, "duplicate_of")) is not None


@pytest.mark.parametrize("other", [{"category": "e_bike"}, {"part": "3层走廊"}, {"project_id": 15}])
def test_another_category_part_or_project_is_a_hazard_of_its_own(journey: Journey, other: dict[str, object]) -> None:
    journey.report().report(**other)
    assert hazard_of(journey.engine, journey.number).status == "reported"


def test_what_was_fixed_and_comes_back_is_a_recurrence(journey: Journey) -> None:
    number = journey.report().do("committee", "preliminary_handling", fixed_on_spot=True).number
    assert hazard_of(journey.engine, number).status == "on_spot_fixed"
    journey.report()
    assert hazard_of(journey.engine, journey.number).recurrence_of == number
    assert journey.outcome.case.variables["history"]["recurred"] is True


def test_what_came_back_after_half_a_year_is_no_recurrence(journey: Journey, clock: TestClock) -> None:
    journey.report().do("committee", "preliminary_handling", fixed_on_spot=True)
    clock.advance(days=181)
    journey.report()
    assert hazard_of(journey.engine, journey.number).recurrence_of is None


def test_what_is_no_hazard_is_rejected(journey: Journey) -> None:
    journey.report().do("committee", "preliminary_handling", fixed_on_spot=False).do("subdistrict", "grade", is_hazard=False)
    assert hazard_of(journey.engine, journey.number).status == "rejected"


def test_a_cancelled_case_withdraws_its_hazard(journey: Journey, actor: Find) -> None:
    journey.report()
    cases.cancel(journey.engine, actor("admin"), journey.case_id, "误报")
    assert hazard_of(journey.engine, journey.number).status == "withdrawn"


def test_the_notice_bears_the_hazards_number_and_goes_to_the_operator(journey: Journey) -> None:
    journey.report().until_rectify()
    with journey.engine.database.reading() as session:
        notice = session.scalars(select(HazardNotice)).one()
    assert (notice.reference, notice.addressee, notice.kind) == (journey.number, "operator_01", "rectification")


def test_a_serious_hazard_puts_its_project_on_the_dynamic_list(journey: Journey) -> None:
    journey.report().do("committee", "preliminary_handling", fixed_on_spot=False)
    journey.do("subdistrict", "grade", is_hazard=True, level="L3", override_reason="现场核实")
    with journey.engine.database.reading() as session:
        assert [entry.reason for entry in listing.current(session, 1)] == ["open_serious"]


def test_a_refused_access_leaves_a_numbered_notice_without_a_person(journey: Journey, actor: Find) -> None:
    journey.report().until_rectify()
    messages.send(journey.engine, actor("operator"), "hazard.access_refused", journey.number, {"refused_note": "未应门"})
    with journey.engine.database.reading() as session:
        notice = session.get(HazardNotice, f"{journey.number}-A1")
    assert notice is not None and notice.addressee is None and set(notice.content) == {"dwelling_id", "part"}


# -- the steps of the ladder ---------------------------------------------------------------------


def raised(engine: Engine, step: str, level: str = "L2", number: str = "H1") -> dict[str, object]:
    now = engine.clock.now()
    with engine.database.writing() as session:
        if hazards.get(session, number) is None:
            session.add(Hazard(number=number, project_id=1, part="x", category="gas", reported_by="committee", reported_at=now))
            session.flush()
        said = {"escalation": step, "level": level, "due_at": (now - timedelta(days=1)).isoformat()}
        return rectification.raise_step(FunctionContext(said, session, now, Actor("system"), 0, number, "p", "raise_step"))


@pytest.mark.parametrize(("step", "level", "listed"), [("e0", "L2", False), ("e1", "L4", False), ("e2", "L2", True), ("e2", "L1", False)])
def test_from_e2_and_l2_on_the_project_is_listed(engine: Engine, step: str, level: str, listed: bool) -> None:
    assert raised(engine, step, level)["listed"] is listed
    with engine.database.reading() as session:
        assert bool(listing.current(session, 1)) is listed


def test_e3_orders_supervision_once_with_a_deadline_in_working_days(engine: Engine) -> None:
    first, again = raised(engine, "e3"), raised(engine, "e3")
    assert first["supervision_order"] == again["supervision_order"] is not None
    with engine.database.reading() as session:
        order = session.scalars(select(listing.SupervisionOrder)).one()
    assert order.due_at is not None and order.due_at.isoformat() == "2026-11-27T00:00:00+08:00"


def test_e7_suspends_supply_and_takes_credit_points_once(engine: Engine) -> None:
    assert raised(engine, "e7")["credit_points"] == -10
    assert raised(engine, "e7")["credit_points"] == 0
    with engine.database.reading() as session:
        assert session.get_one(Project, 1).supply_status == "suspended"
        assert session.get_one(Operator, "operator_01").credit_points == 90


def test_the_parameters_move_the_effects(engine: Engine) -> None:
    with engine.database.writing() as session:
        for key, value in (("hazard.suspend_supply_at", "e6"), ("hazard.credit_points_at_e7", 3)):
            session.execute(update(parameters.PolicyParameter).where(parameters.PolicyParameter.key == key).values(value=value))
    assert raised(engine, "e6")["supply_suspended"] is True
    assert raised(engine, "e7")["credit_points"] == -3


def test_one_in_five_is_sampled_the_same_way_each_time(engine: Engine) -> None:
    numbers = [f"JA-HZ-2026-{one:05d}" for one in range(400)]
    with engine.database.writing() as session:
        session.add_all(Hazard(number=one, project_id=1, part="x", category="gas", reported_by="committee",
                               reported_at=engine.clock.now()) for one in numbers)
        session.flush()

        def sample(number: str) -> bool:
            return rectification.sample_spot_fix(FunctionContext({}, session, engine.clock.now(), Actor("a"), 0, number, "p", "e"))

        first = [sample(one) for one in numbers]
        assert first == [sample(one) for one in numbers]
        assert 0.13 < sum(first) / len(first) < 0.27


def test_the_chains_of_the_whole_journey_hold(journey: Journey) -> None:
    journey.report().until_rectify().until_verify()
    with journey.engine.database.reading() as session:
        assert history.verify(session) == []
