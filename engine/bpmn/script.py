"""SpiffWorkflow's script engine, answered by the execution of a turn: FEEL, functions, decisions, messages."""

from typing import Any, Protocol

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions import ErrorEventDefinition
from SpiffWorkflow.task import Task

from engine.bpmn.events import Message, is_message
from engine.bpmn.workflow import Workflow, deliver
from engine.errors import BpmnError


class Host(Protocol):
    """What a turn offers to the workflow that runs in it; elements are named by their id."""

    def condition(self, element_id: str, text: str) -> bool: ...
    def run_script(self, element_id: str, text: str) -> None: ...
    def timer_due(self, element_id: str, text: str) -> str: ...
    def timer_cycle(self, element_id: str, text: str) -> dict[str, Any]: ...
    def run_activity(self, element_id: str, extensions: dict[str, Any]) -> None: ...
    def correlation_key(self, element_id: str, text: str | None) -> str: ...
    def payload(self, element_id: str, text: str | None) -> dict[str, Any]: ...
    def take_payload(self, element_id: str, payload: dict[str, Any]) -> None: ...
    def leaves_case(self, element_id: str, name: str, key: str, payload: dict[str, Any]) -> None: ...


class Script(PythonScriptEngine):
    """The bridge; one per turn, so a workflow kept alive never sees an old session."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host = host
        self.thrown: list[tuple[str, str, str, dict[str, Any]]] = []

    def validate(self, expression: str) -> None:
        """Expressions were checked when the process was deployed."""

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> bool:
        return self.host.condition(_element(task), expression)

    def execute(self, task: Task, script: str, external_context: Any = None) -> bool:
        self.host.run_script(_element(task), script)
        return True

    def timer_due(self, task: Task, text: str) -> str:
        return self.host.timer_due(_element(task), text)

    def timer_cycle(self, task: Task, text: str) -> dict[str, Any]:
        return self.host.timer_cycle(_element(task), text)

    def run_activity(self, task: Task, spec: Any) -> bool | None:
        """True when done; None when an error boundary took over."""
        try:
            self.host.run_activity(_element(task), spec.extensions)
        except BpmnError as error:
            self._throw_error(task, error)
            return None
        return True

    def throw_message(self, task: Task, message: Message) -> None:
        element = _element(task)
        key = self.host.correlation_key(element, message.key)
        self.thrown.append((element, message.name, key, self.host.payload(element, message.payload)))

    def take_payload(self, task: Task, payload: dict[str, Any]) -> None:
        self.host.take_payload(_element(task), payload)

    def key_of(self, task: Task, part: str, definition: Message) -> str:
        """The correlation key a waiting element was armed with."""
        keys = task.internal_data.setdefault("keys", {})
        if part not in keys:
            keys[part] = self.host.correlation_key(_element(task), definition.key)
        return str(keys[part])

    def deliver_next(self, workflow: Workflow) -> bool:
        """Deliver the oldest thrown message within the case, or hand it out; False when there is none."""
        if not self.thrown:
            return False
        element, name, key, payload = self.thrown.pop(0)
        if deliver_by_name(workflow, name, key, payload) == 0:
            self.host.leaves_case(element, name, key, payload)
        return True

    def _throw_error(self, task: Task, error: BpmnError) -> None:
        definition = ErrorEventDefinition("error", error.code)
        for sibling in task.parent.children if task.parent else ():
            waits = sibling.id in task.workflow.top_workflow.event_manager.tasks
            if waits and sibling.task_spec.event_definition == definition:
                sibling.task_spec.catch(sibling, BpmnEvent(definition, payload={}))
                sibling.task_spec._update(sibling)
                return
        top = task.workflow.top_workflow
        top.catch(BpmnEvent(definition, payload={}, target=task.workflow))
        if top.get_events():
            raise error


def deliver_by_name(workflow: Workflow, name: str, key: str, payload: dict[str, Any]) -> int:
    """Deliver to every waiting element of this name and key; how many there were."""
    script = workflow.script_engine
    reached = [
        (task, definition)
        for task, part, definition in workflow.waiting(is_message)
        if definition.name == name and script.key_of(task, part, definition) == key
    ]
    for task, definition in reached:
        if task.id in workflow.event_manager.tasks:
            deliver(workflow, task, definition, payload)
    return len(reached)


def _element(task: Task) -> str:
    return task.task_spec.bpmn_id or task.task_spec.name
