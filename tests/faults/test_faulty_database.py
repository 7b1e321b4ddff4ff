"""The database fails at every word in turn: before or after, never between; and it is said in a sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from engine import cases, history, messages, tasks, timers
from engine.database import Database
from engine.errors import Busy, EngineError, ProcessFailure
from engine.tables import Case, Incident, Message, SubmissionRow, Subscription, Task, TaskScope, Timer
from tests.drawing import END, START, Desk, drawn, line, message, node, script, timer, user

TOLD = '<extensionElements><camunda:properties><camunda:property name="candidate_groups" value="subdistrict"/></camunda:properties></extensionElements>'
DIAGRAM = drawn(
    START, user("look"), script("note", "n = 1"), user("check_it"), END, node("endEvent", "e2"), user("answer"), node("endEvent", "e3"), user("remind"),
    node("boundaryEvent", "told", TOLD + message("told"), attachedToRef="look", cancelActivity="false"),
    node("boundaryEvent", "late", timer("PT1H"), attachedToRef="look", cancelActivity="false"),
    line("s", "look", "note", "check_it", "e"), line("told", "answer", "e2"), line("late", "remind", "e3"), messages=("told",))  # fmt: skip
ACTS: dict[str, Callable[[Desk, int], Any]] = {
    "claim": lambda desk, case_id: tasks.claim(desk.engine, desk.actor("subdistrict"), desk.task(case_id, "look").id),
    "complete": lambda desk, case_id: desk.do(case_id, "look", n=1),
    "message": lambda desk, case_id: messages.send(desk.engine, desk.actor("subdistrict"), "told", "A-1", {"x": 1}),
    "timer": lambda desk, case_id: desk.later(hours=1),
    "cancel": lambda desk, case_id: cases.cancel(desk.engine, desk.actor("bureau.lead"), case_id, "entered twice"),
    "start": lambda desk, case_id: desk.start(business_key="A-2"),
}
WATCHED = (Case, Task, TaskScope, Timer, Subscription, SubmissionRow, Message)


class Fails:
    """Counts the words said to the database by writing transactions, and fails at the nth."""

    def __init__(self, at: int, error: Callable[[], Exception]) -> None:
        self.at, self.said, self.error, self.failed = at, 0, error, False

    def __call__(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not connection.get_execution_options().get("write") or statement.startswith("BEGIN"):
            return
        self.said += 1
        if self.said == self.at and not self.failed:
            self.failed = True
            raise self.error()


def locked() -> Exception:
    return OperationalError("", {}, Exception("database or disk is full"))


@contextmanager
def failing(database: Database, fails: Fails) -> Iterator[Fails]:
    event.listen(database.engine, "before_cursor_execute", fails)
    try:
        yield fails
    finally:
        event.remove(database.engine, "before_cursor_execute", fails)


def stands(desk: Desk) -> dict[str, list[Any]]:
    """All that an act changes, incidents and the history of failures left out."""
    with desk.engine.database.reading() as session:
        assert history.verify(session) == []
        kept = {}
        for table in WATCHED:
            columns = [c for c in table.__table__.columns if c.key not in ("blob", "history_seq", "history_head", "changed_at", "token_id", "version", "state" if table is Case else "")]
            kept[table.__name__] = sorted(map(repr, session.execute(select(*columns)).all()))
        return kept


@pytest.mark.parametrize("act", ACTS)
def test_old_or_new_and_never_between(desk: Desk, act: str) -> None:
    desk.deploy(DIAGRAM)
    for at in range(1, 200):
        case_id = desk.start(business_key="A-1")
        before = stands(desk)
        with failing(desk.engine.database, Fails(at, locked)) as fails:
            try:
                ACTS[act](desk, case_id)
            except EngineError as told:
                assert isinstance(told, Busy | ProcessFailure) and told.text.zh and told.text.en
        if not fails.failed:
            break
        after = stands(desk)
        if after != before:
            assert _is_done(desk, act, case_id), (act, at)
        else:
            ACTS[act](desk, case_id)
            assert _is_done(desk, act, case_id), (act, at)
        _put_away(desk)
    assert at > 3 and not fails.failed


def _is_done(desk: Desk, act: str, case_id: int) -> bool:
    events = desk.history(case_id)
    with desk.engine.database.reading() as session:
        started = list(session.scalars(select(Case.id).where(Case.business_key == "A-2", Case.ended_at.is_(None))))
    if act == "timer":
        timers.sweep(desk.engine)
        events = desk.history(case_id)
    return {
        "claim": ("claimed", "look") in events, "complete": desk.open(case_id) == ["check_it"] and events.count(("left", "look")) == 1,
        "message": desk.open(case_id).count("answer") == 1, "timer": desk.open(case_id).count("remind") == 1,
        "cancel": desk.case(case_id).state == "cancelled" and desk.open(case_id) == [], "start": len(started) == 1,
    }[act]


def _put_away(desk: Desk) -> None:
    with desk.engine.database.reading() as session:
        running = list(session.scalars(select(Case.id).where(Case.ended_at.is_(None))))
    for case_id in running:
        cases.cancel(desk.engine, desk.actor("bureau.lead"), case_id, "next")


def test_a_full_disk_leaves_no_incident_and_the_same_act_goes_through_later(desk: Desk) -> None:
    desk.deploy(DIAGRAM)
    case_id = desk.start(business_key="A-1")
    with failing(desk.engine.database, Fails(4, locked)), pytest.raises(Busy):
        desk.do(case_id, "look", n=1)
    with desk.engine.database.reading() as session:
        assert session.scalars(select(Incident)).all() == []
    assert desk.do(case_id, "look", n=1) == ["check_it"]


def test_even_where_the_incident_cannot_be_written_it_is_a_sentence(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), script("sum", "n = look.n + 1"), END, line("s", "look", "sum", "e")))
    case_id = desk.start()

    class Always(Fails):
        def __call__(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
            if "engine_incident" in statement and statement.startswith("INSERT"):
                raise self.error()

    with failing(desk.engine.database, Always(0, locked)), pytest.raises(Busy):
        desk.do(case_id, "look", n="text")
    assert desk.open(case_id) == ["look"]
