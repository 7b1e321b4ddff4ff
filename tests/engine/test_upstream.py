"""What SpiffWorkflow 3.2 does by itself: each of these tells, the day it fails, that a workaround of ours can go."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState

from engine.bpmn import patches
from tests.drawing import END, START, drawn, flow, line, message, node, script, timer, user
from tests.engine.test_joins import ROUNDS
from tests.engine.test_pruning import MESSAGES


@pytest.fixture
def stock() -> Iterator[None]:
    """The library as it comes, its depth limit put back for this test."""
    kept = [(one, one.__init__.__defaults__) for one in (TaskIterator, BpmnTaskIterator)]
    for one, defaults in kept:
        one.__init__.__defaults__ = tuple(1000 if value == patches.ENDLESS else value for value in defaults)
    yield
    for one, defaults in kept:
        one.__init__.__defaults__ = defaults


def start(content: bytes, **data: Any) -> BpmnWorkflow:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(content))
    workflow = BpmnWorkflow(parser.get_spec("sample"), parser.get_subprocess_specs("sample"))
    workflow.task_tree.data.update(data)
    workflow.do_engine_steps()
    return workflow


def do(workflow: BpmnWorkflow, name: str, **data: Any) -> None:
    task = next(t for t in workflow.get_tasks(state=TaskState.READY, manual=True) if t.task_spec.bpmn_id == name)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()


def ready(workflow: BpmnWorkflow) -> list[str]:
    return sorted(t.task_spec.bpmn_id for t in workflow.get_tasks(state=TaskState.READY, manual=True))


def test_a_finished_task_runs_again_without_a_word(stock: None) -> None:
    workflow = start(drawn(START, user("look"), user("then"), END, line("s", "look", "then", "e")))
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.run()
    assert task.state == TaskState.COMPLETED and task.run() is True


def test_after_a_thousand_levels_an_open_task_is_hidden(stock: None) -> None:
    looping = drawn(START, node("exclusiveGateway", "again"), script("count", "n = n + 1"), node("exclusiveGateway", "more", default="f_more_look"), user("look"), END,
                    line("s", "again", "count", "more"), flow("more", "again", "n < 400"), flow("more", "look"), line("look", "e"))  # fmt: skip
    workflow = start(looping, n=0)
    assert ready(workflow) == [] and [t for t in workflow.tasks.values() if t.state == TaskState.READY] != []


def test_a_join_in_a_loop_fires_early_in_the_second_round(stock: None) -> None:
    workflow = start(ROUNDS, rounds=0, go=True)
    for name in ("one", "two", "three"):
        do(workflow, name)
    do(workflow, "three")
    assert ready(workflow) != ["one", "two"]


def test_the_branch_that_ends_last_overwrites_the_others(stock: None) -> None:
    workflow = start(drawn(START, node("parallelGateway", "split"), user("one"), user("two"), node("parallelGateway", "join"), user("then"), END,
                           line("s", "split", "one", "join", "then", "e"), line("split", "two", "join")), n=0)  # fmt: skip
    do(workflow, "one", n=1)
    do(workflow, "two")
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    assert task.data["n"] == 0


def test_a_literal_duration_is_taken_for_python(stock: None) -> None:
    with pytest.raises(Exception, match="PT1H"):
        start(drawn(START, node("intermediateCatchEvent", "wait", timer("PT1H")), END, line("s", "wait", "e")))


def test_a_timer_looks_at_the_wall_clock(stock: None) -> None:
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    workflow = start(drawn(START, node("intermediateCatchEvent", "wait", timer(f"'{past}'", "timeDate")), user("look"), END, line("s", "wait", "look", "e")))
    workflow.refresh_timers()
    workflow.do_engine_steps()
    assert ready(workflow) == ["look"]


def test_a_time_too_far_away_stops_the_engine(stock: None) -> None:
    with pytest.raises(OverflowError):
        start(drawn(START, node("intermediateCatchEvent", "wait", timer("'P99999Y'")), END, line("s", "wait", "e")))


def test_a_message_beside_a_task_is_heard_once(stock: None) -> None:
    from SpiffWorkflow.bpmn import BpmnEvent
    from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition

    workflow = start(MESSAGES)
    for _ in range(2):
        workflow.catch(BpmnEvent(MessageEventDefinition("told"), payload={}))
        workflow.do_engine_steps()
    assert ready(workflow).count("answer") == 1


def test_two_timers_behind_an_event_gateway_share_one_instant(stock: None) -> None:
    workflow = start(drawn(
        START, node("eventBasedGateway", "which"), node("intermediateCatchEvent", "long", timer("'PT5H'")), node("intermediateCatchEvent", "short", timer("'PT0S'")),
        user("late"), user("soon"), END, node("endEvent", "e2"), line("s", "which", "long", "late", "e"), line("which", "short", "soon", "e2")))  # fmt: skip
    workflow.refresh_timers()
    workflow.do_engine_steps()
    assert ready(workflow) == []


def test_a_field_called_typename_cannot_be_read_back(stock: None) -> None:
    workflow = start(drawn(START, user("look"), user("then"), END, line("s", "look", "then", "e")))
    do(workflow, "look", typename="x")
    serializer = BpmnWorkflowSerializer()
    with pytest.raises(Exception, match=r"callable|typename|'x'"):
        serializer.deserialize_json(serializer.serialize_json(workflow))


def test_an_error_that_nobody_catches_ends_the_process_quietly(stock: None) -> None:
    workflow = start(drawn(START, user("look"), node("endEvent", "e", '<errorEventDefinition errorRef="err"/>'), line("s", "look", "e"),
                           before='<error id="err" name="Full" errorCode="FULL"/>'))  # fmt: skip
    do(workflow, "look")
    assert workflow.is_completed()


def test_scripts_and_conditions_are_python_with_everything(stock: None) -> None:
    workflow = start(drawn(START, script("run", "import os\nx = os.getpid()"), user("look"), END, line("s", "run", "look", "e")))
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    assert isinstance(task.data["x"], int)


def test_futures_multiply_with_every_block(stock: None) -> None:
    sizes = []
    for blocks in (2, 4):
        pieces, above = [START, END], "s"
        for number in range(blocks):
            pieces += [node("parallelGateway", f"split_{number}"), node("parallelGateway", f"join_{number}"), flow(above, f"split_{number}")]
            pieces += [user(f"t{number}_{n}") + line(f"split_{number}", f"t{number}_{n}", f"join_{number}") for n in range(3)]
            above = f"join_{number}"
        sizes.append(len(start(drawn(*pieces, flow(above, "e"))).tasks))
    assert sizes[1] > 8 * sizes[0]


def test_our_corrections_are_on_the_library_s_own_classes() -> None:
    assert Task.is_descendant_of is patches._is_descendant_of and patches.ENDLESS in (TaskIterator.__init__.__defaults__ or ())


def test_a_message_thrown_carries_everything_the_task_knew(stock: None) -> None:
    workflow = start(drawn(START, user("look"), node("intermediateThrowEvent", "tell", message("told")), user("then"), END,
                           line("s", "look", "tell", "then", "e"), messages=("told",)))  # fmt: skip
    do(workflow, "look", secret="kept")
    assert any("secret" in str(event.payload) for event in workflow.get_events())
