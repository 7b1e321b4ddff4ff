"""A workflow's state as bytes and back; its spec is never in them, and task order is kept (parents first)."""

import json
import zlib
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter

from engine.bpmn.parser import REGISTRY, Spec
from engine.bpmn.workflow import Workflow


def _converter() -> Any:
    converter = BpmnWorkflowConverter.__new__(BpmnWorkflowConverter)
    converter.registry, converter.target_class = REGISTRY, Workflow
    return converter


_CONVERTER = _converter()


def dump(workflow: Workflow) -> bytes:
    """The state, compressed."""
    data = {
        "data": workflow.data,
        "correlations": workflow.correlations,
        "last_task": str(workflow.last_task.id) if workflow.last_task else None,
        "success": workflow.success,
        "completed": workflow.completed,
        "tasks": _CONVERTER.mapping_to_dict(workflow.tasks),
        "root": str(workflow.task_tree.id),
        "subprocesses": _CONVERTER.mapping_to_dict(workflow.subprocesses),
        "bpmn_events": REGISTRY.convert(workflow.bpmn_events),
    }
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def load(blob: bytes, spec: Spec, script: Any) -> Workflow:
    """The workflow that `dump` kept, over the cached spec."""
    data = json.loads(zlib.decompress(blob))
    workflow = Workflow(spec.process, spec.subprocesses, script_engine=script, deserializing=True)
    workflow.tasks = _CONVERTER.mapping_from_dict(data["tasks"], UUID, workflow=workflow)
    workflow.task_tree = workflow.tasks[UUID(data["root"])]
    _CONVERTER.set_default_attributes(workflow, data)
    _CONVERTER.subprocesses_from_dict(data["subprocesses"], workflow)
    workflow.bpmn_events = REGISTRY.restore(data["bpmn_events"])
    return workflow
