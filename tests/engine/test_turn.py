"""One act, one transaction: exactly one effect, nothing half done, incidents that can be retried."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from engine import incidents, tasks
from engine.errors import AlreadyDone, InvalidData, KeyTaken, NotAllowed, NotFound, ProcessFailure, Stale
from engine.tables import Case, SubmissionRow
from tests.drawing import END, START, Desk, drawn, flow, line, node, script, user

ONE_TASK = drawn(START, user("look"), END, line("s", "look", "e"))


@pytest.mark.any_database
def test_thirty_two_people_complete_one_task_and_one_of_them_did(desk: Desk) -> None:
    desk.deploy(ONE_TASK)
    case_id = desk.start()
    task = desk.task(case_id, "look")
    people = [desk.actor("subdistrict"), desk.actor("subdistrict.peer")] * 16

    def complete(index: int) -> str:
        try:
            tasks.complete(desk.engine, people[index], task.id, {"by": index})
        except AlreadyDone as late:
            return f"{late.completed_by}"
        return "done"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(complete, range(32)))
    assert answers.count("done") == 1
    with desk.engine.database.reading() as session:
        brought = session.scalar(select(func.count()).where(SubmissionRow.task_id == task.id))
    assert brought == 1 and desk.history(case_id).count(("left", "look")) == 1


@pytest.mark.any_database
def test_one_person_thirty_two_times_gets_one_answer(desk: Desk) -> None:
    desk.deploy(ONE_TASK)
    case_id = desk.start()
    task, actor = desk.task(case_id, "look"), desk.actor("subdistrict")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: tasks.complete(desk.engine, actor, task.id, {"ok": True}), range(32)))
    assert {outcome.case.state for outcome in outcomes} == {"completed"}
    assert desk.history(case_id).count(("left", "look")) == 1


def test_a_late_comer_is_told_who_and_what(desk: Desk) -> None:
    desk.deploy(ONE_TASK)
    case_id = desk.start()
    task = desk.task(case_id, "look")
    desk.do(case_id, "look", note="seen")
    with pytest.raises(AlreadyDone) as late:
        tasks.complete(desk.engine, desk.actor("subdistrict.peer"), task.id, {"note": "seen"})
    assert (late.value.completed_by, late.value.entered) == ("subdistrict", {"note": "seen"})


def test_other_data_of_the_same_person_is_not_the_same_again(desk: Desk) -> None:
    desk.deploy(ONE_TASK)
    task = desk.task(desk.start(), "look")
    tasks.complete(desk.engine, desk.actor("subdistrict"), task.id, {"a": 1})
    with pytest.raises(AlreadyDone):
        tasks.complete(desk.engine, desk.actor("subdistrict"), task.id, {"a": 2})


def test_another_sub_district_sees_no_task(desk: Desk) -> None:
    desk.deploy(ONE_TASK)
    task = desk.task(desk.start(), "look")
    with pytest.raises(NotFound):
        tasks.complete(desk.engine, desk.actor("subdistrict.other"), task.id, {})


def test_a_stale_page_is_told(desk: Desk) -> None:
    desk.deploy(ONE_TASK)
    task = desk.task(desk.start(), "look")
    tasks.claim(desk.engine, desk.actor("subdistrict"), task.id)
    with pytest.raises(Stale):
        tasks.complete(desk.engine, desk.actor("subdistrict"), task.id, {}, version=task.version)


def test_a_failing_step_changes_nothing_and_its_incident_can_be_retried(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), script("sum", "total = look.n + 1"), END, line("s", "look", "sum", "e")))
    case_id = desk.start()
    with pytest.raises(ProcessFailure) as failure:
        desk.do(case_id, "look", n="text")
    assert desk.open(case_id) == ["look"] and desk.case(case_id).state == "failed"
    assert "look.n + 1" in failure.value.text.en and failure.value.element_id == "sum"
    desk.do(case_id, "look", n=1)
    assert desk.case(case_id).state == "completed" and desk.case(case_id).variables["total"] == 2


def test_a_retry_that_fails_again_counts_the_attempts(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), script("sum", "total = look.n + 1"), END, line("s", "look", "sum", "e")))
    case_id = desk.start()
    with pytest.raises(ProcessFailure) as failure:
        desk.do(case_id, "look", n="text")
    with pytest.raises(ProcessFailure):
        incidents.retry(desk.engine, desk.actor("admin"), failure.value.incident_id or 0)
    with desk.engine.database.reading() as session:
        (only,) = incidents.of_case(session, case_id)
        assert (only.attempts, only.state) == (2, "open")


def test_who_may_not_operate_cannot_retry(desk: Desk) -> None:
    desk.deploy(drawn(START, script("bad", "x = 1 + nothing"), user("look"), END, line("s", "bad", "look", "e")))
    with pytest.raises(ProcessFailure) as failure:
        desk.start()
    with pytest.raises((NotFound, NotAllowed)):
        incidents.retry(desk.engine, desk.actor("operator"), failure.value.incident_id or 0)


def test_a_condition_that_is_neither_true_nor_false_is_an_incident(desk: Desk) -> None:
    gate = node("exclusiveGateway", "which", default="f_which_e")
    desk.deploy(drawn(START, user("look"), gate, END, node("endEvent", "other"), line("s", "look", "which"),
                      flow("which", "other", "look.flag"), flow("which", "e")))
    case_id = desk.start()
    with pytest.raises(ProcessFailure):
        desk.do(case_id, "look", flag="yes")


def test_an_automatic_loop_ends_in_an_incident(desk: Desk) -> None:
    join = node("exclusiveGateway", "again")
    desk.deploy(drawn(START, join, script("step", "n = if n = null then 1 else n + 1"), node("exclusiveGateway", "more", default="f_more_again"),
                      END, line("s", "again", "step", "more"), flow("more", "again"), flow("more", "e", "n < 0")))
    with pytest.raises(ProcessFailure) as failure:
        desk.start()
    assert "loops" in failure.value.text.en


def test_two_running_cases_of_one_key_are_refused(desk: Desk) -> None:
    desk.deploy(ONE_TASK)
    desk.start(business_key="A-1")
    with pytest.raises(KeyTaken):
        desk.start(business_key="A-1")


def test_numbers_come_without_gaps_even_after_a_failed_start(desk: Desk) -> None:
    desk.deploy(drawn(START, script("check", "x = 1 + fault"), user("look"), END, line("s", "check", "look", "e"),
                      properties={"number_series": "JA-T"}))
    assert desk.case(desk.start(fault=1)).business_key == "JA-T-2026-00001"
    with pytest.raises(ProcessFailure):
        desk.start(fault="text")
    assert desk.case(desk.start(fault=1)).business_key == "JA-T-2026-00002"
    with pytest.raises(InvalidData):
        desk.start(business_key="JA-T-2026-09999", fault=1)


@pytest.mark.any_database
def test_the_first_eight_of_a_year_get_the_first_eight_numbers(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), END, line("s", "look", "e"), properties={"number_series": "JA-T"}))
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: desk.start(), range(8)))
    assert sorted(desk.case(case_id).business_key for case_id in ids) == [f"JA-T-2026-0000{n}" for n in range(1, 9)]


@pytest.mark.any_database
def test_eight_starts_with_one_key_make_one_case(desk: Desk) -> None:
    desk.deploy(ONE_TASK)

    def start(_: int) -> int:
        try:
            return desk.start(business_key="A-1")
        except KeyTaken:
            return 0

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(start, range(8)))[:7] == [0] * 7


def test_the_same_answer_again_changes_nothing(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), user("check_it"), END, line("s", "look", "check_it", "e")))
    case_id = desk.start()
    task = desk.task(case_id, "look")
    tasks.complete(desk.engine, desk.actor("subdistrict"), task.id, {"a": 1})
    before = desk.case(case_id).version
    outcome = tasks.complete(desk.engine, desk.actor("subdistrict"), task.id, {"a": 1})
    assert desk.case(case_id).version == before and [row.element_id for row in outcome.open_tasks] == ["check_it"]


def test_looking_at_where_a_case_stands_writes_nothing_and_hurts_no_later_turn(desk: Desk) -> None:
    from engine import standing

    desk.deploy(drawn(START, user("look"), user("check_it"), END, line("s", "look", "check_it", "e")))
    case_id = desk.start()
    for name, follows in (("look", ["check_it"]), ("check_it", [])):
        with desk.engine.database.reading() as session:
            case = session.get_one(Case, case_id)
            assert [one.element_id for one in standing.activity_instances(desk.engine, session, case)] == [name]
            assert not session.dirty and not session.new
        assert desk.do(case_id, name) == follows
