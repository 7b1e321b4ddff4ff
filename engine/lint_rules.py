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
ACTIVITIES = ("userTask", "scriptTask", "serviceTask", "businessRuleTask", "subProcess")
MOST_FUTURES = 5_000
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


def leads_on(process: Process, element: Element, report: Report) -> None:
    """Everything leads somewhere."""
    if element.type not in RUNS:
        return
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


def stands_on_an_activity(process: Process, element: Element, report: Report) -> None:
    """A boundary event has an activity of its own scope under it; an error always ends that."""
    if element.type != "boundaryEvent":
        return
    host = process.elements.get(element.attributes.get("attachedToRef", ""))
    if host is None or host.scope != element.scope or not host.is_a(*ACTIVITIES):
        report(element.id, "no_host", Text("边界事件没有附着在活动上", "The boundary event stands on no activity"))
    if element.attributes.get("cancelActivity") == "false" and any(event.kind == "error" for event in element.events):
        report(element.id, "not_run", Text("错误事件总是中断活动", "An error always interrupts its activity"))


def has_readable_script(process: Process, element: Element, report: Report) -> None:
    """A script is lines of FEEL, one at least."""
    if element.type != "scriptTask":
        return
    language = element.attributes.get("scriptFormat", "")
    if language.lower() not in ("", "feel"):
        report(element.id, "script_language", Text(f"脚本只用 FEEL 写，不是 {language}", f"Scripts are FEEL, not {language}"))
    if not element.script.strip():
        report(element.id, "empty_script", Text("脚本是空的", "The script is empty"))


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


def flow_stays_in_its_frame(process: Process, flow: Flow, report: Report) -> None:
    """A flow neither enters nor leaves a sub-process; listeners on it are not run."""
    ends = [process.elements[name].scope for name in (flow.source, flow.target) if name in process.elements]
    if any(scope != flow.scope for scope in ends):
        report(flow.id, "crossing_flow", Text("连线不能穿过子流程的边框", "A flow cannot cross the frame of a sub-process"))
    for marker in flow.markers:
        report(flow.id, "not_run", Text(f"还不能运行“{marker}”", f"{marker} is not run yet"))


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


# -- the process as a whole -----------------------------------------------------------------------


def has_known_parts(process: Process, report: Report) -> None:
    """What stands on the process itself runs too, or is refused."""
    for name in set(process.camunda) - CAMUNDA:
        report(process.id, "camunda", Text(f"不支持 camunda:{name}", f"camunda:{name} is not supported"))
    for marker in process.markers:
        report(process.id, "not_run", Text(f"还不能运行“{marker}”", f"{marker} is not run yet"))
    for name in process.doubles:
        report(name, "double_id", Text(f"标识“{name}”用了两次", f"The id {name} is used twice"))


def has_one_start(process: Process, report: Report) -> None:
    """One way in, for the process and for each sub-process."""
    if process.start is None:
        report(process.id, "no_start", Text("流程没有开始事件", "The process has no start event"))
    seen: set[str] = set()
    for element in process.of_type("startEvent"):
        if element.scope in seen:
            report(element.id, "second_start", Text("只能有一个开始事件", "There is one start event only"))
        seen.add(element.scope)


def is_reached(process: Process, report: Report) -> None:
    """Every element can be come to from the start."""
    reached: set[str] = set()
    waiting = [process.start.id] if process.start else []
    while waiting:
        element_id = waiting.pop()
        if element_id in process.elements and element_id not in reached:
            reached.add(element_id)
            waiting += _next_to(process, element_id)
    for element in process.elements.values():
        if element.type in RUNS and element.id not in reached:
            report(element.id, "unreachable", Text("从开始走不到这里", "Nothing leads here from the start"))


def _next_to(process: Process, element_id: str) -> list[str]:
    """Where one may come from here: by a flow, an event on the edge, into a sub-process."""
    found = [flow.target for flow in process.outgoing(element_id)]
    found += [e.id for e in process.of_type("boundaryEvent") if e.attributes.get("attachedToRef") == element_id]
    return found + [e.id for e in process.of_type("startEvent") if e.scope == element_id]


def lays_out_few_futures(process: Process, report: Report) -> None:
    """The library lays out every path to the end in advance: gateways one after another multiply them."""
    for scope in {process.id, *(element.id for element in process.of_type("subProcess"))}:
        starts = [element.id for element in process.of_type("startEvent") if element.scope == scope]
        if sum(_futures(process, start, {}, set()) for start in starts) > MOST_FUTURES:
            report(scope, "too_many_futures", Text(
                "网关接连太多，可能的路径太多；请把几段放进子流程", "Too many gateways follow one another; put some into sub-processes"
            ))  # fmt: skip


def _futures(process: Process, element_id: str, known: dict[str, int], above: set[str]) -> int:
    if element_id in above or element_id not in process.elements:
        return 0
    if element_id not in known:
        edges = [e.id for e in process.of_type("boundaryEvent") if e.attributes.get("attachedToRef") == element_id]
        onward = [flow.target for flow in process.outgoing(element_id)] + edges
        known[element_id] = 1 + sum(_futures(process, name, known, above | {element_id}) for name in onward)
    return known[element_id]


ELEMENT_RULES = (
    runs, has_known_events, has_readable_time, has_known_attributes, has_roles, has_fit_name, sets_fit_names,
    leads_on, splits_at_gateways, stands_on_an_activity, has_readable_script, events_follow_event_gateway,
)  # fmt: skip
FLOW_RULES = (flow_has_ends, flow_stays_in_its_frame, flow_condition_fits)
PROCESS_RULES = (has_known_parts, has_one_start, is_reached, lays_out_few_futures)
