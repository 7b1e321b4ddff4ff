"""What SpiffWorkflow 3.2 has wrong for every workflow, corrected once; tests/engine/test_upstream.py tells when each can go."""

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskIterator, TaskState

ENDLESS = 10**9
ENTERED = TaskState.READY | TaskState.STARTED | TaskState.WAITING
COMPLETED = TaskState.COMPLETED
LEFT = TaskState.COMPLETED | TaskState.CANCELLED

_stock_set_state = Task._set_state


def apply() -> None:
    """Depth without end (it hides open tasks after 1,000 levels), ancestry without recursion, and a trace of states."""
    _raise_depth(TaskIterator)
    _raise_depth(BpmnTaskIterator)
    Task.is_descendant_of = _is_descendant_of
    Task._set_state = _set_state


def _raise_depth(iterator: Any) -> None:
    defaults = iterator.__init__.__defaults__
    iterator.__init__.__defaults__ = tuple(ENDLESS if value == 1000 else value for value in defaults)


def _is_descendant_of(self: Task, task: Task) -> bool:
    parent = self.parent
    while parent is not None:
        if parent is task:
            return True
        parent = parent.parent
    return False


def _set_state(self: Task, value: int) -> None:
    before = self.state
    _stock_set_state(self, value)
    if value == before or not self.task_spec.bpmn_id or not value & (ENTERED | LEFT):
        return
    trace = getattr(self.workflow.top_workflow, "trace", None)
    if trace is not None:
        trace.append((self, before, value))


def is_boundary(task: Task) -> bool:
    """A boundary event: that it waits is no news, that it fires is."""
    return isinstance(task.task_spec, BoundaryEvent)


def is_gateway(task: Task) -> bool:
    """A join, whose waiting arrivals come and go."""
    return isinstance(task.task_spec, UnstructuredJoin)


apply()
