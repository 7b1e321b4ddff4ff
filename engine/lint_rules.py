"""The rules of structure: what BPMN draws and this engine does not run yet, or would run wrongly, by name."""

import re
from collections.abc import Callable
from typing import Any

import isodate

from engine import feel
from engine.diagram import Element, Flow, Process
from engine.words import Text

Report = Callable[..., None]

RUNS = frozenset((
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "userTask",
    "scriptTask", "serviceTask", "businessRuleTask", "subProcess", "exclusiveGateway", "parallelGateway",
    "inclusiveGateway", "eventBasedGateway",
))  # fmt: skip
EVENTS = {
    "startEvent": {"none"}, "endEvent": {"none", "message", "terminate", "error"},
    "intermediateCatchEvent": {"timer", "message"}, "intermediateThrowEvent": {"none", "message"},
    "boundaryEvent": {"timer", "message", "error"},
}  # fmt: skip
ROLES = frozenset((
    "admin", "auditor", "designer", "publisher", "bureau", "bureau_lead", "subdistrict", "subdistrict_lead", "committee",
    "operator", "enforcement", "fire", "police", "market", "hrss", "department", "applicant", "tenant",
))  # fmt: skip
CAMUNDA = frozenset((
    "assignee", "candidateGroups", "dueDate", "followUpDate", "priority", "formKey", "expression", "resultVariable",
    "decisionRef", "versionTag", "candidateStarterGroups", "isStartableInTasklist", "historyTimeToLive",
))  # fmt: skip
CYCLE = re.compile(r"R([1-9][0-9]{0,5})?")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
JOINS = ("parallelGateway", "inclusiveGateway", "exclusiveGateway", "eventBasedGateway")


def runs(process: Process, element: Element, report: Report) -> None:
    """Only elements that run; event sub-processes and loops are refused by name."""
    if element.type not in RUNS:
        report(element.id, "not_run", Text(f"还不能运行“{element.type}”", f"{element.type} is not run yet"))
    if element.attributes.get("triggeredByEvent") == "true":
        report(element.id, "not_run", Text("还不能运行事件子流程", "Event sub-processes are not run yet"))
    if element.attributes.get("isForCompensation") == "true":
        report(element.id, "not_run", Text("还不能运行补偿活动", "Compensation activities are not run yet"))
    for marker in element.markers:
        report(element.id, "not_run", Text(f"还不能运行“{marker}”", f"{marker} is not run yet"))


def has_known_events(process: Process, element: Element, report: Report) -> None:
    """Each event kind where it runs, and one at a time."""
    if element.type not in EVENTS:
        return
    kinds = [event.kind for event in element.events] or ["none"]
    if len(kinds) > 1:
        report(element.id, "not_run", Text("一个事件只能有一个触发", "An event has one trigger"))
    for kind in set(kinds) - EVENTS[element.type]:
        report(element.id, "not_run", Text(f"这里还不能运行“{kind}”事件", f"A {kind} event is not run here yet"))
    for event in element.events:
        if event.kind in ("message", "error") and not event.name:
            report(element.id, "nameless_event", Text("事件没有指明消息或错误", "The event names no message or error"))


def has_readable_time(process: Process, element: Element, report: Report) -> None:
    """A timer is an ISO 8601 literal or `${…}`."""
    for event in element.events:
        if event.kind != "timer" or event.text.startswith("${"):
            continue
        if not _is_time(event.time, event.text):
            report(element.id, "timer", Text(f"读不懂时间“{event.text}”", f'"{event.text}" is no ISO 8601 time'))


def _is_time(kind: str, text: str) -> bool:
    try:
        if kind == "timeDate":
            return bool(isodate.parse_datetime(text))
        cycle, _, duration = text.partition("/") if kind == "timeCycle" else ("R", "", text)
        return CYCLE.fullmatch(cycle) is not None and duration.startswith("P") and isodate.parse_duration(duration) is not None
    except (isodate.ISO8601Error, ValueError, AttributeError, OverflowError):
        return False


def has_known_attributes(process: Process, element: Element, report: Report) -> None:
    """Camunda's attributes that mean nothing here are refused rather than ignored."""
    for name in set(element.camunda) - CAMUNDA:
        report(element.id, "camunda", Text(f"不支持 camunda:{name}", f"camunda:{name} is not supported"))


def has_roles(process: Process, element: Element, report: Report) -> None:
    """A user task is somebody's: known roles or an assignee."""
    if element.type != "userTask":
        return
    groups = element.camunda.get("candidateGroups", "")
    if not groups and not element.camunda.get("assignee"):
        report(element.id, "nobodys", Text("没有指明由谁办理", "It says nobody who may do it"))
    if not groups.startswith("${"):
        for role in {name.strip() for name in groups.split(",") if name.strip()} - ROLES:
            report(element.id, "unknown_role", Text(f"没有角色“{role}”", f"There is no role {role}"))


def has_fit_name(process: Process, element: Element, report: Report) -> None:
    """User tasks become names in expressions; words of FEEL would hide behind them."""
    if element.type != "userTask":
        return
    if not IDENTIFIER.fullmatch(element.id):
        report(element.id, "element_id", Text("任务的标识要用小写字母、数字和下划线", "A task's id is lower case letters, digits and underscores"))
    if element.id in feel.BUILTINS or element.id in ("start", "item", "loop"):
        report(element.id, "element_id", Text("这个标识是表达式里的函数名", "This id is the name of a function in expressions"))
    if not element.name_en:
        report(element.id, "no_name_en", Text("缺英文名 name_en", "name_en is missing"), "warning")


def sets_fit_names(process: Process, element: Element, report: Report) -> None:
    """What scripts and results write is neither a function's name nor a step's."""
    written = [element.camunda["resultVariable"]] if element.camunda.get("resultVariable") else []
    written += [line.split("=", 1)[0].strip() for line in element.script.splitlines() if "=" in line]
    for name in written:
        if name in feel.BUILTINS or name.split(".")[0] == "start":
            report(element.id, "variable_name", Text(f"不能写“{name}”", f"{name} cannot be written"))


def is_connected(process: Process, element: Element, report: Report) -> None:
    """Everything is reached and leads somewhere."""
    if element.type not in RUNS:
        return
    reached = element.is_a("startEvent", "boundaryEvent") or process.incoming(element.id)
    if not reached:
        report(element.id, "unreachable", Text("没有连线通到这里", "Nothing leads here"))
    if element.type != "endEvent" and not process.outgoing(element.id):
        report(element.id, "dead_end", Text("从这里没有出路", "Nothing leads on from here"))
    if element.type == "subProcess" and not any(e.scope == element.id and e.type == "startEvent" for e in process.elements.values()):
        report(element.id, "no_start", Text("子流程没有开始事件", "The sub-process has no start event"))


def splits_at_gateways(process: Process, element: Element, report: Report) -> None:
    """Several ways out belong to a gateway; an exclusive one says which is the default."""
    out = process.outgoing(element.id)
    if len(out) < 2:
        return
    if element.type not in JOINS:
        report(element.id, "implicit_split", Text("分叉请用网关", "Split with a gateway"))
    elif element.type == "exclusiveGateway" and not any(flow.is_default for flow in out):
        report(element.id, "no_default", Text("没有默认出路，可能无路可走", "There is no default way out"), "warning")


def events_follow_event_gateway(process: Process, element: Element, report: Report) -> None:
    """Behind an event gateway stand catching events."""
    if element.type != "eventBasedGateway":
        return
    for flow in process.outgoing(element.id):
        target: Any = process.elements.get(flow.target)
        if target is None or target.type != "intermediateCatchEvent":
            report(element.id, "event_gateway", Text("事件网关后面只能是捕获事件", "An event gateway leads to catching events only"))


def flow_has_ends(process: Process, flow: Flow, report: Report) -> None:
    """A flow joins two elements that are there."""
    if flow.source not in process.elements or flow.target not in process.elements:
        report(flow.id, "loose_flow", Text("连线的一端没有接上", "A flow has a loose end"))


def flow_condition_fits(process: Process, flow: Flow, report: Report) -> None:
    """Conditions leave exclusive and inclusive gateways only, and every way out but the default has one."""
    source = process.elements.get(flow.source)
    if source is None:
        return
    decides = source.is_a("exclusiveGateway", "inclusiveGateway")
    if flow.condition is not None and not decides:
        report(flow.id, "condition_here", Text("条件只能写在排他或包容网关的出线上", "Conditions leave exclusive or inclusive gateways only"))
    if flow.condition is None and decides and not flow.is_default and len(process.outgoing(flow.source)) > 1:
        report(flow.id, "no_condition", Text("这条出线缺条件", "This way out has no condition"))
    if flow.condition is not None and not flow.condition.strip():
        report(flow.id, "no_condition", Text("条件是空的", "The condition is empty"))


ELEMENT_RULES = (
    runs, has_known_events, has_readable_time, has_known_attributes, has_roles, has_fit_name, sets_fit_names,
    is_connected, splits_at_gateways, events_follow_event_gateway,
)  # fmt: skip
FLOW_RULES = (flow_has_ends, flow_condition_fits)
