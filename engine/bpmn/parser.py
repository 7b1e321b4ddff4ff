"""From BPMN with camunda attributes to SpiffWorkflow's specs, and those specs as data and back."""

import json
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import (
    CycleTimerEventDefinition,
    DurationTimerEventDefinition,
    MessageEventDefinition,
    MultipleEventDefinition,
    TimeDateEventDefinition,
)

from engine import intake
from engine.bpmn import patches as _patches  # noqa: F401  (corrects the library before any spec is made)
from engine.bpmn.events import AnyOf, CycleTimer, DateTimer, DurationTimer, Message, MessageConverter
from engine.bpmn.specs import Activity, InclusiveGateway, ParallelGateway, SubProcess

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
TIMERS = (("timeDate", DateTimer), ("timeDuration", DurationTimer), ("timeCycle", CycleTimer))


class Unparsable(Exception):
    """SpiffWorkflow's own refusal, with the element where it has one."""

    def __init__(self, message: str, element_id: str | None) -> None:
        super().__init__(message)
        self.element_id = element_id


@dataclass(frozen=True)
class Spec:
    """A process ready to run: its own spec and those of its sub-processes."""

    process: Any
    subprocesses: dict[str, Any]


def extensions_of(node: Any) -> dict[str, Any]:
    """Every camunda attribute of an element by its local name, and its properties under "properties"."""
    prefix = "{" + CAMUNDA + "}"
    found: dict[str, Any] = {k.removeprefix(prefix): v for k, v in node.attrib.items() if k.startswith(prefix)}
    path = f"./{{{BPMN}}}extensionElements/{prefix}properties/{prefix}property"
    properties = {p.get("name"): p.get("value") or "" for p in node.findall(path)}
    if properties:
        found["properties"] = properties
    return found


class CamundaMixin:
    """Laid over every stock parser: extensions, conditions, timers and messages in our reading."""

    node: Any

    def parse_extensions(self, node: Any = None) -> dict[str, Any]:
        return extensions_of(self.node if node is None else node)

    def parse_timer_event(self, event: Any) -> Any:
        name = self.node.get("name") or self.node.get("id")
        for tag, kind in TIMERS:
            element = event.find(f"{{{BPMN}}}{tag}")
            if element is not None:
                return kind(name, (element.text or "").strip())
        raise ValidationException("timer without a time", node=self.node)

    def parse_message_event(self, event: Any) -> Message:
        stock = super().parse_message_event(event)  # type: ignore[misc]
        properties = extensions_of(self.node).get("properties", {})
        return Message(stock.name, key=properties.get("correlation_key"), payload=properties.get("payload"))


def _camunda(parser: type) -> type:
    return type("Camunda" + parser.__name__, (CamundaMixin, parser), {})


OWN_SPECS = {
    defaults.SubWorkflowTask: SubProcess,
    defaults.ServiceTask: Activity,
    defaults.ParallelGateway: ParallelGateway,
    defaults.InclusiveGateway: InclusiveGateway,
}


class _EventGatewayParser(CamundaMixin, BpmnParser.PARSER_CLASSES[full_tag("eventBasedGateway")][0]):  # type: ignore[misc]
    def create_task(self) -> Any:
        return self._create_task(AnyOf())


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        **{tag: (_camunda(p), OWN_SPECS.get(s, s)) for tag, (p, s) in BpmnParser.PARSER_CLASSES.items()},
        full_tag("serviceTask"): (_camunda(TaskParser), Activity),
        full_tag("sendTask"): (_camunda(TaskParser), Activity),
        full_tag("businessRuleTask"): (_camunda(TaskParser), Activity),
        full_tag("eventBasedGateway"): (_EventGatewayParser, defaults.EventBasedGateway),
    }


def _config() -> dict[type, Any]:
    config = dict(DEFAULT_CONFIG)
    for old, new in (
        (defaults.SubWorkflowTask, SubProcess),
        (defaults.ParallelGateway, ParallelGateway),
        (defaults.InclusiveGateway, InclusiveGateway),
        (TimeDateEventDefinition, DateTimer),
        (DurationTimerEventDefinition, DurationTimer),
        (CycleTimerEventDefinition, CycleTimer),
        (MultipleEventDefinition, AnyOf),
    ):
        config[new] = config.pop(old)
    config.pop(MessageEventDefinition)
    config[Message] = MessageConverter
    config[Activity] = BpmnTaskSpecConverter
    return config


REGISTRY = BpmnWorkflowSerializer.configure(_config())
_SERIALIZER = BpmnWorkflowSerializer(REGISTRY)


def parse(content: str, process_id: str, file: str) -> Spec:
    """The specs of one process from canonical text; raises `Unparsable`.

    They go through one round trip as data: loops and multi-instance are wired only there.
    """
    parser = _Parser()
    try:
        parser.add_bpmn_xml(intake.read_xml(content.encode(), file), filename=file)
        spec, subs = parser.get_spec(process_id), parser.get_subprocess_specs(process_id)
    except ValidationException as refusal:
        raise Unparsable(str(refusal), refusal.id) from refusal
    return Spec(_round_trip(spec), {name: _round_trip(sub) for name, sub in subs.items()})


def _round_trip(spec: Any) -> Any:
    return _SERIALIZER.from_dict(json.loads(json.dumps(_SERIALIZER.to_dict(spec))))
