"""Variables belong to the case: nothing is overwritten by a neighbour, and no name of a field can hurt."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine import tasks
from engine.errors import InvalidData, ProcessFailure
from tests.drawing import END, START, Desk, drawn, flow, line, node, script, user

NAMES = ("verify_fire", "verify_power", "verify_gas", "verify_lift")
PARALLEL = drawn(START, node("parallelGateway", "split"), *(user(name) for name in NAMES), node("parallelGateway", "join"), user("sum_up"), END,
                 line("s", "split"), *(line("split", name, "join") for name in NAMES), line("join", "sum_up", "e"))  # fmt: skip
ONE = drawn(START, user("look"), script("note", "seen = look.n"), user("check_it"), END, line("s", "look", "note", "check_it", "e"))


def test_four_parallel_steps_with_the_same_field_keep_four_answers(desk: Desk) -> None:
    desk.deploy(PARALLEL)
    case_id = desk.start()
    for number, name in enumerate(NAMES):
        desk.do(case_id, name, result=f"answer {number}", list=[number])
    kept = desk.case(case_id).variables
    assert [kept[name]["result"] for name in NAMES] == [f"answer {number}" for number in range(4)]
    assert desk.open(case_id) == ["sum_up"]


@pytest.mark.any_database
def test_all_four_at_the_same_moment_too(desk: Desk) -> None:
    desk.deploy(PARALLEL)
    case_id, actor = desk.start(), desk.actor("subdistrict")
    ids = {name: desk.task(case_id, name).id for name in NAMES}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: tasks.complete(desk.engine, actor, ids[name], {"result": name}), NAMES))
    kept = desk.case(case_id).variables
    assert all(kept[name] == {"result": name} for name in NAMES) and desk.open(case_id) == ["sum_up"]


@pytest.mark.parametrize("name", [
    "typename", "__class__", "__builtins__", "count", "working_days", "operator_of", "start", "look", "data", "item", "now", "if", "null", "空", "a b", "",
])  # fmt: skip
def test_no_name_of_a_field_hurts(desk: Desk, name: str) -> None:
    desk.deploy(ONE)
    case_id = desk.start()
    desk.do(case_id, "look", **{name: {"typename": "UUID", "value": "x"}, "n": 7})
    desk.engine.live.take(case_id, desk.case(case_id).version)
    desk.do(case_id, "check_it")
    assert desk.case(case_id).state == "completed" and desk.case(case_id).variables["seen"] == 7
    assert desk.case(case_id).variables["look"][name] == {"typename": "UUID", "value": "x"}


def test_a_start_variable_named_like_a_function_does_not_reach_the_function(desk: Desk) -> None:
    gate = node("exclusiveGateway", "which", default="f_which_e")
    desk.deploy(drawn(START, gate, user("look"), END, node("endEvent", "e2"), line("s", "which", "look", "e2"),
                      flow("which", "e")).replace(b"<sequenceFlow id=\"f_which_look\" sourceRef=\"which\" targetRef=\"look\">",
                      b"<sequenceFlow id=\"f_which_look\" sourceRef=\"which\" targetRef=\"look\"><conditionExpression>count([1,2]) = 2</conditionExpression>"))  # fmt: skip
    assert desk.open(desk.start(count=5, sum="x")) == ["look"]


def test_a_later_step_leaves_what_earlier_ones_said(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), script("change", "look.n = 2\ncopy = look\ncopy.n = 3"), user("check_it"), END,
                      line("s", "look", "change", "check_it", "e")))
    case_id = desk.start()
    desk.do(case_id, "look", n=1)
    kept = desk.case(case_id).variables
    assert (kept["look"]["n"], kept["copy"]["n"]) == (2, 3)
    with desk.engine.database.reading() as session:
        from engine import history

        entered = [row.data for row in history.of_case(session, case_id) if row.event == "left" and row.element_id == "look"]
    assert entered == [{"submission": {"n": 1}}]


def test_the_latest_round_counts_and_every_round_is_kept(desk: Desk) -> None:
    desk.deploy(drawn(START, node("exclusiveGateway", "again"), user("look"), node("exclusiveGateway", "more", default="f_more_again"), END,
                      line("s", "again", "look", "more"), flow("more", "again"), flow("more", "e", "look.ok = true")))
    case_id = desk.start()
    for number in range(3):
        desk.do(case_id, "look", ok=False, number=number)
    assert desk.case(case_id).variables["look"] == {"ok": False, "number": 2}
    with desk.engine.database.reading() as session:
        from sqlalchemy import select

        from engine.tables import SubmissionRow

        kept = session.scalars(select(SubmissionRow.data).where(SubmissionRow.element_id == "look").order_by(SubmissionRow.id)).all()
    assert [row["number"] for row in kept] == [0, 1, 2]


@pytest.mark.parametrize("value", [1, 1.5, "text", "", None, True, [], {}, [[1], {"a": None}], "\U0001f600", "x" * 10_000, 10**15])
def test_any_plain_value_comes_back_as_it_was(desk: Desk, value: object) -> None:
    desk.deploy(ONE)
    case_id = desk.start(kept=value)
    assert desk.case(case_id).variables["kept"] == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes", object()])
def test_what_is_no_json_is_refused(desk: Desk, value: object) -> None:
    desk.deploy(ONE)
    with pytest.raises(InvalidData):
        desk.start(kept=value)


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800"])
def test_text_that_no_database_takes_is_refused(desk: Desk, value: str) -> None:
    desk.deploy(ONE)
    with pytest.raises(InvalidData):
        desk.start(kept={"deep": [value]})


def test_more_than_64_kb_is_refused(desk: Desk) -> None:
    desk.deploy(ONE)
    with pytest.raises(InvalidData):
        desk.start(kept="x" * 64_001)
    case_id = desk.start()
    with pytest.raises(InvalidData):
        desk.do(case_id, "look", n="x" * 64_001)


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def test_nesting_without_end_is_refused(desk: Desk) -> None:
    desk.deploy(ONE)
    with pytest.raises(InvalidData):
        desk.start(kept=deep(5_000))


def test_a_script_that_fails_in_its_second_line_leaves_nothing_of_the_first(desk: Desk) -> None:
    desk.deploy(drawn(START, user("look"), script("twice", "first = 1\nsecond = look.n + 1"), user("check_it"), END,
                      line("s", "look", "twice", "check_it", "e")))
    case_id = desk.start()
    with pytest.raises(ProcessFailure):
        desk.do(case_id, "look", n="text")
    assert "first" not in desk.case(case_id).variables and "look" not in desk.case(case_id).variables
