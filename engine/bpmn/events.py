"""Events whose time and routing are ours: timers that never look at a clock, messages addressed by rows."""

from datetime import datetime
from typing import Any

import isodate
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.serializer.helpers import EventDefinitionConverter
from SpiffWorkflow.bpmn.specs.event_definitions import (
    DurationTimerEventDefinition,
    MessageEventDefinition,
    MultipleEventDefinition,
    TimeDateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.task import Task


class TimerMixin:
    """Works out its instant once, on the turn's clock, and fires only when its row says so."""

    expression: str

    def due(self, task: Task) -> Any:
        """The instant as ISO text with offset; the script engine knows literals and `${…}`."""
        return task.workflow.script_engine.timer_due(task, self.expression)

    def has_fired(self, my_task: Task) -> bool:
        data = my_task.internal_data
        if "event_value" not in data:
            data["event_value"] = self.due(my_task)
        if data.get("fire"):
            data["event_fired"] = True
        return bool(data.get("event_fired", False))


class DateTimer(TimerMixin, TimeDateEventDefinition):
    """timeDate."""


class DurationTimer(TimerMixin, DurationTimerEventDefinition):
    """timeDuration."""


class CycleTimer(TimerMixin, TimerEventDefinition):
    """timeCycle: `R3/P1D`. Each waiting task fires once; beside a running activity the next one takes its place.

    The stock one hangs what it begins below the waiting event, so that it vanished with the activity."""

    def due(self, task: Task) -> Any:
        """What is left of the cycle: how often, when next, after how long again."""
        return task.workflow.script_engine.timer_cycle(task, self.expression)


def next_turn(cycle: dict[str, Any]) -> dict[str, Any] | None:
    """The cycle after its next instant, None after the last; counted from that instant, not from when the worker came."""
    if cycle["cycles"] == 1:
        return None
    following = datetime.fromisoformat(cycle["next"]) + isodate.parse_duration(cycle["duration"])
    return {**cycle, "cycles": max(cycle["cycles"] - 1, -1), "next": following.isoformat()}


class Message(MessageEventDefinition):
    """A message by name; `key` and `payload` are the throwing element's expressions."""

    def __init__(self, name: str, key: str | None = None, payload: str | None = None, **kwargs: Any) -> None:
        kwargs.pop("correlation_properties", None)
        super().__init__(name, **kwargs)
        self.key, self.payload = key, payload

    def catches(self, my_task: Task, event: Any) -> bool:
        return bool(self == event.event_definition)

    def throw(self, my_task: Task) -> None:
        my_task.workflow.script_engine.throw_message(my_task, self)

    def update_internal_data(self, my_task: Task, event: Any) -> None:
        my_task.internal_data["payload"] = event.payload

    def update_task_data(self, my_task: Task) -> None:
        my_task.workflow.script_engine.take_payload(my_task, my_task.internal_data.pop("payload", None) or {})


class MessageConverter(EventDefinitionConverter):
    """Keeps the two expressions in a stored spec."""

    def to_dict(self, definition: Message) -> dict[str, Any]:
        return {**super().to_dict(definition), "key": definition.key, "payload": definition.payload}


class AnyOf(MultipleEventDefinition):
    """An event gateway's events, each timer with an instant of its own (the stock one shares a single value)."""

    def has_fired(self, my_task: Task) -> bool:
        data = my_task.internal_data
        timers = data.setdefault("timers", {})
        for index, definition in enumerate(self.event_definitions):
            if isinstance(definition, TimerEventDefinition) and str(index) not in timers:
                timers[str(index)] = definition.due(my_task)
        fire = data.get("fire")
        if fire is not None:
            data["seen_events"] = [BpmnEvent(self.event_definitions[int(fire)])]
        return bool(data.get("seen_events"))


def parts(definition: Any) -> list[tuple[str, Any]]:
    """The single events of a catching element, each with its part ("" where there is but one)."""
    if isinstance(definition, MultipleEventDefinition):
        return [(str(index), event) for index, event in enumerate(definition.event_definitions)]
    return [("", definition)]


def is_timer(definition: Any) -> bool:
    """Whether an event comes by its time."""
    return isinstance(definition, TimerEventDefinition)


def is_message(definition: Any) -> bool:
    """Whether an event comes by a message."""
    return isinstance(definition, MessageEventDefinition)


def timer_instant(task: Task, part: str) -> str:
    """The stored due instant of a waiting timer."""
    if part:
        return str(task.internal_data["timers"][part])
    value = task.internal_data["event_value"]
    return str(value["next"] if isinstance(value, dict) else value)
