"""The hazard journey as its people live it: every level to its close, rounds, the ladder, requests, refusals."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import clock_moves, messages, tasks
from engine.engine import Engine
from engine.errors import InvalidData, NotAllowed, NotFound
from housing.homes import Project
from housing.listing import DynamicListEntry
from tests.drawing import Desk

STEPS = ("escalation_e0", "escalation_e1", "escalation_e2", "escalation_e3", "escalation_e4", "escalation_e5", "escalation_e6", "escalation_e7")
PLAN = {"measures": "拆除重做", "responsible": "项目负责岗", "funds_cny": "8600.00", "finish_on": "2026-11-30", "safeguards": "断电看守"}


class Journey(Desk):
    """One hazard and its people in Daning Road."""

    def report(self, **facts: Any) -> int:
        with self.engine.database.reading() as session:
            project = session.scalars(select(Project.id).where(
                Project.operator == "operator_01", Project.committee == "daning_road.committee_1")).first()
        given = {"project_id": project, "part": "3号楼2层走廊", "category": "electrical", "description": "公共走廊私拉电线",
                 "people_at_risk": "1-9", **facts}
        self.case_id = self.start("committee", key="hazard_rectification", **given)
        return self.case_id

    def graded(self, level: str = "L2", **facts: Any) -> int:
        self.report(**facts)
        self.do(self.case_id, "preliminary_handling", "committee", fixed_on_spot=False)
        self.do(self.case_id, "grade", "subdistrict", level=level, override_reason="按现场情况")
        return self.case_id

    def confirmed(self, level: str = "L2", **facts: Any) -> int:
        self.graded(level, **facts)
        self.do(self.case_id, "acknowledge", "operator", disputed=False)
        if level != "L1":
            self.do(self.case_id, "plan", "operator", **PLAN)
            self.do(self.case_id, "review_plan", "subdistrict", decision="approve")
        return self.again()

    def again(self) -> int:
        self.do(self.case_id, "rectify", "operator", progress=100, log="已整改")
        self.do(self.case_id, "confirm_completion", "operator", statement_of_truth=True, photos=[])
        return self.case_id

    def judged(self, result: str) -> list[str]:
        level = self.case(self.case_id).variables["level"]
        who = {"L1": "committee", "L4": "bureau.peer"}.get(level, "subdistrict.peer")
        left = self.do(self.case_id, "verify", who, result=result, on_site=True)
        if "verify_department" in left:
            left = self.do(self.case_id, "verify_department", "fire", result=result)
        return left

    def send(self, username: str, name: str, **variables: Any) -> list[int]:
        key = self.case(self.case_id).business_key
        return messages.send(self.engine, self.actor(username), name, key, variables)

    def fact(self, name: str) -> Any:
        return self.case(self.case_id).variables.get(name)


@pytest.fixture
def journey(deployed: Engine) -> Journey:
    return Journey(deployed)


@pytest.mark.parametrize("level", ["L1", "L2", "L3", "L4"])
def test_each_level_goes_from_report_to_close(journey: Journey, level: str) -> None:
    case_id = journey.confirmed(level)
    assert "close" in journey.judged("pass")
    journey.do(case_id, "close", "bureau" if level in ("L3", "L4") else "subdistrict", root_cause="线路老化")
    assert journey.case(case_id).state == "completed"


def test_two_failures_raise_the_level_and_call_the_department(journey: Journey) -> None:
    case_id = journey.confirmed("L2")
    journey.judged("fail")
    assert journey.fact("level") == "L2" and journey.open(case_id) == ["rectify"]
    journey.again()
    journey.judged("fail")
    assert journey.fact("level") == "L3" and journey.entered(case_id, *STEPS) == ["escalation_e4"]
    journey.again()
    assert "close" in journey.judged("pass")


def test_the_third_failure_opens_priority_inspection_and_lists_the_project(journey: Journey) -> None:
    case_id = journey.confirmed("L2")
    for _ in range(2):
        journey.judged("fail")
        journey.again()
    journey.judged("fail")
    assert "priority_inspection" in journey.open(case_id)
    with journey.engine.database.reading() as session:
        assert "third_failed_verification" in session.scalars(select(DynamicListEntry.reason)).all()


def test_partial_stays_in_the_round_with_half_the_period(journey: Journey) -> None:
    case_id = journey.confirmed("L2")
    journey.judged("partial")
    assert (journey.fact("round_no"), journey.fact("due_at")) == (1, "2026-12-01T00:00:00+08:00")
    assert journey.open(case_id) == ["rectify"]


def test_the_ladder_climbs_in_order_and_once_each(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    for timer_passes in range(45):
        journey.later(days=1)
        while timer_passes >= 0 and journey.later():
            pass
    assert journey.entered(case_id, *STEPS) == ["escalation_e0", *STEPS]


def test_a_major_hazard_begins_at_e3_and_reaches_e4_after_a_day_unsafe(journey: Journey) -> None:
    case_id = journey.graded("L4", imminent=True)
    assert {"acknowledge", "make_safe", "escalation_e3"} <= set(journey.open(case_id))
    journey.later(hours=25)
    assert "escalation_e4" in journey.open(case_id)


def test_the_deadline_counts_the_make_up_days_of_2024(journey: Journey) -> None:
    journey.engine.clock.set(datetime.fromisoformat("2024-09-27T17:00:00"))
    journey.graded("L2")
    journey.do(journey.case_id, "acknowledge", "operator", disputed=False)
    assert journey.fact("due_at") == "2024-10-17T00:00:00+08:00"


@pytest.mark.parametrize("username", ["subdistrict", "operator"])
def test_who_approved_or_confirmed_cannot_verify(journey: Journey, username: str) -> None:
    task = journey.task(journey.confirmed("L2"), "verify")
    for act in (lambda: tasks.claim(journey.engine, journey.actor(username), task.id),
                lambda: tasks.complete(journey.engine, journey.actor(username), task.id, {"result": "pass", "on_site": True})):
        with pytest.raises((NotAllowed, NotFound)):
            act()


def test_a_lead_cannot_assign_the_verification_to_who_approved(journey: Journey) -> None:
    task = journey.task(journey.confirmed("L2"), "verify")
    with pytest.raises(InvalidData):
        tasks.assign(journey.engine, journey.actor("subdistrict.lead"), task.id, "subdistrict")


@pytest.mark.parametrize("stranger", ["operator.other", "subdistrict.other"])
def test_others_see_neither_case_nor_task(journey: Journey, stranger: str) -> None:
    task = journey.task(journey.graded("L2"), "acknowledge")
    with pytest.raises(NotFound):
        tasks.claim(journey.engine, journey.actor(stranger), task.id)


def test_an_extension_before_the_end_moves_it_and_after_it_is_refused_by_rule(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    journey.send("operator", "hazard.extension_requested", days=3, reason="材料未到")
    journey.do(case_id, "decide_extension", "subdistrict.peer", decision="grant", days=3)
    assert journey.fact("due_at") == "2026-12-11T00:00:00+08:00"
    journey.engine.clock.advance(days=20)
    journey.send("operator", "hazard.extension_requested", days=3, reason="材料未到")
    assert "decide_extension" not in journey.open(case_id)


def test_an_upheld_dispute_goes_back_to_grading(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=True, dispute_reason="不在本项目")
    journey.do(case_id, "decide_dispute", "bureau", decision="uphold")
    assert journey.open(case_id) == ["grade"]


def test_worse_danger_is_graded_anew_and_forgets_nothing(journey: Journey) -> None:
    case_id = journey.graded("L2")
    before = len(journey.history(case_id))
    journey.send("committee", "hazard.danger_worse", danger="有明火")
    assert journey.open(case_id) == ["grade"] and len(journey.history(case_id)) > before


def test_a_message_of_another_role_is_refused(journey: Journey) -> None:
    journey.graded("L2")
    with pytest.raises(NotAllowed):
        journey.send("committee", "hazard.extension_requested", days=3)


def test_what_was_reported_within_thirty_days_is_linked(journey: Journey) -> None:
    journey.report()
    second = journey.report()
    assert journey.case(second).state == "completed" and journey.entered(second, "linked") == ["linked"]


def test_a_fix_on_the_spot_closes_the_same_day(journey: Journey) -> None:
    case_id = journey.report()
    journey.do(case_id, "preliminary_handling", "committee", fixed_on_spot=True)
    assert journey.case(case_id).state == "completed"


def test_the_notice_counts_as_served_by_claiming_or_after_a_day(journey: Journey) -> None:
    first = journey.graded("L2")
    tasks.claim(journey.engine, journey.actor("operator"), journey.task(first, "acknowledge").id)
    assert str(journey.fact("served_at")).startswith("2026-11-23T10:32")
    journey.graded("L2", part="另一处")
    journey.later(hours=24)
    assert str(journey.fact("served_at")).startswith("2026-11-24T10:32")


def test_a_closed_hazard_is_looked_at_again_after_thirty_days(journey: Journey) -> None:
    case_id = journey.confirmed("L2")
    journey.judged("pass")
    journey.do(case_id, "close", "subdistrict", root_cause="线路老化")
    journey.later(days=30, hours=1)
    assert "look_again" in journey.open(case_id + 1)


def test_only_a_demonstration_moves_its_clock(journey: Journey) -> None:
    with pytest.raises(NotAllowed):
        clock_moves.advance(journey.engine, journey.actor("subdistrict"), timedelta(days=1))
