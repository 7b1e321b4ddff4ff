"""What would not run as drawn is refused by name, with file and element; nothing is silently skipped."""

import pytest

from engine.errors import Refused
from tests.drawing import END, START, Desk, drawn, flow, line, message, node, script, timer, user

LOOK = user("look")
SIGNAL = "<signalEventDefinition/>"


def problems(desk: Desk, content: bytes, name: str = "sample.bpmn") -> set[tuple[str | None, str]]:
    try:
        desk.deploy(content, name)
    except Refused as refused:
        assert {problem.file for problem in refused.problems} == {name}
        return {(problem.element_id, problem.rule) for problem in refused.problems}
    return set()


def around(*pieces: str, path: tuple[str, ...] = ("s", "look", "e"), **more: object) -> bytes:
    return drawn(START, LOOK, END, line(*path), *pieces, **more)  # type: ignore[arg-type]


def test_what_is_right_is_deployed(desk: Desk) -> None:
    assert problems(desk, around()) == set()


@pytest.mark.parametrize("kind", [
    "callActivity", "receiveTask", "manualTask", "task", "transaction", "adHocSubProcess", "complexGateway", "sendTask",
])  # fmt: skip
def test_elements_that_do_not_run_yet_are_named(desk: Desk, kind: str) -> None:
    found = problems(desk, drawn(START, node(kind, "odd"), END, line("s", "odd", "e")))
    assert ("odd", "not_run") in found


@pytest.mark.parametrize("kind", ["dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification", "property", "correlationSubscription", "choreographyTask", "resourceRole"])
def test_parts_that_mean_nothing_here_are_named_too(desk: Desk, kind: str) -> None:
    assert ("odd", "not_run") in problems(desk, around(node(kind, "odd")))


@pytest.mark.parametrize("marker", [
    "<multiInstanceLoopCharacteristics/>", "<multiInstanceLoopCharacteristics isSequential=\"true\"/>", "<standardLoopCharacteristics/>",
    "<ioSpecification/>", "<dataInputAssociation/>", "<extensionElements><camunda:executionListener event=\"start\" expression=\"${x}\"/></extensionElements>",
    "<extensionElements><camunda:taskListener event=\"create\"/></extensionElements>",
    "<extensionElements><camunda:inputOutput/></extensionElements>", "<extensionElements><camunda:formData/></extensionElements>",
    "<extensionElements><camunda:connector/></extensionElements>", "<extensionElements><camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle></extensionElements>",
])  # fmt: skip
def test_loops_listeners_and_mappings_of_a_task_are_refused(desk: Desk, marker: str) -> None:
    task = f'<userTask id="look" camunda:candidateGroups="subdistrict">{marker}</userTask>'
    assert ("look", "not_run") in problems(desk, drawn(START, task, END, line("s", "look", "e")))


def test_listeners_of_flows_and_of_the_process_are_refused(desk: Desk) -> None:
    listener = '<extensionElements><camunda:executionListener event="take" expression="${x}"/></extensionElements>'
    heard = f'<sequenceFlow id="f1" sourceRef="s" targetRef="look">{listener}</sequenceFlow>'
    assert ("f1", "not_run") in problems(desk, drawn(START, LOOK, END, heard, line("look", "e")))
    assert ("sample", "not_run") in problems(desk, drawn(listener, START, LOOK, END, line("s", "look", "e")))


@pytest.mark.parametrize("attribute", ["asyncBefore", "asyncAfter", "exclusive", "class", "delegateExpression", "topic", "type", "calledElementBinding", "jobPriority"])
def test_attributes_that_would_be_ignored_are_refused(desk: Desk, attribute: str) -> None:
    assert ("look", "camunda") in problems(desk, drawn(START, user("look", **{attribute: "true"}), END, line("s", "look", "e")))


def test_attributes_of_the_process_that_would_be_ignored_are_refused(desk: Desk) -> None:
    content = around().replace(b'isExecutable="true"', b'isExecutable="true" camunda:jobPriority="7"')
    assert ("sample", "camunda") in problems(desk, content)


@pytest.mark.parametrize(("kind", "event"), [
    ("startEvent", SIGNAL), ("startEvent", "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>"),
    ("startEvent", "<conditionalEventDefinition/>"), ("endEvent", SIGNAL), ("endEvent", "<escalationEventDefinition/>"),
    ("endEvent", "<cancelEventDefinition/>"), ("endEvent", "<compensateEventDefinition/>"),
])  # fmt: skip
def test_events_that_do_not_run_are_named(desk: Desk, kind: str, event: str) -> None:
    name = {"startEvent": "s", "endEvent": "e"}[kind]
    content = drawn(node("startEvent", "s", event if kind == "startEvent" else ""), LOOK, node("endEvent", "e", event if kind == "endEvent" else ""), line("s", "look", "e"))
    assert (name, "not_run") in problems(desk, content)


@pytest.mark.parametrize("event", [SIGNAL, "<linkEventDefinition name=\"x\"/>", "<compensateEventDefinition/>", "<escalationEventDefinition/>"])
def test_throwing_events_that_do_not_run_are_named(desk: Desk, event: str) -> None:
    assert ("odd", "not_run") in problems(desk, drawn(START, node("intermediateThrowEvent", "odd", event), LOOK, END, line("s", "odd", "look", "e")))


def test_event_sub_processes_are_refused(desk: Desk) -> None:
    body = node("subProcess", "sudden", node("startEvent", "s1", timer("PT1H")) + node("endEvent", "e1") + line("s1", "e1"), triggeredByEvent="true")
    assert ("sudden", "not_run") in problems(desk, around(body))


def test_an_unreachable_step_and_a_dead_end_are_named(desk: Desk) -> None:
    found = problems(desk, around(user("lost")))
    assert {("lost", "unreachable"), ("lost", "dead_end")} <= found


def test_an_island_of_its_own_is_unreachable(desk: Desk) -> None:
    found = problems(desk, around(user("one"), user("two"), line("one", "two", "one")))
    assert {("one", "unreachable"), ("two", "unreachable")} <= found


def test_a_process_has_one_start(desk: Desk) -> None:
    assert ("sample", "no_start") in problems(desk, drawn(LOOK, END, line("look", "e")))
    assert ("s2", "second_start") in problems(desk, around(node("startEvent", "s2"), line("s2", "e")))


def test_two_elements_of_one_id_are_refused(desk: Desk) -> None:
    assert ("look", "double_id") in problems(desk, around(user("look")))


def test_a_sub_process_without_a_start_is_named(desk: Desk) -> None:
    body = node("subProcess", "frame", user("inner") + node("endEvent", "e1") + line("inner", "e1"))
    assert ("frame", "no_start") in problems(desk, drawn(START, body, END, line("s", "frame", "e")))


def test_a_loose_flow_and_one_across_a_frame_are_named(desk: Desk) -> None:
    assert ("f_look_nowhere", "loose_flow") in problems(desk, around(flow("look", "nowhere")))
    body = node("subProcess", "frame", node("startEvent", "s1") + user("inner") + node("endEvent", "e1") + line("s1", "inner", "e1"))
    crossing = drawn(START, LOOK, body, END, line("s", "look", "frame", "e"), flow("look", "inner"))
    assert ("f_look_inner", "crossing_flow") in problems(desk, crossing)


def test_a_task_that_splits_says_so(desk: Desk) -> None:
    assert ("look", "implicit_split") in problems(desk, around(node("endEvent", "e2"), flow("look", "e2")))


def test_a_condition_out_of_a_task_is_refused(desk: Desk) -> None:
    content = drawn(START, LOOK, END, line("s", "look"), flow("look", "e", "look.x = 1"))
    assert ("f_look_e", "condition_here") in problems(desk, content)


def test_every_way_out_but_the_default_has_a_condition(desk: Desk) -> None:
    gate = node("exclusiveGateway", "which", default="f_which_e")
    content = drawn(START, LOOK, gate, END, node("endEvent", "e2"), line("s", "look", "which"), flow("which", "e"), flow("which", "e2"))
    assert ("f_which_e2", "no_condition") in problems(desk, content)


@pytest.mark.parametrize("text", ["1 +", "a b c d", "x =", "for x in", "\"open", "${", "look..x", ""])
def test_a_condition_that_is_no_expression_is_refused_with_its_place(desk: Desk, text: str) -> None:
    gate = node("exclusiveGateway", "which", default="f_which_e")
    content = drawn(START, LOOK, gate, END, node("endEvent", "e2"), line("s", "look", "which"), flow("which", "e"),
                    flow("which", "e2", text or " "))  # fmt: skip
    assert {element for element, _ in problems(desk, content)} == {"f_which_e2"}


def test_a_script_names_its_fault(desk: Desk) -> None:
    assert ("run", "expression") in problems(desk, drawn(START, script("run", "x = 1\nimport os"), LOOK, END, line("s", "run", "look", "e")))


def test_a_script_without_a_line_or_in_another_language_is_refused(desk: Desk) -> None:
    foreign = '<scriptTask id="run" scriptFormat="javascript"><script>x = 1</script></scriptTask>'
    assert ("run", "script_language") in problems(desk, drawn(START, foreign, LOOK, END, line("s", "run", "look", "e")))
    assert ("run", "empty_script") in problems(desk, drawn(START, script("run", " "), LOOK, END, line("s", "run", "look", "e")))


def test_functions_forms_decisions_and_steps_that_are_not_there_are_named(desk: Desk) -> None:
    content = drawn(
        START, '<serviceTask id="call" camunda:expression="${nothing_of_the_kind}"/>', '<businessRuleTask id="decide" camunda:decisionRef="none"/>',
        user("look", formKey="sample/none", properties={"not_same_person_as": "nobody"}), END, line("s", "call", "decide", "look", "e"))  # fmt: skip
    assert problems(desk, content) == {("call", "unknown_function"), ("decide", "unknown_decision"), ("look", "unknown_form"), ("look", "unknown_element")}


def test_separation_of_duties_names_a_user_task(desk: Desk) -> None:
    content = drawn(START, script("run", "x = 1"), user("look", properties={"not_same_person_as": "x"}), END, line("s", "run", "look", "e"))
    assert ("look", "unknown_element") in problems(desk, content)


@pytest.mark.parametrize(("task", "rule"), [
    ('<userTask id="look"/>', "nobodys"), (user("look", "emperor"), "unknown_role"), (user("Look"), "element_id"), (user("count"), "element_id"),
    (user("start"), "element_id"), (user("item"), "element_id"),
])  # fmt: skip
def test_a_task_is_somebody_s_and_has_a_name_for_expressions(desk: Desk, task: str, rule: str) -> None:
    name = task.split('"')[1]
    assert (name, rule) in problems(desk, drawn(START, task, END, line("s", name, "e")))


def test_scripts_do_not_write_over_the_start_or_a_function(desk: Desk) -> None:
    for text in ("count = 1", "start = 1", "start.x = 1"):
        assert ("run", "variable_name") in problems(desk, drawn(START, script("run", text), LOOK, END, line("s", "run", "look", "e")))


def test_a_boundary_event_stands_on_an_activity(desk: Desk) -> None:
    for host in ("nothing", "s", "other"):
        edge = node("boundaryEvent", "late", timer("PT1H"), attachedToRef=host)
        assert ("late", "no_host") in problems(desk, around(edge, node("endEvent", "e2"), line("late", "e2")))


def test_an_error_always_interrupts(desk: Desk) -> None:
    edge = node("boundaryEvent", "bad", '<errorEventDefinition errorRef="err"/>', attachedToRef="look", cancelActivity="false")
    content = drawn(START, LOOK, edge, END, node("endEvent", "e2"), line("s", "look", "e"), line("bad", "e2"), before='<error id="err" errorCode="X"/>')
    assert ("bad", "not_run") in problems(desk, content)


def test_a_nameless_message_is_refused(desk: Desk) -> None:
    content = drawn(START, node("intermediateCatchEvent", "told", message("nobody")), LOOK, END, line("s", "told", "look", "e"))
    assert ("told", "nameless_event") in problems(desk, content)


def test_behind_an_event_gateway_stand_events(desk: Desk) -> None:
    content = drawn(START, node("eventBasedGateway", "which"), LOOK, node("intermediateCatchEvent", "wait", timer("PT1H")), END, node("endEvent", "e2"),
                    line("s", "which", "look", "e"), line("which", "wait", "e2"))  # fmt: skip
    assert ("which", "event_gateway") in problems(desk, content)


def test_a_file_has_one_process(desk: Desk) -> None:
    assert (None, "one_process") in problems(desk, around().replace(b'isExecutable="true"', b""))


def test_what_is_no_bpmn_is_refused(desk: Desk) -> None:
    for content in (b"", b"<a/>", b"PK\x03\x04", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y "z">]><definitions/>', b"{}"):
        assert problems(desk, content) != set()


def test_gateways_that_would_lay_out_too_many_futures_are_refused(desk: Desk) -> None:
    pieces, path = [START, END], ["s"]
    for number in range(12):
        pieces += [node("parallelGateway", f"split_{number}"), node("parallelGateway", f"join_{number}")]
        for branch in range(3):
            pieces += [user(f"step_{number}_{branch}"), line(f"split_{number}", f"step_{number}_{branch}", f"join_{number}")]
        pieces.append(flow(path[-1], f"split_{number}"))
        path.append(f"join_{number}")
    pieces.append(flow(path[-1], "e"))
    assert (None, "too_many_futures") in {(None, rule) for _, rule in problems(desk, drawn(*pieces))}
