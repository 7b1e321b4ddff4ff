"""What waits in a workflow, as plain values for the tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.events import is_message, is_timer, timer_instant
from engine.bpmn.workflow import Workflow


@dataclass(frozen=True)
class Token:
    """A waiting place: `part` tells the events of an event gateway apart; `value` is an instant or a key."""

    id: str
    element_id: str
    part: str = ""
    name: str = ""
    value: str = ""


def ready_tokens(workflow: Workflow) -> list[Token]:
    """User tasks that wait for somebody."""
    return [Token(str(task.id), task.task_spec.bpmn_id) for task in workflow.ready()]


def timer_tokens(workflow: Workflow) -> Iterator[Token]:
    """Waiting timers with their instants."""
    for task, part, definition in workflow.waiting(is_timer):
        yield Token(str(task.id), _drawn(task, definition), part, value=timer_instant(task, part))


def message_tokens(workflow: Workflow) -> Iterator[Token]:
    """Waiting messages with their names and keys."""
    for task, part, definition in workflow.waiting(is_message):
        key = workflow.script_engine.key_of(task, part, definition)
        yield Token(str(task.id), _drawn(task, definition), part, definition.name, key)


def standing_elements(workflow: Workflow) -> list[str]:
    """The ids of elements where the process stands."""
    return [task.task_spec.bpmn_id for task in workflow.standing()]


def standing_tokens(workflow: Workflow) -> list[tuple[str, str, str, float]]:
    """(token id, element id, state, seconds since the epoch) of each place where the process stands."""
    return [
        (str(t.id), t.task_spec.bpmn_id, TaskState.get_name(t.state).lower(), t.last_state_change)
        for t in workflow.standing()
    ]


def _drawn(task: Task, definition: Any) -> str:
    """The element that shows the event: behind an event gateway, the catching event itself."""
    for output in task.task_spec.outputs:
        if getattr(output, "event_definition", None) is definition:
            return str(output.bpmn_id)
    for output in task.task_spec.outputs:
        same = getattr(output, "event_definition", None) == definition
        if same and output.bpmn_id and type(task.task_spec).__name__ == "EventBasedGateway":
            return str(output.bpmn_id)
    return str(task.task_spec.bpmn_id)
