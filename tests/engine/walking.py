"""A workflow without a database, walked step by step: alive, restored from its state, pruned, or both."""

from datetime import datetime, timedelta
from typing import Any

from engine import feel
from engine.bpmn import state
from engine.bpmn.events import is_message, is_timer
from engine.bpmn.parser import Spec, parse
from engine.bpmn.prune import prune
from engine.bpmn.script import Script, deliver_by_name
from engine.bpmn.workflow import Workflow, fire, settle
from engine.clock import TZ

NOON = datetime(2026, 11, 23, 12, tzinfo=TZ)


class Plain:
    """Variables and nothing else: what a turn offers to a workflow, as far as these walks need it."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}

    def condition(self, element_id: str, text: str) -> bool:
        return bool(feel.compile(text).evaluate(self.variables, now=NOON, functions={}).value)

    def run_script(self, element_id: str, text: str) -> None:
        for name, expression, _ in feel.parse_script(text):
            self.variables[name] = feel.to_plain(expression.evaluate(self.variables, now=NOON, functions={}).value)

    def timer_due(self, element_id: str, text: str) -> str:
        return (NOON + timedelta(hours=1)).isoformat()

    def timer_cycle(self, element_id: str, text: str) -> dict[str, Any]:
        return {"cycles": -1, "next": NOON.isoformat(), "duration": "PT1H"}

    def correlation_key(self, element_id: str, text: str | None) -> str:
        return ""

    def payload(self, element_id: str, text: str | None) -> dict[str, Any]:
        return {}

    def take_payload(self, element_id: str, payload: dict[str, Any]) -> None:
        self.variables.update(payload)

    def leaves_case(self, element_id: str, name: str, key: str, payload: dict[str, Any]) -> None:
        self.variables["left"] = [*self.variables.get("left", []), name]


def spec_of(content: bytes) -> Spec:
    return parse(content.decode(), "sample", "sample.bpmn")


class Walk:
    """One workflow; after each step it is pruned and restored as told."""

    def __init__(self, spec: Spec, *, pruned: bool = False, restored: bool = False, **variables: Any) -> None:
        self.spec, self.pruned, self.restored = spec, pruned, restored
        self.host: Any = Plain()
        self.host.variables.update(variables)
        self.script = Script(self.host)
        self.workflow = Workflow(spec.process, spec.subprocesses, script_engine=self.script)
        self.settle()

    def settle(self) -> None:
        settle(self.workflow)
        if self.pruned:
            prune(self.workflow)
        if self.restored:
            self.workflow = state.load(state.dump(self.workflow), self.spec, self.script)

    def choices(self) -> list[tuple[str, str]]:
        """What could happen next, named by elements."""
        found = [("do", task.task_spec.bpmn_id) for task in self.workflow.ready()]
        found += [("fire", f"{task.task_spec.bpmn_id}/{part}") for task, part, _ in self.workflow.waiting(is_timer)]
        found += [("tell", definition.name) for _, _, definition in self.workflow.waiting(is_message)]
        return sorted(found)

    def take(self, kind: str, name: str) -> None:
        """Let it happen; of several alike, the one that came first."""
        if kind == "do":
            next(task for task in self.workflow.ready() if task.task_spec.bpmn_id == name).run()
        elif kind == "fire":
            element, _, part = name.partition("/")
            task = next(t for t, p, _ in self.workflow.waiting(is_timer) if t.task_spec.bpmn_id == element and p == part)
            fire(self.workflow, task, part)
        else:
            deliver_by_name(self.workflow, name, "", {})
        self.settle()

    def do(self, *names: str, **variables: Any) -> None:
        self.host.variables.update(variables)
        for name in names:
            self.take("do", name)

    @property
    def ready(self) -> list[str]:
        return sorted(task.task_spec.bpmn_id for task in self.workflow.ready())

    @property
    def size(self) -> int:
        return len(self.workflow.all_tasks())

    @property
    def over(self) -> bool:
        return self.workflow.is_completed()
