"""A BPMN file as the engine reads it: processes, elements with their camunda attributes, flows, messages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine import intake

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
_B, _C = "{" + BPMN + "}", "{" + CAMUNDA + "}"

EVENT_DEFINITIONS = {
    "messageEventDefinition": "message", "timerEventDefinition": "timer", "errorEventDefinition": "error",
    "terminateEventDefinition": "terminate", "signalEventDefinition": "signal",
    "conditionalEventDefinition": "conditional", "escalationEventDefinition": "escalation",
    "cancelEventDefinition": "cancel", "compensateEventDefinition": "compensate", "linkEventDefinition": "link",
}  # fmt: skip
FLOW_NODES = frozenset((
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent", "userTask",
    "manualTask", "scriptTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "task", "subProcess",
    "callActivity", "transaction", "adHocSubProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway",
    "eventBasedGateway", "complexGateway",
))  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One event definition of an element: its kind, and the message, error code or time it names."""

    kind: str
    name: str = ""
    text: str = ""
    time: str = ""


@dataclass(frozen=True)
class Element:
    """A drawn element; `scope` is the process or sub-process it stands in."""

    id: str
    type: str
    name: str
    name_en: str
    scope: str
    lane: str = ""
    documentation: str = ""
    camunda: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    script: str = ""
    markers: tuple[str, ...] = ()

    @property
    def form_key(self) -> str | None:
        return self.camunda.get("formKey")

    def is_a(self, *types: str) -> bool:
        return self.type in types


@dataclass(frozen=True)
class Flow:
    """A sequence flow with its condition, None where it has none."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    is_default: bool
    scope: str = ""
    markers: tuple[str, ...] = ()


@dataclass
class Process:
    """One executable process of a file."""

    id: str
    name: str
    name_en: str
    executable: bool
    camunda: dict[str, str]
    properties: dict[str, str]
    documentation: str
    markers: tuple[str, ...] = ()
    elements: dict[str, Element] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    def outgoing(self, element_id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == element_id]

    def incoming(self, element_id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.target == element_id]

    def of_type(self, *types: str) -> Iterator[Element]:
        return (element for element in self.elements.values() if element.type in types)

    @property
    def start(self) -> Element | None:
        return next((e for e in self.of_type("startEvent") if e.scope == self.id), None)


def read(content: str, file: str) -> list[Process]:
    """The processes of a BPMN text; raises `Refused` where it is no XML that may come in."""
    root = intake.read_xml(content.encode(), file)
    names = {node.get("id"): node for node in root if isinstance(node.tag, str)}
    return [_process(node, names) for node in root.findall(f"{_B}process")]


def _process(node: Any, names: dict[str, Any]) -> Process:
    properties = _properties(node)
    process = Process(
        id=node.get("id"), name=node.get("name") or node.get("id"), name_en=properties.get("name_en", ""),
        executable=node.get("isExecutable") == "true", camunda=_camunda(node), properties=properties,
        documentation=node.findtext(f"{_B}documentation") or "", markers=tuple(_markers(node)),
    )
    lanes = {
        (ref.text or "").strip(): lane.get("name") or ""
        for lane in node.iter(f"{_B}lane") for ref in lane.findall(f"{_B}flowNodeRef")
    }
    _walk(node, process, process.id, names, lanes)
    return process


def _walk(node: Any, process: Process, scope: str, names: dict[str, Any], lanes: dict[str, str]) -> None:
    for child in node:
        if not isinstance(child.tag, str) or not child.tag.startswith(_B):
            continue
        tag = child.tag.removeprefix(_B)
        if child.get("id") in process.elements or any(child.get("id") == flow.id for flow in process.flows):
            process.doubles.append(child.get("id"))
        if tag == "sequenceFlow":
            process.flows.append(_flow(child, node))
        elif tag in FLOW_NODES:
            process.elements[child.get("id")] = _element(child, tag, scope, names, lanes)
            if tag in ("subProcess", "transaction", "adHocSubProcess"):
                _walk(child, process, child.get("id"), names, {**lanes, **_inherited(child, lanes)})
        elif tag not in ("laneSet", "extensionElements", "documentation", "incoming", "outgoing", "textAnnotation", "association", "group"):
            process.elements[child.get("id") or tag] = Element(child.get("id") or tag, tag, "", "", scope)


def _inherited(node: Any, lanes: dict[str, str]) -> dict[str, str]:
    lane = lanes.get(node.get("id"), "")
    return {child.get("id"): lane for child in node if isinstance(child.tag, str) and child.get("id")}


def _element(node: Any, tag: str, scope: str, names: dict[str, Any], lanes: dict[str, str]) -> Element:
    properties = _properties(node)
    return Element(
        id=node.get("id"), type=tag, name=(node.get("name") or "").replace("\n", ""),
        name_en=properties.get("name_en", ""), scope=scope, lane=lanes.get(node.get("id"), ""),
        documentation=node.findtext(f"{_B}documentation") or "", camunda=_camunda(node), properties=properties,
        attributes={k: v for k, v in node.attrib.items() if not k.startswith("{")},
        events=tuple(_events(node, names)), script=node.findtext(f"{_B}script") or "", markers=tuple(_markers(node)),
    )


def _events(node: Any, names: dict[str, Any]) -> Iterator[Event]:
    for child in node:
        kind = EVENT_DEFINITIONS.get(str(child.tag).removeprefix(_B))
        if kind is None:
            continue
        target = names.get(child.get(f"{kind}Ref"))
        name = "" if target is None else target.get("errorCode") or target.get("name") or ""
        time, text = "", child.findtext(f"{_B}condition") or ""
        for time_tag in ("timeDate", "timeDuration", "timeCycle"):
            if (found := child.find(f"{_B}{time_tag}")) is not None:
                time, text = time_tag, (found.text or "").strip()
        yield Event(kind, name, text, time)


def _markers(node: Any) -> Iterator[str]:
    for child in node:
        tag = str(child.tag).removeprefix(_B)
        if tag in ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "ioSpecification", "dataInputAssociation", "dataOutputAssociation"):
            yield tag
    for extension in node.findall(f"{_B}extensionElements/*"):
        if isinstance(extension.tag, str) and extension.tag.startswith(_C) and extension.tag != f"{_C}properties":
            yield "camunda:" + extension.tag.removeprefix(_C)


def _flow(node: Any, parent: Any) -> Flow:
    condition = node.find(f"{_B}conditionExpression")
    source = next((n for n in parent if isinstance(n.tag, str) and n.get("id") == node.get("sourceRef")), None)
    return Flow(
        id=node.get("id"), name=node.get("name") or "", source=node.get("sourceRef") or "",
        target=node.get("targetRef") or "", condition=None if condition is None else (condition.text or ""),
        is_default=source is not None and source.get("default") == node.get("id"), scope=parent.get("id"),
        markers=tuple(_markers(node)),
    )


def _camunda(node: Any) -> dict[str, str]:
    return {k.removeprefix(_C): v for k, v in node.attrib.items() if k.startswith(_C)}


def _properties(node: Any) -> dict[str, str]:
    path = f"{_B}extensionElements/{_C}properties/{_C}property"
    return {p.get("name"): p.get("value") or "" for p in node.findall(path)}
