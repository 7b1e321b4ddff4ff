"""The inbox: whose what is, filtered, sorted, page by page, and counted as listed."""

from datetime import timedelta
from typing import Any

import pytest

from engine import inbox, tasks
from engine.errors import EngineError, InvalidData, NotAllowed
from engine.inbox import TaskFilters
from tests.drawing import END, START, Desk, drawn, line, user

NAMED = {"title": '${"Case " + string(number)}', "severity": "${level}"}
ONE = drawn(START, user("look", dueDate="${hours(24 * days)}"), END, line("s", "look", "e"), properties=NAMED)
ENDLESS = drawn(START, user("look"), END, line("s", "look", "e"), properties=NAMED, key="endless")
PAIR = drawn(START, user("fix"), user("verify", "subdistrict,subdistrict_lead", {"not_same_person_as": "fix"}), END, line("s", "fix", "verify", "e"))


def listed(desk: Desk, username: str, view: str = "queue", sort: str = "due", limit: int = 50, **filters: Any) -> list[int]:
    with desk.engine.database.reading() as session:
        page = inbox.page(session, desk.engine, desk.actor(username), view, TaskFilters(**filters), sort, None, limit)
        return [row.case.variables.get("number", 0) for row in page.items]


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Nine cases: due on days 1 to 8, the ninth never; numbered as they were started."""
    desk.deploy(ONE)
    desk.deploy(ENDLESS, "endless.bpmn")
    for number, days in enumerate((5, 3, 8, 1, 2, 7, 4, 6, None), 1):
        key = "sample" if days else "endless"
        desk.start(key=key, number=number, days=days, level="L2" if number % 2 else "L1", business_key=f"K-{number:02d}")
        desk.engine.clock.advance(minutes=1)
    return desk


def test_what_is_due_first_comes_first_and_what_has_no_end_last(full: Desk) -> None:
    assert listed(full, "subdistrict") == [4, 5, 2, 7, 1, 8, 6, 3, 9]
    assert listed(full, "subdistrict", sort="-due") == [9, 3, 6, 8, 1, 7, 2, 5, 4]


@pytest.mark.parametrize(("sort", "first"), [("created", [1, 2, 3]), ("-created", [9, 8, 7]), ("case", [1, 2, 3]), ("changed", [9, 8, 7]), ("urgent", [4, 5, 2])])
def test_every_order(full: Desk, sort: str, first: list[int]) -> None:
    assert listed(full, "subdistrict", sort=sort)[:3] == first


@pytest.mark.any_database
@pytest.mark.parametrize("sort", inbox.SORTS)
def test_pages_follow_one_another_without_gap_or_repetition(full: Desk, sort: str) -> None:
    found, cursor, actor = [], None, full.actor("subdistrict")
    for _ in range(10):
        with full.engine.database.reading() as session:
            page = inbox.page(session, full.engine, actor, "queue", None, sort, cursor, 2)
            found += [row.case.variables["number"] for row in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert found == listed(full, "subdistrict", sort=sort) and len(found) == 9


def test_a_page_stands_still_while_others_work(full: Desk) -> None:
    actor = full.actor("subdistrict")
    with full.engine.database.reading() as session:
        first = inbox.page(session, full.engine, actor, "queue", None, "due", None, 3)
        ids = [row.task.id for row in first.items]
    tasks.claim(full.engine, full.actor("subdistrict.peer"), ids[0])
    full.start(number=10, days=0.5, level="L1")
    with full.engine.database.reading() as session:
        second = inbox.page(session, full.engine, actor, "queue", None, "due", first.next, 3)
        assert [row.case.variables["number"] for row in second.items] == [7, 1, 8]


@pytest.mark.parametrize("cursor", ["", "x", "e30=", "WzEsMl0=", "W10=", "WyIyMDI2IiwxXQ==", "WyJ4IiwxXQ==", "WyIyMDI2LTAxLTAxIiwiMSJd", "💥"])
def test_a_cursor_of_a_stranger_is_refused(full: Desk, cursor: str) -> None:
    if cursor == "":
        assert listed(full, "subdistrict", limit=1) == [4]
        return
    with full.engine.database.reading() as session:
        try:
            inbox.page(session, full.engine, full.actor("subdistrict"), "queue", None, "due", cursor)
        except InvalidData as refused:
            assert list(refused.errors) == ["cursor"]


@pytest.mark.parametrize(("view", "sort"), [("everything", "due"), ("queue", "name"), ("queue", "due; drop table")])
def test_a_view_or_order_that_is_none_is_refused(full: Desk, view: str, sort: str) -> None:
    with pytest.raises(InvalidData):
        listed(full, "subdistrict", view, sort)


@pytest.mark.parametrize(("filters", "numbers"), [
    ({"level": "L1"}, [4, 2, 8, 6]), ({"q": "K-04"}, [4]), ({"q": "case 7"}, [7]), ({"q": "%"}, []), ({"q": "K_04"}, []), ({"q": "K-0 case 3"}, [3]),
    ({"process_key": "sample", "level": "L2", "q": "K-01"}, [1]), ({"process_key": "other"}, []), ({"element_id": "look", "q": "K-02"}, [2]),
    ({"org": "daning_road", "q": "K-05"}, [5]), ({"org": "jiangning_road"}, []), ({"overdue": True}, []), ({"states": ["completed"]}, []),
])  # fmt: skip
def test_filters_narrow(full: Desk, filters: dict[str, Any], numbers: list[int]) -> None:
    assert listed(full, "subdistrict", **filters) == numbers


def test_what_is_late_and_what_is_due_between(full: Desk) -> None:
    full.engine.clock.advance(days=2, hours=1)
    now = full.engine.clock.now()
    assert listed(full, "subdistrict", overdue=True) == [4, 5] and 9 in listed(full, "subdistrict", overdue=False)
    assert listed(full, "subdistrict", due_after=now, due_before=now + timedelta(days=2)) == [2, 7]


def test_claimed_is_mine_and_no_longer_the_group_s(full: Desk) -> None:
    case_id = full.start(number=11, days=1, level="L1")
    task = full.task(case_id, "look")
    tasks.claim(full.engine, full.actor("subdistrict"), task.id)
    assert (listed(full, "subdistrict", "mine"), 11 in listed(full, "subdistrict"), 11 in listed(full, "subdistrict.peer")) == ([11], False, False)
    assert 11 in listed(full, "subdistrict", "group") and 11 in listed(full, "subdistrict.peer", "all")
    tasks.unclaim(full.engine, full.actor("subdistrict"), task.id)
    assert listed(full, "subdistrict", "mine") == [] and 11 in listed(full, "subdistrict.peer")


@pytest.mark.parametrize(("username", "queue", "everything"), [
    ("subdistrict", 9, 9), ("subdistrict.other", 0, 0), ("bureau", 0, 9), ("auditor", 0, 9), ("operator", 0, 0), ("applicant", 0, 0), ("admin", 0, 0),
])  # fmt: skip
def test_each_sees_their_own(full: Desk, username: str, queue: int, everything: int) -> None:
    assert (len(listed(full, username)), len(listed(full, username, "all"))) == (queue, everything)
    with full.engine.database.reading() as session:
        found = inbox.counts(session, full.engine, full.actor(username))
    assert found == {"mine": 0, "queue": queue, "all": everything}


def test_a_postponed_task_waits(full: Desk) -> None:
    task = full.task(full.start(number=11, days=1, level="L1"), "look")
    tasks.postpone(full.engine, full.actor("subdistrict"), task.id, full.engine.clock.now() + timedelta(days=1))
    assert listed(full, "subdistrict", waiting=True) == [11] and 11 not in listed(full, "subdistrict", waiting=False)
    full.engine.clock.advance(days=1, minutes=1)
    assert 11 in listed(full, "subdistrict", waiting=False)


def test_who_did_the_step_before_does_not_find_the_next_in_their_list(desk: Desk) -> None:
    desk.deploy(PAIR)
    case_id = desk.start()
    desk.do(case_id, "fix")
    task = desk.task(case_id, "verify")
    assert (len(listed(desk, "subdistrict")), len(listed(desk, "subdistrict.peer"))) == (0, 1)
    with desk.engine.database.reading() as session:
        for username, acts in (("subdistrict", set()), ("subdistrict.peer", {"claim", "complete"})):
            allowed = inbox.allowed_actions(session, desk.engine, desk.actor(username), task)
            assert set(allowed) & {"claim", "complete"} == acts
    for act in (lambda: tasks.claim(desk.engine, desk.actor("subdistrict"), task.id), lambda: desk.do(case_id, "verify")):
        with pytest.raises(NotAllowed):
            act()


def test_what_may_be_done_is_what_is_offered(desk: Desk) -> None:
    desk.deploy(PAIR)
    case_id = desk.start()
    for username in ("subdistrict", "subdistrict.lead", "bureau", "auditor", "operator", "subdistrict.other"):
        actor, task = desk.actor(username), desk.task(case_id, "fix")
        with desk.engine.database.reading() as session:
            offered = "claim" in inbox.allowed_actions(session, desk.engine, actor, task)
        try:
            tasks.claim(desk.engine, actor, task.id)
            tasks.unclaim(desk.engine, actor, task.id)
            done = True
        except EngineError:
            done = False
        assert offered == done, username


def test_what_somebody_finished_is_shown_to_those_who_may_see_it(desk: Desk) -> None:
    desk.deploy(PAIR)
    desk.do(desk.start(number=1), "fix")
    for username, seen in (("subdistrict", 1), ("subdistrict.peer", 1), ("subdistrict.other", 0), ("operator", 0)):
        for view in ("mine", "all"):
            assert len(listed(desk, username, view, states=["completed"], completed_by="subdistrict")) == seen, (username, view)


def test_who_carries_how_much(full: Desk) -> None:
    for username in ("subdistrict", "subdistrict.peer", "subdistrict"):
        with full.engine.database.reading() as session:
            (row, *_) = inbox.page(session, full.engine, full.actor(username), "queue").items
        tasks.claim(full.engine, full.actor(username), row.task.id)
    with full.engine.database.reading() as session:
        assert inbox.load(session, full.engine, full.actor("bureau")) == [("subdistrict", 2), ("subdistrict.peer", 1)]
        assert inbox.load(session, full.engine, full.actor("subdistrict.other")) == []
