"""A database that fails at any statement: the case is as it was before or as it should be after, never between."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from engine import history, tasks
from engine.errors import Busy, EngineError
from tests.drawing import END, START, Desk, drawn, line, script, user

TWO_STEPS = drawn(START, user("look"), script("note", "seen = look.ok"), user("close"), END, line("s", "look", "note", "close", "e"))


@contextmanager
def failing_at(desk: Desk, nth: int) -> Iterator[list[int]]:
    """Let the nth statement from here on fail, once."""
    counted = [0]

    def fail(*_: object) -> None:
        counted[0] += 1
        if counted[0] == nth:
            raise OperationalError("statement", {}, Exception("disk I/O error"))

    event.listen(desk.engine.database.engine, "before_cursor_execute", fail)
    try:
        yield counted
    finally:
        event.remove(desk.engine.database.engine, "before_cursor_execute", fail)


def test_every_failing_statement_leaves_the_old_state_or_the_new(engine: object) -> None:
    desk = Desk(engine)
    desk.deploy(TWO_STEPS)
    actor, nth, reached = desk.actor("subdistrict"), 0, False
    while not reached:
        nth += 1
        case_id = desk.start()
        task = desk.task(case_id, "look")
        with failing_at(desk, nth) as counted:
            with suppress(EngineError, OperationalError):
                tasks.complete(desk.engine, actor, task.id, {"ok": True})
            reached = counted[0] < nth
        assert desk.open(case_id) in (["look"], ["close"]), nth
        tasks.complete(desk.engine, actor, task.id, {"ok": True})
        assert desk.open(case_id) == ["close"] and desk.history(case_id).count(("left", "look")) == 1, nth
    assert nth > 15
    with desk.engine.database.reading() as session:
        assert history.verify(session) == []


def test_a_database_that_does_not_answer_is_said_in_words(engine: object) -> None:
    desk = Desk(engine)
    desk.deploy(TWO_STEPS)
    task, actor = desk.task(desk.start(), "look"), desk.actor("subdistrict")
    with failing_at(desk, 8), pytest.raises((Busy, OperationalError)) as refused:
        tasks.complete(desk.engine, actor, task.id, {"ok": True})
    assert isinstance(refused.value, Busy) and "nothing was changed" in refused.value.text.en
