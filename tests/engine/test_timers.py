"""Timers: each fires once, at its instant, in its case's own turn; one bad case stops no other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import cases, incidents, tasks, timers
from engine.errors import ProcessFailure, Refused
from engine.tables import Timer
from tests.drawing import END, START, Desk, drawn, flow, line, message, node, script, timer, user


def waiting(text: str, kind: str = "timeDuration") -> bytes:
    """A case that waits and then asks for somebody."""
    return drawn(START, node("intermediateCatchEvent", "wait", timer(text, kind)), user("look"), END, line("s", "wait", "look", "e"))


def watched(text: str, kind: str = "timeDuration", interrupting: bool = True) -> bytes:
    """A task with a timer on its edge."""
    edge = node("boundaryEvent", "late", timer(text, kind), attachedToRef="look", cancelActivity=str(interrupting).lower())
    return drawn(START, user("look"), edge, user("remind"), END, node("endEvent", "e2"),
                 line("s", "look", "e"), line("late", "remind", "e2"))


def dues(desk: Desk, case_id: int) -> list[str]:
    with desk.engine.database.reading() as session:
        return [row.due_at.isoformat() for row in timers.of_case(session, case_id)]


def test_a_duration_counts_from_when_the_case_came_to_it(desk: Desk) -> None:
    desk.deploy(waiting("PT2H"))
    case_id = desk.start()
    assert dues(desk, case_id) == ["2026-11-23T12:32:00+08:00"]
    assert desk.later(hours=1, minutes=59) == 0 and desk.open(case_id) == []
    assert desk.later(minutes=1) == 1 and desk.open(case_id) == ["look"]


@pytest.mark.parametrize(("text", "due"), [
    ("2026-12-01T08:00:00", "2026-12-01T08:00:00+08:00"), ("2026-12-01T00:00:00Z", "2026-12-01T08:00:00+08:00"),
    ("2020-01-01T00:00:00", "2026-11-23T10:32:00+08:00"), ("${working_days(3)}", "2026-11-27T00:00:00+08:00"),
    ("${hours(24)}", "2026-11-24T10:32:00+08:00"), ('${date and time("2026-12-24T09:00:00")}', "2026-12-24T09:00:00+08:00"),
])  # fmt: skip
def test_a_date_is_of_shanghai_and_never_before_it_was_armed(desk: Desk, text: str, due: str) -> None:
    desk.deploy(waiting(text, "timeDate"))
    assert dues(desk, desk.start()) == [due]


def test_an_expression_reads_the_case(desk: Desk) -> None:
    desk.deploy(waiting('${duration("PT" + string(n) + "H")}'))
    assert dues(desk, desk.start(n=3)) == ["2026-11-23T13:32:00+08:00"]


def test_a_cycle_beside_a_task_fires_as_often_as_it_says(desk: Desk) -> None:
    desk.deploy(watched("R3/PT1H", "timeCycle", interrupting=False))
    case_id = desk.start()
    for hour in range(1, 6):
        desk.later(hours=1)
        assert desk.open(case_id).count("remind") == min(hour, 3)
    assert dues(desk, case_id) == []


def test_what_a_cycle_began_outlives_the_task_beside_it(desk: Desk) -> None:
    desk.deploy(watched("R/PT1H", "timeCycle", interrupting=False))
    case_id = desk.start()
    desk.later(hours=1)
    desk.later(hours=1)
    desk.do(case_id, "look")
    assert desk.open(case_id) == ["remind", "remind"] and dues(desk, case_id) == []
    desk.do(case_id, "remind")
    desk.do(case_id, "remind")
    assert desk.case(case_id).state == "completed"


def test_a_cycle_that_interrupts_comes_once(desk: Desk) -> None:
    desk.deploy(watched("R5/PT1H", "timeCycle"))
    case_id = desk.start()
    desk.later(hours=1)
    assert desk.open(case_id) == ["remind"] and dues(desk, case_id) == []


def test_a_cycle_goes_on_from_its_own_instants_when_the_worker_was_away(desk: Desk) -> None:
    desk.deploy(watched("R/P1D", "timeCycle", interrupting=False))
    case_id = desk.start()
    desk.engine.clock.advance(days=2, hours=5)
    while timers.sweep(desk.engine):
        pass
    assert desk.open(case_id).count("remind") == 2 and dues(desk, case_id) == ["2026-11-26T10:32:00+08:00"]


def test_an_interrupting_boundary_takes_the_task_away(desk: Desk) -> None:
    desk.deploy(watched("PT1H"))
    case_id = desk.start()
    desk.later(hours=1)
    assert desk.open(case_id) == ["remind"] and ("cancelled", "look") in desk.history(case_id)


def test_one_beside_it_leaves_the_task_and_goes_with_it(desk: Desk) -> None:
    desk.deploy(watched("PT1H", interrupting=False))
    first, second = desk.start(), desk.start()
    desk.do(second, "look")
    desk.later(hours=1)
    assert desk.open(first) == ["look", "remind"] and desk.case(second).state == "completed"


def test_of_two_timers_behind_an_event_gateway_the_earlier_one_wins(desk: Desk) -> None:
    desk.deploy(drawn(
        START, node("eventBasedGateway", "which"), node("intermediateCatchEvent", "long", timer("PT5H")),
        node("intermediateCatchEvent", "short", timer("PT1H")), user("late"), user("soon"), END, node("endEvent", "e2"),
        line("s", "which", "long", "late", "e"), line("which", "short", "soon", "e2")))  # fmt: skip
    case_id = desk.start()
    assert len(dues(desk, case_id)) == 2
    desk.later(hours=1)
    assert desk.open(case_id) == ["soon"] and dues(desk, case_id) == []
    assert desk.entered(case_id, "long") == []


def test_a_timer_and_a_message_behind_an_event_gateway(desk: Desk) -> None:
    desk.deploy(drawn(
        START, node("eventBasedGateway", "which"), node("intermediateCatchEvent", "told", message("told")),
        node("intermediateCatchEvent", "short", timer("PT1H")), user("heard"), user("soon"), END, node("endEvent", "e2"),
        line("s", "which", "told", "heard", "e"), line("which", "short", "soon", "e2"), messages=("told",)))  # fmt: skip
    case_id = desk.start()
    desk.later(hours=2)
    assert desk.open(case_id) == ["soon"]


def test_two_sweeps_fire_it_once(desk: Desk) -> None:
    desk.deploy(waiting("PT1H"))
    case_id = desk.start()
    assert desk.later(hours=1) == 1 and timers.sweep(desk.engine) == 0
    assert desk.history(case_id).count(("timer_fired", "wait")) == 1


@pytest.mark.any_database
def test_eight_workers_fire_it_once(desk: Desk) -> None:
    desk.deploy(watched("PT1H", interrupting=False))
    case_ids = [desk.start() for _ in range(6)]
    desk.engine.clock.advance(hours=1)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: timers.sweep(desk.engine), range(8)))
    for case_id in case_ids:
        assert desk.open(case_id) == ["look", "remind"]
        assert desk.history(case_id).count(("timer_fired", "late")) == 1
        with desk.engine.database.reading() as session:
            assert incidents.of_case(session, case_id) == []


def test_after_a_month_away_everything_comes_in_its_order_and_counts_from_when_it_was_due(desk: Desk) -> None:
    steps = [node("intermediateCatchEvent", f"wait_{n}", timer("P1D")) + script(f"note_{n}", f"at_{n} = string(now())") for n in (1, 2)]
    desk.deploy(drawn(START, *steps, user("look"), END, line("s", "wait_1", "note_1", "wait_2", "note_2", "look", "e")))
    case_id = desk.start()
    desk.engine.clock.advance(days=30)
    while timers.sweep(desk.engine):
        pass
    kept = desk.case(case_id).variables
    assert [kept[f"at_{n}"][:19] for n in (1, 2)] == ["2026-11-24T10:32:00", "2026-11-25T10:32:00"]


def test_a_time_too_far_away_stops_its_own_case_only(desk: Desk) -> None:
    hop = node("intermediateCatchEvent", "hop", timer("PT1H"))
    desk.deploy(drawn(START, hop, node("intermediateCatchEvent", "wait", timer("${duration(far)}")), user("look"), END,
                      line("s", "hop", "wait", "look", "e")))
    bad, good = desk.start(far="P99999Y"), desk.start(far="PT1M")
    assert desk.later(hours=1) == 2
    assert desk.later(minutes=1) == 1 and desk.open(good) == ["look"]
    assert desk.case(bad).state == "failed" and desk.entered(bad, "wait") == []


def test_a_literal_too_far_away_is_an_incident_of_its_start(desk: Desk) -> None:
    desk.deploy(waiting("P99999Y"))
    with pytest.raises(ProcessFailure):
        desk.start()


@pytest.mark.parametrize("text", ["P1000000000D", "PT99999999999999H", "tomorrow", "R3/PT1H", ""])
def test_a_literal_that_is_no_duration_is_not_deployed(desk: Desk, text: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.deploy(waiting(text))
    assert [(p.element_id, p.rule) for p in refused.value.problems] == [("wait", "timer")]


def test_a_failed_timer_waits_for_its_retry(desk: Desk) -> None:
    desk.deploy(drawn(START, node("intermediateCatchEvent", "wait", timer("PT1H")), script("sum", "total = n + 1"), user("look"), END,
                      line("s", "wait", "sum", "look", "e")))
    case_id = desk.start(n="text")
    assert desk.later(hours=1) == 1 and timers.sweep(desk.engine) == 0
    with desk.engine.database.reading() as session:
        (only,) = incidents.of_case(session, case_id)
        assert (only.element_id, only.attempts) == ("sum", 1) and timers.next_due(session) is None


def test_a_retried_timer_goes_through_once_its_cause_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deploy(drawn(START, node("intermediateCatchEvent", "wait", timer("PT1H")), script("sum", "unit = operator_of(project)"),
                      user("look"), END, line("s", "wait", "sum", "look", "e")))
    case_id = desk.start(project="JA-P-1")
    with monkeypatch.context() as patch:
        patch.setattr(desk.engine, "functions", {**desk.engine.functions, "operator_of": lambda _session, _project: 1 / 0})
        desk.later(hours=1)
    assert desk.case(case_id).state == "failed"
    desk.engine.functions = {**desk.engine.functions, "operator_of": lambda _session, _project: "operator_01"}
    with desk.engine.database.reading() as session:
        (only,) = incidents.of_case(session, case_id)
    incidents.retry(desk.engine, desk.actor("admin"), only.id)
    assert desk.open(case_id) == ["look"] and desk.case(case_id).state == "running"


def test_a_suspended_case_waits_and_catches_up_when_resumed(desk: Desk) -> None:
    desk.deploy(waiting("PT1H"))
    case_id, lead = desk.start(), desk.actor("bureau.lead")
    cases.suspend(desk.engine, lead, case_id)
    assert desk.later(hours=2) == 0 and desk.open(case_id) == []
    cases.resume(desk.engine, lead, case_id)
    assert timers.sweep(desk.engine) == 1 and desk.open(case_id) == ["look"]


def test_a_case_suspended_between_the_worker_s_look_and_its_turn_waits_too(desk: Desk) -> None:
    desk.deploy(waiting("PT1H"))
    case_id = desk.start()
    cases.suspend(desk.engine, desk.actor("bureau.lead"), case_id)
    with desk.engine.database.writing() as session:
        session.execute(update(Timer).values(stopped=False))
    desk.later(hours=2)
    assert desk.open(case_id) == [] and desk.case(case_id).state == "suspended"


def test_a_cancelled_case_has_no_timers(desk: Desk) -> None:
    desk.deploy(waiting("PT1H"))
    case_id = desk.start()
    cases.cancel(desk.engine, desk.actor("bureau.lead"), case_id, "entered twice")
    assert desk.later(days=1) == 0 and desk.case(case_id).state == "cancelled"


def test_a_failed_timer_is_no_incident_any_more_once_its_task_is_done(desk: Desk) -> None:
    edge = node("boundaryEvent", "late", timer("PT1H"), attachedToRef="look", cancelActivity="false")
    desk.deploy(drawn(START, user("look"), edge, script("sum", "total = n + 1"), END, node("endEvent", "e2"),
                      line("s", "look", "e"), line("late", "sum", "e2")))
    case_id = desk.start(n="text")
    desk.later(hours=1)
    assert desk.case(case_id).state == "failed"
    desk.do(case_id, "look")
    with desk.engine.database.reading() as session:
        (only,) = incidents.of_case(session, case_id)
    assert desk.case(case_id).state == "completed" and only.state == "resolved"


def test_a_task_may_be_done_late_and_its_timer_comes_too_late(desk: Desk) -> None:
    desk.deploy(watched("PT1H"))
    case_id = desk.start()
    desk.engine.clock.advance(hours=3)
    task = desk.task(case_id, "look")
    tasks.complete(desk.engine, desk.actor("subdistrict"), task.id, {})
    assert timers.sweep(desk.engine) == 0 and desk.case(case_id).state == "completed"


def test_the_worker_takes_the_earliest_first(desk: Desk) -> None:
    desk.deploy(waiting("${duration(after)}"))
    late, early = desk.start(after="PT2H"), desk.start(after="PT1H")
    desk.engine.clock.advance(hours=3)
    assert timers.sweep(desk.engine, limit=1) == 1
    assert (desk.open(early), desk.open(late)) == (["look"], [])


def test_a_cycle_shorter_than_a_minute_is_an_incident(desk: Desk) -> None:
    desk.deploy(watched("R/PT1S", "timeCycle", interrupting=False))
    with pytest.raises(ProcessFailure):
        desk.start()


def test_the_next_instant_is_known(desk: Desk) -> None:
    desk.deploy(waiting("PT1H"))
    desk.start()
    with desk.engine.database.reading() as session:
        assert timers.next_due(session) == desk.engine.clock.now() + timedelta(hours=1)
        assert [row.element_id for row in timers.upcoming(session)] == ["wait"]


def test_a_loop_of_waits_arms_a_new_timer_each_round(desk: Desk) -> None:
    desk.deploy(drawn(START, node("exclusiveGateway", "again"), node("intermediateCatchEvent", "wait", timer("PT1H")),
                      node("exclusiveGateway", "more", default="f_more_again"), END, line("s", "again", "wait", "more"),
                      flow("more", "again"), flow("more", "e", "stop = true")))
    case_id = desk.start(stop=False)
    for _ in range(5):
        desk.later(hours=1)
    assert desk.history(case_id).count(("timer_fired", "wait")) == 5 and len(dues(desk, case_id)) == 1
