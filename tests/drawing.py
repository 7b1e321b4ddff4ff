"""Small processes for tests: a diagram from a few short pieces of text."""

from itertools import pairwise
from typing import Any

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="anju" id="defs">'
)


def drawn(*pieces: str, key: str = "sample", properties: dict[str, str] | None = None, messages: tuple[str, ...] = (),
          before: str = "") -> bytes:
    """A BPMN file with one process."""
    kept = _properties(properties or {})
    named = "".join(f'<message id="m_{name.replace(".", "_")}" name="{name}"/>' for name in messages)
    body = "".join(pieces)
    return f'{HEAD}{before}<process id="{key}" name="样本" isExecutable="true">{kept}{body}</process>{named}</definitions>'.encode()


def _properties(values: dict[str, str]) -> str:
    if not values:
        return ""
    rows = "".join(f'<camunda:property name="{name}" value="{_quoted(value)}"/>' for name, value in values.items())
    return f"<extensionElements><camunda:properties>{rows}</camunda:properties></extensionElements>"


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def user(name: str, groups: str = "subdistrict", properties: dict[str, str] | None = None, **camunda: str) -> str:
    """A user task."""
    more = "".join(f' camunda:{key}="{_quoted(value)}"' for key, value in camunda.items())
    kept = _properties({"name_en": name, **(properties or {})})
    return f'<userTask id="{name}" name="{name}" camunda:candidateGroups="{_quoted(groups)}"{more}>{kept}</userTask>'


def script(name: str, text: str) -> str:
    return f'<scriptTask id="{name}"><script>{_quoted(text)}</script></scriptTask>'


def node(kind: str, name: str, inner: str = "", **attributes: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{kind} id="{name}"{more}>{inner}</{kind}>'


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{_quoted(text)}</{kind}></timerEventDefinition>"


def message(name: str) -> str:
    return f'<messageEventDefinition messageRef="m_{name.replace(".", "_")}"/>'


def flow(source: str, target: str, condition: str | None = None, name: str | None = None) -> str:
    test = f'<conditionExpression xsi:type="tFormalExpression">{_quoted(condition)}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="{name or f"f_{source}_{target}"}" sourceRef="{source}" targetRef="{target}">{test}</sequenceFlow>'


def line(*names: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(source, target) for source, target in pairwise(names))


START, END = node("startEvent", "s"), node("endEvent", "e")


class Desk:
    """Somebody who starts cases and does tasks in a test, by the names of elements."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def actor(self, username: str) -> Any:
        from housing import people

        with self.engine.database.reading() as session:
            return people.actor_of(session, username, self.engine.clock.now())

    def deploy(self, content: bytes, name: str = "sample.bpmn") -> Any:
        from engine import definitions
        from engine.actor import OPERATOR_OF_THE_MACHINE

        return definitions.deploy(self.engine, {name: content}, OPERATOR_OF_THE_MACHINE)[0]

    def start(self, username: str = "subdistrict", key: str = "sample", business_key: str | None = None, **variables: Any) -> int:
        from engine import cases

        return int(cases.start(self.engine, self.actor(username), key, variables, business_key).case.id)

    def open(self, case_id: int) -> list[str]:
        from engine import tasks

        with self.engine.database.reading() as session:
            return [task.element_id for task in tasks.open_of_case(session, case_id)]

    def task(self, case_id: int, element_id: str) -> Any:
        from engine import tasks

        with self.engine.database.reading() as session:
            found = next(task for task in tasks.open_of_case(session, case_id) if task.element_id == element_id)
            session.expunge_all()
            return found

    def do(self, case_id: int, element_id: str, username: str = "subdistrict", **data: Any) -> list[str]:
        from engine import tasks

        task = self.task(case_id, element_id)
        outcome = tasks.complete(self.engine, self.actor(username), task.id, data)
        return [row.element_id for row in outcome.open_tasks]

    def case(self, case_id: int) -> Any:
        from engine import cases

        with self.engine.database.reading() as session:
            found = cases.get(session, case_id)
            session.expunge_all()
            return found

    def history(self, case_id: int) -> list[tuple[str, str | None]]:
        from engine import history

        with self.engine.database.reading() as session:
            return [(row.event, row.element_id) for row in history.of_case(session, case_id)]

    def entered(self, case_id: int, *names: str) -> list[str]:
        return [name for event, name in self.history(case_id) if event == "entered" and name in names]

    def later(self, **by: float) -> int:
        """Move the clock and let the worker come by."""
        from engine import timers

        self.engine.clock.advance(**by)
        return timers.sweep(self.engine)
