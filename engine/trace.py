"""From the workflow's changes of state to the rows of the history, in true order."""

from typing import TYPE_CHECKING, Any

from engine.bpmn.patches import COMPLETED, ENTERED, is_boundary, is_gateway
from engine.bpmn.workflow import Act
from engine.diagram import Element

if TYPE_CHECKING:
    from engine.turn import Turn


def entries(turn: "Turn") -> list[dict[str, Any]]:
    """One entry for each element entered and left and each act noted on the way."""
    made = []
    for item in turn.workflow.trace:
        entry = _of_act(turn, item) if isinstance(item, Act) else _of_change(turn, *item)
        if entry is not None:
            made.append(entry)
    return made


def _of_act(turn: "Turn", act: Act) -> dict[str, Any]:
    element = _element(turn, act.element_id)
    return {"event": act.event, "actor": act.actor, "data": act.data, **_describe(element, act.element_id)}


def _of_change(turn: "Turn", task: Any, before: int, after: int) -> dict[str, Any] | None:
    element_id = task.task_spec.bpmn_id
    element = _element(turn, element_id)
    if element is None or (event := _event(task, before, after)) is None:
        return None
    submitted = turn.submissions.get(str(task.id)) if event == "left" else None
    actor = turn.actor.username if submitted is not None else "system"
    data = {} if submitted is None else {"submission": submitted}
    return {"event": event, "actor": actor, "data": data, **_describe(element, element_id)}


def _event(task: Any, before: int, after: int) -> str | None:
    if after & ENTERED:
        return None if before & ENTERED or is_boundary(task) else "entered"
    if after & COMPLETED:
        return "left"
    quiet = not before & ENTERED or is_boundary(task) or is_gateway(task)
    return None if quiet else "cancelled"


def _element(turn: "Turn", element_id: str | None) -> Element | None:
    process = turn.compiled.process
    return process.elements.get(element_id) if process and element_id else None


def _describe(element: Element | None, element_id: str | None) -> dict[str, Any]:
    if element is None:
        return {"element_id": element_id}
    return {
        "element_id": element.id, "element_name": element.name, "element_name_en": element.name_en or element.name,
        "element_type": element.type,
    }  # fmt: skip
