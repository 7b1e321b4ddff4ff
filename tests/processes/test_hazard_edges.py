"""The hazard journey at its edges: stand-ins, pauses, deciders, the demonstration clock, and very many rounds."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import cases, clock_moves, history, incidents, messages, standing, tasks, timers
from engine.engine import Engine
from engine.errors import EngineError, NotAllowed, NotFound
from engine.tables import Case, Timer
from housing import hazards, substitutes
from tests.processes.test_hazard_rectification import PLAN, STEPS, Journey


@pytest.fixture
def journey(deployed: Engine) -> Journey:
    return Journey(deployed)


def refused(journey: Journey, username: str, element_id: str) -> bool:
    """Whether `username` can neither claim nor complete it."""
    task, actor = journey.task(journey.case_id, element_id), journey.actor(username)
    for act in (lambda: tasks.claim(journey.engine, actor, task.id), lambda: tasks.complete(journey.engine, actor, task.id, {"result": "pass", "on_site": True})):
        try:
            act()
        except (NotAllowed, NotFound):
            continue
        return False
    return True


def stands_in(journey: Journey, for_whom: str, who: str) -> None:
    today = journey.engine.clock.now().date()
    substitutes.arrange(journey.engine, journey.actor(for_whom), for_whom, who, today, today + timedelta(days=30))


def dues(journey: Journey) -> list[str]:
    with journey.engine.database.reading() as session:
        return [row.due_at.isoformat() for row in timers.of_case(session, journey.case_id)]


@pytest.mark.parametrize(("for_whom", "who"), [("operator", "subdistrict.other"), ("subdistrict", "subdistrict.other"), ("subdistrict", "bureau")])
def test_who_stands_in_for_whoever_confirmed_or_approved_cannot_verify(journey: Journey, for_whom: str, who: str) -> None:
    journey.confirmed("L2")
    stands_in(journey, for_whom, who)
    assert refused(journey, who, "verify")


def test_who_confirmed_cannot_verify_as_a_stand_in_of_a_verifier(journey: Journey) -> None:
    journey.confirmed("L2")
    stands_in(journey, "subdistrict.peer", "operator")
    stands_in(journey, "subdistrict.lead", "subdistrict")
    assert refused(journey, "operator", "verify") and refused(journey, "subdistrict", "verify")
    assert "close" in journey.judged("pass")


def test_somebody_who_stands_in_for_another_may(journey: Journey) -> None:
    case_id = journey.confirmed("L2")
    stands_in(journey, "subdistrict.peer", "subdistrict.other")
    journey.do(case_id, "verify", "subdistrict.other", result="pass", on_site=True)
    assert "close" in journey.open(case_id)


def test_the_department_and_the_sub_district_are_two_people(journey: Journey) -> None:
    case_id = journey.confirmed("L3")
    assert {"verify", "verify_department"} <= set(journey.open(case_id))
    journey.do(case_id, "verify", "subdistrict.peer", result="pass", on_site=True)
    assert "close" not in journey.open(case_id) and refused(journey, "subdistrict.peer", "verify_department")
    journey.do(case_id, "verify_department", "fire", result="fail")
    assert journey.fact("outcome") == "fail" and "rectify" in journey.open(case_id)


def test_a_major_hazard_is_at_once_with_the_operator_the_bureau_and_the_department_s_sight(journey: Journey) -> None:
    case_id = journey.graded("L4", imminent=True)
    with journey.engine.database.reading() as session:
        opened = {row.element_id: row.created_at for row in tasks.open_of_case(session, case_id)}
    assert {opened[name] for name in ("acknowledge", "make_safe", "escalation_e3")} == {journey.engine.clock.now()}


def test_made_safe_in_time_there_is_no_e4_after_a_day(journey: Journey) -> None:
    case_id = journey.graded("L4", imminent=True)
    journey.do(case_id, "make_safe", "operator", measures="断电")
    journey.later(hours=25)
    assert "escalation_e4" not in journey.open(case_id)


def test_the_demonstration_clock_climbs_the_whole_ladder(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    clock_moves.advance(journey.engine, journey.actor("admin"), timedelta(days=45))
    assert journey.entered(case_id, *STEPS) == ["escalation_e0", *STEPS]
    with journey.engine.database.reading() as session:
        at = [row.at.isoformat()[:16] for row in history.of_case(session, case_id) if row.event == "entered" and row.element_id in STEPS]
        assert at == sorted(at) and at[2] == "2026-12-08T00:00" and history.verify(session) == []
        assert incidents.open_incidents(session) == []


def test_the_ladder_stops_when_the_hazard_is_closed(journey: Journey) -> None:
    case_id = journey.confirmed("L2")
    journey.judged("pass")
    journey.do(case_id, "close", "subdistrict", root_cause="线路老化")
    clock_moves.advance(journey.engine, journey.actor("admin"), timedelta(days=29))
    assert journey.entered(case_id, *STEPS) == [] and dues(journey) == []


def test_refused_access_stops_the_clock_and_the_pause_is_not_the_operator_s(journey: Journey) -> None:
    case_id = journey.graded("L1")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    due = journey.fact("due_at")
    journey.send("operator", "hazard.access_refused")
    assert journey.fact("clock_paused") == "tenant_access"
    journey.later(hours=24)
    assert "mediate_access" in journey.open(case_id)
    clock_moves.advance(journey.engine, journey.actor("admin"), timedelta(days=9))
    assert journey.entered(case_id, *STEPS) == []
    journey.do(case_id, "mediate_access", "committee", granted=True)
    assert journey.fact("clock_paused") is None and str(journey.fact("due_at")) > str(due)
    assert str(journey.fact("due_at"))[:16] == "2026-12-07T00:00"


def test_access_refused_again_is_heard_again(journey: Journey) -> None:
    case_id = journey.graded("L1")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    for number in (1, 2):
        journey.send("operator", "hazard.access_refused")
        journey.later(hours=24)
        assert journey.entered(case_id, "mediate_access") == ["mediate_access"] * number
        journey.do(case_id, "mediate_access", "committee", granted=True)


def test_two_extensions_and_no_third(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    for _ in range(2):
        journey.send("operator", "hazard.extension_requested", days=1, reason="材料未到")
        journey.do(case_id, "decide_extension", "subdistrict", decision="grant", days=1)
    due = journey.fact("due_at")
    journey.send("operator", "hazard.extension_requested", days=1, reason="材料未到")
    assert "decide_extension" not in journey.open(case_id) and journey.fact("due_at") == due


def test_a_refused_extension_leaves_the_end_where_it_was(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    due, before = journey.fact("due_at"), dues(journey)
    journey.send("operator", "hazard.extension_requested", days=2, reason="天气")
    journey.do(case_id, "decide_extension", "subdistrict", decision="refuse")
    assert (journey.fact("due_at"), dues(journey)) == (due, before)


def test_a_granted_extension_replaces_the_timer_and_adds_none(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    before = dues(journey)
    journey.send("operator", "hazard.extension_requested", days=2, reason="天气")
    journey.do(case_id, "decide_extension", "subdistrict", decision="grant", days=2)
    assert len(dues(journey)) == len(before) and dues(journey) > before


def test_withdrawn_it_ends_with_everything_in_it(journey: Journey) -> None:
    case_id = journey.graded("L3")
    journey.send("subdistrict", "hazard.withdrawn", withdrawal="withdraw", withdrawal_reason="重复上报")
    assert journey.case(case_id).state == "completed" and journey.open(case_id) == [] and dues(journey) == []
    with journey.engine.database.reading() as session:
        found = hazards.get(session, journey.case(case_id).business_key)
        assert found is not None and found.status == "withdrawn"


def test_worse_danger_at_level_4_starts_over_at_level_4(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    journey.send("operator", "hazard.danger_worse", danger="墙体开裂加快")
    journey.do(case_id, "grade", "subdistrict", level="L4", override_reason="墙体开裂加快")
    assert {"make_safe", "escalation_e3", "acknowledge"} <= set(journey.open(case_id))
    assert journey.fact("level") == "L4" and ("left", "acknowledge") in journey.history(case_id)


def test_a_dispute_rejected_changes_nothing(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=True, dispute_reason="不在本项目")
    journey.do(case_id, "decide_dispute", "bureau", decision="reject")
    assert "plan" in journey.open(case_id)


def test_the_third_return_of_a_plan_calls_a_meeting(journey: Journey) -> None:
    case_id = journey.graded("L2")
    journey.do(case_id, "acknowledge", "operator", disputed=False)
    for _ in range(3):
        journey.do(case_id, "plan", "operator", **PLAN)
        journey.do(case_id, "review_plan", "subdistrict", decision="return")
    assert "plan_meeting" in journey.open(case_id)


def test_thirty_rounds_of_one_hazard_keep_its_state_flat(journey: Journey) -> None:
    case_id, sizes = journey.confirmed("L2"), []
    for _ in range(30):
        journey.judged("partial")
        journey.again()
        with journey.engine.database.reading() as session:
            sizes.append(len(session.get_one(Case, case_id).blob))
    assert max(sizes[5:]) < 1.2 * min(sizes[:5])
    assert journey.history(case_id).count(("left", "verify")) == 30


def test_what_a_page_shows_of_where_it_stands_is_what_is_open(journey: Journey) -> None:
    case_id = journey.graded("L3")
    with journey.engine.database.reading() as session:
        case = session.get_one(Case, case_id)
        stands = {one.element_id for one in standing.activity_instances(journey.engine, session, case)}
    assert set(journey.open(case_id)) | {"handling", "notice", "escalation_ladder"} <= stands


def test_suspended_nothing_of_it_moves(journey: Journey) -> None:
    case_id = journey.graded("L2")
    cases.suspend(journey.engine, journey.actor("bureau.lead"), case_id)
    clock_moves.advance(journey.engine, journey.actor("admin"), timedelta(days=5))
    acts: list[Any] = [
        lambda: journey.do(case_id, "acknowledge", "operator", disputed=False),
        lambda: messages.send(journey.engine, journey.actor("operator"), "hazard.danger_worse", journey.case(case_id).business_key, {}),
    ]
    for act in acts:
        with pytest.raises(EngineError):
            act()
    assert journey.fact("served_at") is None
    with journey.engine.database.reading() as session:
        assert all(row.stopped for row in session.scalars(select(Timer).where(Timer.case_id == case_id)))
