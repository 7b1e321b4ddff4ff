"""Five hundred rounds of one case cost what the first did: its state does not grow, and every step is right."""

import pytest

from engine.bpmn import state
from tests.drawing import END, START, Desk, drawn, flow, line, message, node, script, timer, user
from tests.engine.test_joins import ROUNDS
from tests.engine.walking import Walk, spec_of

ROUND = drawn(
    START, node("exclusiveGateway", "again"), user("fix"), user("verify"),
    node("boundaryEvent", "late", timer("PT1H"), attachedToRef="fix", cancelActivity="false"), script("count", "late_count = late_count + 1"),
    node("endEvent", "e2"), node("exclusiveGateway", "passed", default="f_passed_again"), END,
    line("s", "again", "fix", "verify", "passed"), line("late", "count", "e2"), flow("passed", "again"), flow("passed", "e", "ok"))  # fmt: skip
MESSAGES = drawn(START, user("look"), node("boundaryEvent", "told", message("told"), attachedToRef="look", cancelActivity="false"),
                 user("answer"), END, node("endEvent", "e2"), line("s", "look", "e"), line("told", "answer", "e2"), messages=("told",))  # fmt: skip
FRAMES = drawn(
    START, node("exclusiveGateway", "again"), node("subProcess", "frame", node("startEvent", "s1") + user("fix") + node("endEvent", "e1") + line("s1", "fix", "e1")),
    node("exclusiveGateway", "passed", default="f_passed_again"), END, line("s", "again", "frame", "passed"), flow("passed", "again"), flow("passed", "e", "ok"))  # fmt: skip


def sizes(walk: Walk) -> tuple[int, int]:
    return walk.size, len(state.dump(walk.workflow))


@pytest.mark.parametrize("restored", [False, True])
def test_five_hundred_rounds_with_a_timer_each_are_no_larger_than_two(restored: bool) -> None:
    walk = Walk(spec_of(ROUND), pruned=True, restored=restored, ok=False, late_count=0)
    for number in range(500):
        if number == 2:
            first = sizes(walk)
        walk.take("fire", "late/")
        walk.do("fix", "verify")
        assert walk.ready == ["fix"] and walk.host.variables["late_count"] == number + 1
    assert walk.size <= first[0] and len(state.dump(walk.workflow)) < first[1] * 1.3
    walk.do("fix")
    walk.do("verify", ok=True)
    assert walk.over


def test_five_hundred_rounds_of_a_parallel_block() -> None:
    walk = Walk(spec_of(ROUNDS), pruned=True, rounds=0, go=True)
    walk.do("one", "two", "three")
    first = walk.size
    for number in range(2, 501):
        walk.do("three", "one", "two")
        assert walk.host.variables["rounds"] == number
    assert walk.size <= first


def test_five_hundred_rounds_of_a_sub_process() -> None:
    walk = Walk(spec_of(FRAMES), pruned=True, restored=True, ok=False)
    walk.do("fix")
    first = sizes(walk)
    for _ in range(499):
        walk.do("fix")
    assert walk.size <= first[0] and len(walk.workflow.subprocesses) == 1


def test_five_hundred_messages_beside_one_task() -> None:
    walk = Walk(spec_of(MESSAGES), pruned=True)
    for number in range(500):
        walk.take("tell", "told")
        assert walk.ready == ["answer", "look"]
        walk.do("answer")
        if number == 1:
            first = walk.size
    assert walk.size <= first
    walk.do("look")
    assert walk.over


def test_answers_still_open_are_kept_however_many_they_are() -> None:
    walk = Walk(spec_of(MESSAGES), pruned=True, restored=True)
    for _ in range(20):
        walk.take("tell", "told")
    assert walk.ready.count("answer") == 20
    walk.do("look", *["answer"] * 19)
    assert walk.ready == ["answer"] and not walk.over
    walk.do("answer")
    assert walk.over


def test_without_pruning_it_would_grow() -> None:
    walk = Walk(spec_of(ROUND), ok=False, late_count=0)
    for _ in range(20):
        walk.do("fix", "verify")
    assert walk.size > 100


def test_a_case_of_sixty_rounds_keeps_a_flat_state_and_the_whole_history(desk: Desk) -> None:
    desk.deploy(ROUND)
    case_id = desk.start(ok=False, late_count=0)
    lengths = []
    for _ in range(60):
        desk.do(case_id, "fix")
        desk.do(case_id, "verify")
        with desk.engine.database.reading() as session:
            from engine.tables import Case

            lengths.append(len(session.get_one(Case, case_id).blob))
    assert max(lengths[2:]) < min(lengths[2:]) * 1.2
    assert desk.history(case_id).count(("left", "verify")) == 60 and desk.open(case_id) == ["fix"]
