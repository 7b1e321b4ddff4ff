"""The demonstration clock: every timer on the way fires at its own instant, in order."""

from datetime import timedelta

import pytest

from engine import cases, clock_moves, history, timers
from engine.errors import InvalidData, NotAllowed
from engine.tables import Setting
from engine.turn import refresh_clock
from tests.drawing import END, START, Desk, drawn, flow, line, node, script, timer, user

LADDER = drawn(START, node("exclusiveGateway", "again"), node("intermediateCatchEvent", "wait", timer("P1D")),
               script("note", "steps = append(steps, string(now()))"), node("exclusiveGateway", "more", default="f_more_again"), user("last"), END,
               line("s", "again", "wait", "note", "more"), line("last", "e"), flow("more", "again"), flow("more", "last", "count(steps) >= 30"))  # fmt: skip


def advance(desk: Desk, username: str = "admin", **by: float) -> str:
    return clock_moves.advance(desk.engine, desk.actor(username), timedelta(**by)).isoformat()


def test_a_month_passes_step_by_step(desk: Desk) -> None:
    desk.deploy(LADDER)
    case_id = desk.start(steps=[])
    assert advance(desk, days=10, hours=1)[:16] == "2026-12-03T11:32"
    steps = desk.case(case_id).variables["steps"]
    assert [step[:16] for step in steps] == [f"2026-{day}T10:32" for day in
        ("11-24", "11-25", "11-26", "11-27", "11-28", "11-29", "11-30", "12-01", "12-02", "12-03")]  # fmt: skip
    with desk.engine.database.reading() as session:
        fired = [row.at.isoformat()[:16] for row in history.of_case(session, case_id) if row.event == "timer_fired"]
    assert fired == [step[:16] for step in steps]


def test_two_cases_interleave_in_time(desk: Desk) -> None:
    desk.deploy(LADDER)
    first = desk.start(steps=[])
    desk.engine.clock.advance(hours=6)
    second = desk.start(steps=[])
    advance(desk, days=3)
    with desk.engine.database.reading() as session:
        rows = [row for case_id in (first, second) for row in history.of_case(session, case_id) if row.event == "timer_fired"]
    assert [row.case_id for row in sorted(rows, key=lambda row: row.at)] == [first, second] * 3


def test_the_end_of_the_ladder_is_reached_and_time_goes_on(desk: Desk) -> None:
    desk.deploy(LADDER)
    case_id = desk.start(steps=[])
    assert advance(desk, days=100)[:10] == "2027-03-03" and desk.open(case_id) == ["last"]


def test_every_process_reads_the_same_clock(desk: Desk) -> None:
    from engine.clock import TestClock

    advance(desk, days=2)
    other = TestClock(desk.engine.clock.at)
    desk.engine.clock, mine = other, desk.engine.clock
    with desk.engine.database.reading() as session:
        refresh_clock(desk.engine, session)
    assert other.now() == mine.now()


def test_a_failing_timer_does_not_hold_the_clock(desk: Desk) -> None:
    desk.deploy(drawn(START, node("intermediateCatchEvent", "wait", timer("PT1H")), script("sum", "n = text + 1"), user("look"), END,
                      line("s", "wait", "sum", "look", "e")))
    case_id = desk.start(text="x")
    assert advance(desk, days=1)[:10] == "2026-11-24" and desk.case(case_id).state == "failed"


def test_a_suspended_case_does_not_hold_it_either(desk: Desk) -> None:
    desk.deploy(LADDER)
    case_id = desk.start(steps=[])
    cases.suspend(desk.engine, desk.actor("bureau.lead"), case_id)
    advance(desk, days=3)
    assert desk.case(case_id).variables["steps"] == []
    cases.resume(desk.engine, desk.actor("bureau.lead"), case_id)
    while timers.sweep(desk.engine):
        pass
    assert len(desk.case(case_id).variables["steps"]) == 3


@pytest.mark.parametrize("username", ["bureau.lead", "subdistrict", "auditor", "publisher"])
def test_only_the_administrator_moves_it(desk: Desk, username: str) -> None:
    with pytest.raises(NotAllowed):
        advance(desk, username, days=1)


def test_a_real_installation_has_no_such_clock(desk: Desk) -> None:
    with desk.engine.database.writing() as session:
        session.delete(session.get_one(Setting, "demo"))
    with pytest.raises(NotAllowed):
        advance(desk, days=1)


@pytest.mark.parametrize("days", [0, -1, 1001])
def test_only_forwards_and_not_for_ever(desk: Desk, days: int) -> None:
    with pytest.raises(InvalidData):
        advance(desk, days=days)


def test_who_moved_it_is_written_down(desk: Desk) -> None:
    advance(desk, days=1)
    with desk.engine.database.reading() as session:
        assert [(row.event, row.actor) for row in history.of_chain(session, "operations")] == [("clock_moved", "admin")]
