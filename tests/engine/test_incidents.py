"""Incidents: what failed, why, and again; a case is failed while one is open, and runs again when it is solved."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import cases, history, incidents, tasks, timers
from engine.errors import EngineError, NotAllowed, NotFound, ProcessFailure, WrongState
from engine.tables import Case, Incident
from tests.drawing import END, START, Desk, drawn, line, message, node, script, timer, user

CALLING = drawn(START, user("look"), script("ask", "unit = operator_of(project)"), user("go_on"), END, line("s", "look", "ask", "go_on", "e"))
AT_START = drawn(START, script("ask", "unit = operator_of(project)"), user("go_on"), END, line("s", "ask", "go_on", "e"),
                 properties={"number_series": "JA-T"})  # fmt: skip


def down(desk: Desk) -> None:
    """The register does not answer."""
    def answer(_session: Any, _project: Any) -> str:
        raise ConnectionError("the register does not answer")

    desk.engine.functions = {**desk.engine.functions, "operator_of": answer}


def up(desk: Desk) -> None:
    desk.engine.functions = {**desk.engine.functions, "operator_of": lambda _session, _project: "operator_01"}


def only(desk: Desk) -> Incident:
    with desk.engine.database.reading() as session:
        (found,) = session.scalars(select(Incident))
        session.expunge_all()
        return found


def failed(desk: Desk) -> int:
    desk.deploy(CALLING)
    case_id = desk.start(project="JA-P-1")
    down(desk)
    with pytest.raises(ProcessFailure):
        desk.do(case_id, "look", n=1)
    return case_id


def retry(desk: Desk, username: str = "admin") -> Incident:
    return incidents.retry(desk.engine, desk.actor(username), only(desk).id)


def test_it_says_where_and_why_and_who_did_what(desk: Desk) -> None:
    case_id = failed(desk)
    found = only(desk)
    assert (found.case_id, found.element_id, found.state, found.attempts) == (case_id, "ask", "open", 1)
    assert "operator_of(project)" in found.message_en and found.command is not None
    assert (found.command["act"], found.command["actor"]) == ("complete", "subdistrict")
    assert desk.case(case_id).state == "failed" and desk.open(case_id) == ["look"]


def test_a_retry_does_what_was_to_be_done_in_the_name_of_whoever_did_it(desk: Desk) -> None:
    case_id = failed(desk)
    up(desk)
    assert retry(desk).state == "resolved"
    assert desk.open(case_id) == ["go_on"] and desk.case(case_id).state == "running"
    with desk.engine.database.reading() as session:
        rows = history.of_case(session, case_id)
        assert ("left", "look", "subdistrict") in [(row.event, row.element_id, row.actor) for row in rows]
        assert ("incident_resolved", "admin") in [(row.event, row.actor) for row in rows]
        assert history.verify(session) == []


def test_a_retry_in_vain_counts_and_leaves_one_incident(desk: Desk) -> None:
    case_id = failed(desk)
    for _ in range(2):
        with pytest.raises(ProcessFailure):
            retry(desk)
    assert (only(desk).attempts, only(desk).state, desk.case(case_id).state) == (3, "open", "failed")


def test_doing_it_again_by_hand_solves_it_too(desk: Desk) -> None:
    case_id = failed(desk)
    up(desk)
    desk.do(case_id, "look", n=2)
    assert only(desk).state == "resolved" and desk.case(case_id).state == "running"
    with pytest.raises(WrongState):
        retry(desk)


@pytest.mark.any_database
def test_eight_people_retry_and_it_happens_once(desk: Desk) -> None:
    case_id = failed(desk)
    up(desk)
    incident_id, admin = only(desk).id, desk.actor("admin")

    def again(_: int) -> bool:
        try:
            incidents.retry(desk.engine, admin, incident_id)
        except EngineError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(again, range(8))) == 1
    assert desk.history(case_id).count(("left", "look")) == 1 and desk.open(case_id) == ["go_on"]


@pytest.mark.any_database
def test_eight_people_retry_a_failed_start_and_one_case_begins(desk: Desk) -> None:
    desk.deploy(AT_START)
    down(desk)
    with pytest.raises(ProcessFailure):
        desk.start(project="JA-P-1")
    up(desk)
    incident_id, admin = only(desk).id, desk.actor("admin")

    def again(_: int) -> None:
        try:
            incidents.retry(desk.engine, admin, incident_id)
        except EngineError:
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(again, range(8)))
    with desk.engine.database.reading() as session:
        (case,) = session.scalars(select(Case))
    assert (case.business_key, case.org_unit, case.started_by) == ("JA-T-2026-00001", "daning_road", "subdistrict")


def test_a_failed_start_leaves_no_case_and_its_retries_are_counted(desk: Desk) -> None:
    desk.deploy(AT_START)
    down(desk)
    with pytest.raises(ProcessFailure):
        desk.start(project="JA-P-1")
    with pytest.raises(ProcessFailure):
        retry(desk)
    with desk.engine.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0
    assert only(desk).attempts == 2


@pytest.mark.parametrize(("username", "refusal"), [("subdistrict", NotAllowed), ("bureau", NotAllowed), ("auditor", NotAllowed), ("operator", NotAllowed)])
def test_who_does_not_operate_does_not_retry(desk: Desk, username: str, refusal: type[EngineError]) -> None:
    failed(desk)
    with pytest.raises((refusal, NotFound)):
        retry(desk, username)


def test_a_retry_of_what_is_done_meanwhile_is_told_so(desk: Desk) -> None:
    case_id = failed(desk)
    up(desk)
    cases.cancel(desk.engine, desk.actor("bureau.lead"), case_id, "entered twice")
    assert only(desk).state == "resolved" and desk.case(case_id).state == "cancelled"
    with pytest.raises(WrongState):
        retry(desk)


def test_a_suspended_case_does_not_move_by_a_retry(desk: Desk) -> None:
    case_id = failed(desk)
    up(desk)
    cases.suspend(desk.engine, desk.actor("bureau.lead"), case_id)
    with pytest.raises(WrongState):
        retry(desk)
    cases.resume(desk.engine, desk.actor("bureau.lead"), case_id)
    assert desk.case(case_id).state == "failed" and only(desk).state == "open"
    retry(desk)
    assert desk.case(case_id).state == "running"


def test_two_incidents_are_two_and_the_case_runs_when_both_are_solved(desk: Desk) -> None:
    desk.deploy(drawn(START, node("parallelGateway", "split"), user("one"), user("two"), script("a", "x = operator_of(1)"), script("b", "y = operator_of(2)"),
                      END, node("endEvent", "e2"), user("last"), line("s", "split", "one", "a", "last", "e"), line("split", "two", "b", "e2")))
    case_id = desk.start()
    down(desk)
    for name in ("one", "two"):
        with pytest.raises(ProcessFailure):
            desk.do(case_id, name)
    up(desk)
    with desk.engine.database.reading() as session:
        second, first = (one.id for one in incidents.open_incidents(session))
    incidents.retry(desk.engine, desk.actor("admin"), first)
    assert desk.case(case_id).state == "failed"
    incidents.retry(desk.engine, desk.actor("admin"), second)
    assert desk.case(case_id).state == "running" and desk.open(case_id) == ["last"]


def test_two_messages_that_failed_are_two_incidents(desk: Desk) -> None:
    groups = '<extensionElements><camunda:properties><camunda:property name="candidate_groups" value="subdistrict"/></camunda:properties></extensionElements>'
    edges = [node("boundaryEvent", name, groups + message(name), attachedToRef="look", cancelActivity="false") for name in ("one", "two")]
    from engine import messages

    desk.deploy(drawn(START, user("look"), *edges, script("a", "x = operator_of(1)"), script("b", "y = operator_of(2)"), END, node("endEvent", "e2"),
                      node("endEvent", "e3"), line("s", "look", "e"), line("one", "a", "e2"), line("two", "b", "e3"), messages=("one", "two")))
    case_id = desk.start(business_key="A-1")
    down(desk)
    for name in ("one", "two", "two"):
        with pytest.raises(ProcessFailure):
            messages.send(desk.engine, desk.actor("subdistrict"), name, "A-1", {})
    with desk.engine.database.reading() as session:
        assert sorted(one.attempts for one in incidents.of_case(session, case_id)) == [1, 2]
    up(desk)
    with desk.engine.database.reading() as session:
        ids = [one.id for one in incidents.open_incidents(session)]
    for incident_id in ids:
        incidents.retry(desk.engine, desk.actor("admin"), incident_id)
    assert desk.case(case_id).state == "running" and desk.history(case_id).count(("left", "b")) == 1


def test_a_task_that_nobody_else_may_do_says_so(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look", "subdistrict_lead"), user("check_it", "subdistrict_lead", {"not_same_person_as": "look"}), END,
                      line("s", "look", "check_it", "e")))
    case_id = desk.start()
    desk.do(case_id, "look", "subdistrict.lead")
    assert (only(desk).kind, only(desk).element_id, desk.case(case_id).state) == ("nobody_may", "check_it", "running")
    with pytest.raises(NotAllowed):
        tasks.claim(desk.engine, desk.actor("subdistrict.lead"), desk.task(case_id, "check_it").id)
    retry(desk)
    assert only(desk).state == "resolved"


def test_an_incident_of_a_timer_can_be_retried_twice_without_harm(desk: Desk) -> None:
    desk.deploy(drawn(START, node("intermediateCatchEvent", "wait", timer("PT1H")), script("ask", "unit = operator_of(1)"), user("go_on"), END,
                      line("s", "wait", "ask", "go_on", "e")))
    case_id = desk.start()
    down(desk)
    desk.later(hours=1)
    up(desk)
    retry(desk)
    with pytest.raises(WrongState):
        retry(desk)
    assert desk.open(case_id) == ["go_on"] and timers.sweep(desk.engine) == 0
