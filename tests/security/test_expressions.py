"""Attacks in every place where an expression can stand: refused when deployed, or an incident; the server stays up."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from engine import definitions, messages
from engine.actor import OPERATOR_OF_THE_MACHINE
from engine.engine import Engine
from engine.errors import EngineError, ProcessFailure, Refused
from tests.drawing import END, START, Desk, drawn, line, node, script, user

PAYLOADS = json.loads((Path(__file__).parent / "payloads.json").read_text())
DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<inputData id="in_a" name="a"><variable id="va" name="a" typeRef="number"/></inputData>
<decision id="pick" name="pick"><variable id="vp" name="pick" typeRef="Any"/>
<informationRequirement id="ir"><requiredInput href="#in_a"/></informationRequirement>
{}</decision></definitions>"""
TABLE = """<decisionTable id="t" hitPolicy="FIRST"><input id="i"><inputExpression id="ie"><text>{}</text></inputExpression></input>
<output id="o" name="pick"/><rule id="r"><inputEntry id="c"><text>{}</text></inputEntry><outputEntry id="x"><text>{}</text></outputEntry></rule></decisionTable>"""

# 9**9**9 is a number of 78 digits here; in a form these find nothing that they could hold, and the field stays away.
JUST_A_NUMBER = {"F02"}
NOTHING_TO_HOLD = {"B06", "B07", "E08", "F19"}

Files = dict[str, bytes]
Place = Callable[[str], Files]


def kept(text: str) -> str:
    """As a bpmn file keeps an attribute: line ends and all."""
    return quoteattr(text, {"\n": "&#10;"})


def properties(**values: str) -> str:
    rows = "".join(f'<camunda:property name="{name}" value={kept(text)}/>' for name, text in values.items())
    return f"<extensionElements><camunda:properties>{rows}</camunda:properties></extensionElements>"


def alone(content: bytes) -> Files:
    return {"sample.bpmn": content}


def in_condition(text: str) -> Files:
    gate = node("exclusiveGateway", "which", default="f_e")
    test = f'<sequenceFlow id="f_x" sourceRef="which" targetRef="look"><conditionExpression>{escape(text)}</conditionExpression></sequenceFlow>'
    plain = '<sequenceFlow id="f_e" sourceRef="which" targetRef="e"/>'
    return alone(drawn(START, gate, user("look"), END, node("endEvent", "e2"), test, plain, line("s", "which"), line("look", "e2")))


def in_script(text: str) -> Files:
    return alone(drawn(START, script("run", text), user("look"), END, line("s", "run", "look", "e")))


def in_script_line(text: str) -> Files:
    return in_script("x = " + text)


def in_timer(kind: str) -> Place:
    def place(text: str) -> Files:
        event = f"<timerEventDefinition><{kind}>{escape('${' + text + '}')}</{kind}></timerEventDefinition>"
        return alone(drawn(START, node("intermediateCatchEvent", "wait", event), user("look"), END, line("s", "wait", "look", "e")))

    return place


def in_attribute(name: str) -> Place:
    def place(text: str) -> Files:
        task = f'<userTask id="look" name="look" camunda:candidateGroups="subdistrict" camunda:{name}={kept("${" + text + "}")}/>'
        if name == "candidateGroups":
            task = task.replace(' camunda:candidateGroups="subdistrict"', "")
        return alone(drawn(START, task, END, line("s", "look", "e")))

    return place


def in_property(name: str, bare: bool = False) -> Place:
    def place(text: str) -> Files:
        return alone(drawn(START, user("look", properties=None).replace("</camunda:properties>", f'<camunda:property name="{name}" value={kept("${" + text + "}")}/></camunda:properties>'),
                           END, line("s", "look", "e")))

    return place


def in_process(name: str) -> Place:
    def place(text: str) -> Files:
        content = drawn(properties(**{name: "${" + text + "}"}), START, user("look"), END, line("s", "look", "e"))
        return alone(content)

    return place


def in_catching(name: str) -> Place:
    def place(text: str) -> Files:
        value = "${" + text + "}" if name == "candidate_groups" else text
        told = node("intermediateCatchEvent", "told", properties(**{name: value}) + '<messageEventDefinition messageRef="m_told"/>')
        return alone(drawn(START, told, user("look"), END, line("s", "told", "look", "e"), messages=("told",)))

    return place


def in_throwing(name: str) -> Place:
    def place(text: str) -> Files:
        told = node("intermediateThrowEvent", "told", properties(**{name: text}) + '<messageEventDefinition messageRef="m_told"/>')
        return alone(drawn(START, told, user("look"), END, line("s", "told", "look", "e"), messages=("told",)))

    return place


def deciding(inner: str) -> Files:
    task = '<businessRuleTask id="decide" camunda:decisionRef="pick" camunda:resultVariable="picked"/>'
    return {"sample.bpmn": drawn(START, task, user("look"), END, line("s", "decide", "look", "e")), "pick.dmn": DMN.format(inner).encode()}


def in_form(**parts: Any) -> Place:
    def place(text: str) -> Files:
        field = {"name": "n", "kind": "text", "label": {"zh": "数", "en": "n"}, **{key: value or text for key, value in parts.items()}}
        other = {"name": "b", "kind": "boolean", "label": {"zh": "否", "en": "b"}}
        form = {"key": "sample/start", "title": {"zh": "表", "en": "Form"}, "fields": [other, field]}
        start = '<startEvent id="s" camunda:formKey="sample/start"/>'
        return {"sample.bpmn": drawn(start, user("look"), END, line("s", "look", "e")), "forms/sample/start.json": json.dumps(form).encode()}

    return place


PLACES: dict[str, Place] = {
    "condition": in_condition, "script": in_script, "script line": in_script_line,
    **{kind: in_timer(kind) for kind in ("timeDate", "timeDuration", "timeCycle")},
    **{name: in_attribute(name) for name in ("candidateGroups", "assignee", "dueDate", "followUpDate", "priority")},
    "task's org_unit": in_property("org_unit"),
    **{f"process's {name}": in_process(name) for name in ("org_unit", "title", "title_en", "severity", "register")},
    "correlation_key, caught": in_catching("correlation_key"),
    "correlation_key, thrown": in_throwing("correlation_key"), "payload": in_throwing("payload"),
    "decision's input": lambda text: deciding(TABLE.format(escape(text), "-", "1")),
    "decision's cell": lambda text: deciding(TABLE.format("a", escape(text), "1")),
    "decision's output": lambda text: deciding(TABLE.format("a", "-", escape(text))),
    "literal decision": lambda text: deciding(f'<literalExpression id="l"><text>{escape(text)}</text></literalExpression>'),
    "form's visible": in_form(visible=None), "form's required": in_form(required=None),
    "form's computed": in_form(kind="computed", value=None), "form's read-only": in_form(kind="read_only", value=None),
}  # fmt: skip


def attempt(engine: Engine, files: Files) -> str:
    """What became of it: "refused" at the door, an "incident", or it "ran"."""
    desk = Desk(engine)
    try:
        definitions.deploy(engine, files, OPERATOR_OF_THE_MACHINE)
    except Refused as refused:
        assert all(problem.file and problem.message.zh and problem.message.en for problem in refused.problems)
        return "refused"
    try:
        case_id = desk.start(a=1) if "forms/sample/start.json" not in files else desk.start(b=True)
    except ProcessFailure:
        return "incident"
    except EngineError:
        return "refused"
    return "ran" if desk.case(case_id).state in ("running", "completed") else "incident"


@pytest.mark.parametrize("place", PLACES)
def test_no_payload_does_anything_here(engine: Engine, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    became = {payload["id"]: attempt(engine, PLACES[place](payload["code"])) for payload in PAYLOADS}
    harmless = JUST_A_NUMBER | (NOTHING_TO_HOLD if place.startswith("form's") else set())
    assert {name for name, what in became.items() if what == "ran"} <= harmless
    assert list(tmp_path.iterdir()) == []


def test_the_server_is_as_it_was_afterwards(engine: Engine) -> None:
    for payload in PAYLOADS:
        attempt(engine, in_condition(payload["code"]))
    desk = Desk(engine)
    desk.deploy(drawn(START, user("look"), END, line("s", "look", "e")))
    assert desk.do(desk.start(), "look") == []


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["id"])
def test_a_payload_that_comes_as_data_is_data(engine: Engine, payload: dict[str, str]) -> None:
    desk = Desk(engine)
    desk.deploy(drawn(START, user("look"), script("copy", "kept = look.text"), user("check_it"), END, line("s", "look", "copy", "check_it", "e")))
    case_id = desk.start(text=payload["code"])
    desk.do(case_id, "look", text=payload["code"])
    assert desk.case(case_id).variables["kept"] == payload["code"]


def test_groups_of_a_message_by_an_attack_open_nothing(engine: Engine) -> None:
    desk = Desk(engine)
    for payload in PAYLOADS:
        try:
            definitions.deploy(engine, in_catching("candidate_groups")(payload["code"]), OPERATOR_OF_THE_MACHINE)
        except Refused:
            continue
        case = desk.case(desk.start(business_key=payload["id"]))
        with engine.database.reading() as session:
            assert messages.buttons(engine, session, desk.actor("subdistrict"), case) == []
        with pytest.raises(EngineError):
            messages.send(engine, desk.actor("subdistrict"), "told", payload["id"], {})
