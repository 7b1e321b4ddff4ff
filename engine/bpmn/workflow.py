"""A running process: SpiffWorkflow's workflow with a trace of what was entered and left, and a step budget."""

from typing import Any, NamedTuple

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import patches as _patches  # noqa: F401
from engine.bpmn.events import CycleTimer, is_timer, next_turn, parts
from engine.bpmn.specs import LIVE
from engine.errors import BpmnError

STEP_BUDGET = 1_000


class Act(NamedTuple):
    """Something done to the case, told in the history in its place among the elements entered and left."""

    event: str
    element_id: str | None
    data: dict[str, Any]
    actor: str


class TooManySteps(Exception):
    """An automatic loop: more steps in one turn than any process needs."""


class Workflow(BpmnWorkflow):
    """One case's workflow; `trace` collects acts and (task, old state, new state) while a turn runs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.trace: list[Act | tuple[Task, int, int]] = []
        super().__init__(*args, **kwargs)

    def get_active_subprocesses(self) -> list[Any]:
        """Without those whose task is gone, as an interrupted multi-instance leaves behind."""
        alive = set(self.tasks)
        for workflow in self.subprocesses.values():
            alive.update(workflow.tasks)
        for orphan in [task_id for task_id in self.subprocesses if task_id not in alive]:
            del self.subprocesses[orphan]
        return list(super().get_active_subprocesses())

    def all_tasks(self) -> list[Task]:
        """Every task, of sub-processes too."""
        found = list(self.tasks.values())
        for workflow in self.subprocesses.values():
            found.extend(workflow.tasks.values())
        return found

    def find(self, token_id: str) -> Task | None:
        """The task with this id, or None."""
        return next((task for task in self.all_tasks() if str(task.id) == token_id), None)

    def ready(self) -> list[Task]:
        """User tasks that wait for somebody."""
        return [t for t in self.all_tasks() if t.state == TaskState.READY and t.task_spec.manual]

    def automatic(self) -> list[Task]:
        """What the engine itself can run now."""
        return [t for t in self.all_tasks() if t.state == TaskState.READY and not t.task_spec.manual]

    def standing(self) -> list[Task]:
        """Where the process stands: open elements that are drawn, boundary events left out."""
        return [
            t for t in self.all_tasks()
            if t.has_state(LIVE) and t.task_spec.bpmn_id and not isinstance(t.task_spec, BoundaryEvent)
        ]

    def waiting(self, kind: Any) -> list[tuple[Task, str, Any]]:
        """Waiting events of a kind (`is_timer`, `is_message`) with their part and definition."""
        return [
            (task, part, definition)
            for task in self.event_manager.tasks.values()
            for part, definition in parts(task.task_spec.event_definition)
            if kind(definition)
        ]


def settle(workflow: Workflow) -> None:
    """Run everything automatic; messages thrown on the way are delivered when nothing else can run."""
    steps = 0

    def count(_task: Task) -> None:
        nonlocal steps
        steps += 1
        if steps > STEP_BUDGET:
            raise TooManySteps

    while True:
        workflow.do_engine_steps(will_complete_task=count)
        if workflow.automatic():
            continue
        if not workflow.script_engine.deliver_next(workflow):
            return _refuse_uncaught(workflow)


def _refuse_uncaught(workflow: Workflow) -> None:
    """An error that reached the top is no end: somebody has to look."""
    for event in workflow.get_events():
        if isinstance(event.event_definition, ErrorEventDefinition):
            raise BpmnError(event.event_definition.code or event.event_definition.name)


def fire(workflow: Workflow, task: Task, part: str) -> None:
    """Let one waiting timer fire; a cycle beside a running activity waits for its next instant."""
    definition = task.task_spec.event_definition
    following = next_turn(task.internal_data["event_value"]) if isinstance(definition, CycleTimer) else None
    again = _wait_again(task) if following is not None and _is_beside(task) else None
    task.internal_data["fire"] = part or True
    task.task_spec._update(task)
    if again is not None:
        again.internal_data["event_value"] = following
        again.task_spec._update(again)


def _is_beside(task: Task) -> bool:
    """An event on the edge of an activity that goes on when it comes."""
    return isinstance(task.task_spec, BoundaryEvent) and not task.task_spec.cancel_activity


def _wait_again(task: Task) -> Task:
    """A fresh event in the place of one that comes now; what follows it is laid out only while it is a possibility."""
    again = task.parent._add_child(task.task_spec, TaskState.MAYBE)
    task.task_spec._predict(again)
    again._set_state(TaskState.WAITING)
    return again


def deliver(workflow: Workflow, task: Task, definition: Any, payload: dict[str, Any]) -> None:
    """Hand a message to one waiting element; a non-interrupting boundary waits again at once."""
    spec = task.task_spec
    again = _wait_again(task) if _is_beside(task) else None
    spec.catch(task, BpmnEvent(definition, payload))
    spec._update(task)
    if again is not None:
        spec._update(again)


__all__ = ["STEP_BUDGET", "TooManySteps", "Workflow", "deliver", "fire", "is_timer", "settle"]
