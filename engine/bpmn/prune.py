"""Forget finished steps: history has its own table, and cost must not grow with the life of a case."""

from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.specs import LIVE
from engine.bpmn.workflow import Workflow


def prune(workflow: Workflow) -> None:
    """Drop every finished task that nothing open refers to, in the process and its sub-processes."""
    for sub in list(workflow.subprocesses.values()):
        _prune_one(sub)
    _prune_one(workflow)
    # A host that is gone took its finished sub-process with it.
    workflow.get_active_subprocesses()


def _prune_one(workflow: Any) -> None:
    live = [task for task in workflow.tasks.values() if task.has_state(LIVE) and not _is_spent(task)]
    if not live:
        return
    keep = _needed(workflow, live)
    if len(keep) == len(workflow.tasks):
        return
    _adopt(workflow, keep)
    for task_id in [task_id for task_id in workflow.tasks if task_id not in keep]:
        del workflow.tasks[task_id]
        workflow.top_workflow.subprocesses.pop(task_id, None)
    if workflow.last_task is not None and workflow.last_task.id not in workflow.tasks:
        workflow.last_task = workflow.task_tree


def _needed(workflow: Any, live: list[Task]) -> set[UUID]:
    keep = {workflow.task_tree.id}
    for task in live:
        _keep_subtree(task, keep)
    above = _above(live)
    for task in live:
        if isinstance(task.parent and task.parent.task_spec, BoundaryEventSplit):
            keep.add(task.parent.id)
            keep.update(child.id for child in task.parent.children if not _is_over(child) or child.id in above)
    for task in workflow.tasks.values():
        if _is_open_arrival(task):
            keep.update((task.id, task.parent.id))
    return keep


def _is_spent(task: Task) -> bool:
    """An end that only waits for the other branches' ends, or what an event beside its task left at the task's join."""
    if task.state != TaskState.WAITING:
        return False
    if isinstance(task.task_spec, _EndJoin):
        return True
    return isinstance(task.task_spec, BoundaryEventJoin) and task.parent is not None and _is_over(task.parent)


def _is_over(task: Task) -> bool:
    """An event beside its task that has come or gone: what it began no longer needs it, once that is done too."""
    spec = task.task_spec
    return isinstance(spec, BoundaryEvent) and not spec.cancel_activity and task.has_state(TaskState.FINISHED_MASK)


def _above(tasks: list[Task]) -> set[UUID]:
    """Every ancestor of these tasks."""
    found: set[UUID] = set()
    for task in tasks:
        parent = task.parent
        while parent is not None and parent.id not in found:
            found.add(parent.id)
            parent = parent.parent
    return found


def _keep_subtree(task: Task, keep: set[UUID]) -> None:
    stack = [task]
    while stack:
        current = stack.pop()
        if current.id not in keep:
            keep.add(current.id)
            stack.extend(current.children)


def _is_open_arrival(task: Task) -> bool:
    """A branch that has reached a join which has not fired for it yet."""
    return (
        isinstance(task.task_spec, UnstructuredJoin)
        and not isinstance(task.task_spec, _EndJoin)
        and task.has_state(LIVE | TaskState.CANCELLED)
        and not task.internal_data.get("joined")
        and task.parent is not None
        and task.parent.state == TaskState.COMPLETED
    )


def _adopt(workflow: Any, keep: set[UUID]) -> None:
    """Hang each kept task under its nearest kept ancestor, and each parent's list in the old order."""
    parents: dict[UUID, UUID] = {}
    children: dict[UUID, list[UUID]] = {task_id: [] for task_id in keep}
    stack: list[tuple[Task, UUID | None]] = [(workflow.task_tree, None)]
    while stack:
        task, above = stack.pop()
        if task.id in keep:
            if above is not None:
                parents[task.id] = above
                children[above].append(task.id)
            above = task.id
        stack.extend((child, above) for child in reversed(task.children))
    for task_id in keep:
        task = workflow.tasks[task_id]
        task._children = children[task_id]
        if task_id in parents:
            task._parent = parents[task_id]
    _order(workflow, children)


def _order(workflow: Any, children: dict[UUID, list[UUID]]) -> None:
    """Parents before children in the mapping: the state is read back in that order."""
    ordered: dict[UUID, Task] = {}
    stack = [workflow.task_tree.id]
    while stack:
        task_id = stack.pop()
        ordered[task_id] = workflow.tasks[task_id]
        stack.extend(reversed(children[task_id]))
    workflow.tasks.clear()
    workflow.tasks.update(ordered)
