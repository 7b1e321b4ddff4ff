"""Our own task specs in the place of SpiffWorkflow's: activities, sub-processes without data copies, honest joins."""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


class Activity(BpmnSpecMixin):
    """A service, send or business rule task: what it does is the script engine's."""

    def _run_hook(self, my_task: Task) -> bool | None:
        return my_task.workflow.script_engine.run_activity(my_task, self)


class SubProcess(defaults.SubWorkflowTask):
    """An embedded sub-process: variables belong to the case, so nothing is copied in or back."""

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        """Nothing: task data stays empty for ever."""

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        """Nothing, likewise."""


def _mark_joined(gateway: Any, my_task: Task) -> None:
    for task in my_task.workflow.tasks.values():
        if task.task_spec is gateway and (task is my_task or task.has_state(TaskState.FINISHED_MASK)):
            task.internal_data["joined"] = True


def _arrived(gateway: Any, workflow: Any) -> list[Task]:
    return [
        task for task in workflow.tasks.values()
        if task.task_spec is gateway and not task.internal_data.get("joined")
        and task.parent.state == TaskState.COMPLETED
    ]


class ParallelGateway(defaults.ParallelGateway):
    """Counts only arrivals since it last fired: the stock one takes a round before for this one."""

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        arrived = {task.parent.task_spec for task in _arrived(self, my_task.workflow)}
        return all(source in arrived for source in self.inputs)

    def _run_hook(self, my_task: Task) -> bool:
        result = super()._run_hook(my_task)
        _mark_joined(self, my_task)
        return result


class InclusiveGateway(defaults.InclusiveGateway):
    """Waits for an input only while a live task can still reach it, and could not as well come by one that has
    arrived, as a token further on in a loop can (BPMN 2.0, 13.4.3)."""

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        arrived = {task.parent.task_spec for task in _arrived(self, my_task.workflow)}
        missing = {source for source in self.inputs if source not in arrived}
        if not missing:
            return True
        live = {t.task_spec for t in my_task.workflow.tasks.values() if t.has_state(LIVE) and t.task_spec is not self}
        return not any(self._reaches(spec, missing) and not self._reaches(spec, arrived) for spec in live)

    def _reaches(self, start: Any, missing: set[Any]) -> bool:
        seen, stack = set(), [start]
        while stack:
            spec = stack.pop()
            if spec in missing:
                return True
            if spec in seen or spec is self:
                continue
            seen.add(spec)
            stack.extend(spec.outputs)
        return False

    def _run_hook(self, my_task: Task) -> bool:
        result = super()._run_hook(my_task)
        _mark_joined(self, my_task)
        return result
