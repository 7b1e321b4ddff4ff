"""Commands as data, so that a failed one can be run again as it was."""

from typing import Any

from engine import cases, messages, tasks, timers
from engine.actor import Actor
from engine.engine import Engine


def run(engine: Engine, command: dict[str, Any], case_id: int | None) -> None:
    """Run `command` once more."""
    act = command["act"]
    actor = Actor.of_data(command.get("actor", "system"), command.get("grants"))
    if act == "complete":
        tasks.complete_again(engine, actor, command)
    elif act == "timer":
        timers.fire(engine, command["timer"], command)
    elif act == "message":
        messages.deliver_again(engine, actor, case_id, command)
    elif act == "start":
        cases.start_again(engine, actor, command)
    else:
        raise ValueError(act)
