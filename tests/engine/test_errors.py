"""Errors of functions: caught at the boundary that names them, or an incident; nothing is half done."""

from pathlib import Path

import pytest

from engine import incidents
from engine.errors import ProcessFailure
from tests.drawing import END, START, Desk, drawn, line, node, script, timer, user

FUNCTIONS = '''"""Functions of a test."""

from typing import Any

from engine.errors import BpmnError
from engine.tables import Setting


def refuse(ctx: Any) -> None:
    """Writes, then means something to the diagram."""
    ctx.session.merge(Setting(key="written", value=1))
    raise BpmnError(ctx.vars["code"] or "FULL", "the register says no")


def crash(ctx: Any) -> None:
    """Writes, then fails."""
    ctx.session.merge(Setting(key="written", value=1))
    raise KeyError(1)


def meddle(ctx: Any) -> str:
    """Tries to change what it may only read."""
    ctx.vars["secret"] = "overwritten"
    ctx.vars["deep"]["n"] = 2
    return "done"


def odd(ctx: Any) -> Any:
    """Gives what is no plain data."""
    return {"a": object()}
'''
ERROR = '<error id="err" name="Full" errorCode="FULL"/>'


@pytest.fixture
def at(desk: Desk, tmp_path: Path) -> Desk:
    """A desk whose processes called `sample` have functions."""
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "functions.py").write_text(FUNCTIONS)
    desk.engine.processes_path = tmp_path
    return desk


def service(name: str, function: str) -> str:
    return f'<serviceTask id="{name}" camunda:expression="${{{function}}}" camunda:resultVariable="result"/>'


def guarded(function: str) -> bytes:
    edge = node("boundaryEvent", "full", '<errorEventDefinition errorRef="err"/>', attachedToRef="book")
    return drawn(START, user("look"), service("book", function), edge, user("otherwise"), user("go_on"), END, node("endEvent", "e2"),
                 line("s", "look", "book", "go_on", "e"), line("full", "otherwise", "e2"), before=ERROR)  # fmt: skip


def test_the_boundary_with_its_code_catches_it(at: Desk) -> None:
    at.deploy(guarded("refuse"))
    case_id = at.start(code="FULL")
    assert at.do(case_id, "look") == ["otherwise"]
    assert ("entered", "otherwise") in at.history(case_id) and at.case(case_id).state == "running"


def test_another_code_is_an_incident_and_nothing_happened(at: Desk) -> None:
    at.deploy(guarded("refuse"))
    case_id = at.start(code="EMPTY")
    with pytest.raises(ProcessFailure) as failure:
        at.do(case_id, "look")
    assert "EMPTY" in failure.value.text.en and at.open(case_id) == ["look"]


def test_any_other_error_is_an_incident_that_names_the_step(at: Desk) -> None:
    from engine.tables import Setting

    at.deploy(guarded("crash"))
    case_id = at.start()
    with pytest.raises(ProcessFailure) as failure:
        at.do(case_id, "look")
    assert failure.value.element_id == "book" and "KeyError" in failure.value.text.en
    with at.engine.database.reading() as session:
        assert session.get(Setting, "written") is None


def test_an_error_within_a_sub_process_is_caught_on_its_frame(at: Desk) -> None:
    edge = node("boundaryEvent", "full", '<errorEventDefinition errorRef="err"/>', attachedToRef="frame")
    late = node("boundaryEvent", "late", timer("PT1H"), attachedToRef="book_it", cancelActivity="false")
    frame = node("subProcess", "frame", "".join((
        node("startEvent", "s1"), user("book_it"), late, user("remind"), node("endEvent", "e3"), service("book", "refuse"), node("endEvent", "e1"),
        line("s1", "book_it", "book", "e1"), line("late", "remind", "e3"))))  # fmt: skip
    at.deploy(drawn(START, frame, edge, user("otherwise"), user("go_on"), END, node("endEvent", "e2"),
                    line("s", "frame", "go_on", "e"), line("full", "otherwise", "e2"), before=ERROR))
    case_id = at.start(code="FULL")
    at.later(hours=1)
    assert at.open(case_id) == ["book_it", "remind"]
    at.do(case_id, "book_it")
    assert at.open(case_id) == ["otherwise"]


def test_an_error_end_event_is_caught_on_the_frame(at: Desk) -> None:
    edge = node("boundaryEvent", "full", '<errorEventDefinition errorRef="err"/>', attachedToRef="frame")
    frame = node("subProcess", "frame", "".join((
        node("startEvent", "s1"), user("book_it"), node("endEvent", "e1", '<errorEventDefinition errorRef="err"/>'), line("s1", "book_it", "e1"))))
    at.deploy(drawn(START, frame, edge, user("otherwise"), END, node("endEvent", "e2"), line("s", "frame", "e"),
                    line("full", "otherwise", "e2"), before=ERROR))
    case_id = at.start()
    at.do(case_id, "book_it")
    assert at.open(case_id) == ["otherwise"]


def test_an_error_end_event_that_nobody_catches_is_an_incident(at: Desk) -> None:
    at.deploy(drawn(START, user("look"), node("endEvent", "e", '<errorEventDefinition errorRef="err"/>'), line("s", "look", "e"), before=ERROR))
    case_id = at.start()
    with pytest.raises(ProcessFailure) as failure:
        at.do(case_id, "look")
    assert "FULL" in failure.value.text.en and at.open(case_id) == ["look"]


def test_a_boundary_without_a_code_catches_any(at: Desk) -> None:
    edge = node("boundaryEvent", "full", "<errorEventDefinition/>", attachedToRef="book")
    content = drawn(START, user("look"), service("book", "refuse"), edge, user("otherwise"), END, node("endEvent", "e2"),
                    line("s", "look", "book", "e"), line("full", "otherwise", "e2"), before=ERROR)  # fmt: skip
    with pytest.raises(Exception, match="problems"):
        at.deploy(content)


def test_a_function_only_reads_the_variables(at: Desk) -> None:
    at.deploy(drawn(START, user("look"), service("book", "meddle"), user("go_on"), END, line("s", "look", "book", "go_on", "e")))
    case_id = at.start(secret="kept", deep={"n": 1})
    at.do(case_id, "look")
    kept = at.case(case_id).variables
    assert (kept["secret"], kept["deep"], kept["result"]) == ("kept", {"n": 1}, "done")


def test_what_a_function_gives_is_plain_data_or_an_incident(at: Desk) -> None:
    at.deploy(drawn(START, user("look"), service("book", "odd"), END, line("s", "look", "book", "e")))
    case_id = at.start()
    with pytest.raises(ProcessFailure) as failure:
        at.do(case_id, "look")
    assert failure.value.element_id == "book"


def test_a_failed_branch_leaves_its_neighbours_untouched(at: Desk) -> None:
    at.deploy(drawn(START, node("parallelGateway", "split"), user("one"), user("two"), script("sum", "n = one.n + 1"), END, node("endEvent", "e2"),
                    line("s", "split", "one", "sum", "e"), line("split", "two", "e2")))
    case_id = at.start()
    with pytest.raises(ProcessFailure):
        at.do(case_id, "one", n="text")
    assert at.open(case_id) == ["one", "two"]
    at.do(case_id, "two")
    assert at.case(case_id).state == "failed"
    at.do(case_id, "one", n=1)
    assert at.case(case_id).state == "completed"
    with at.engine.database.reading() as session:
        assert [one.state for one in incidents.of_case(session, case_id)] == ["resolved"]


def test_no_half_done_workflow_is_kept_alive(at: Desk) -> None:
    at.deploy(drawn(START, user("look"), script("sum", "n = look.n + 1"), user("go_on"), END, line("s", "look", "sum", "go_on", "e")))
    case_id = at.start()
    for _ in range(3):
        with pytest.raises(ProcessFailure):
            at.do(case_id, "look", n="text")
    assert at.do(case_id, "look", n=1) == ["go_on"]
    assert [name for event, name in at.history(case_id) if event == "left"] == ["s", "look", "sum"]
