from typing import Any

import pytest

from engine import cases, definitions, idempotency, timers
from engine.actor import OPERATOR_OF_THE_MACHINE, Actor
from engine.clock import TestClock
from engine.engine import Engine
from housing import people
from tests.webapp.api.conftest import PERMIT, files
from webapp.worker import Worker

TIMED = (PERMIT / "permit.bpmn").read_text(encoding="utf-8").replace(
    '<bpmn:endEvent id="done">',
    '<bpmn:boundaryEvent id="late" cancelActivity="false" attachedToRef="look"><bpmn:outgoing>f7</bpmn:outgoing>'
    '<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'
    '<bpmn:userTask id="remind" name="催办" camunda:candidateGroups="subdistrict"><bpmn:incoming>f7</bpmn:incoming>'
    '<bpmn:outgoing>f8</bpmn:outgoing></bpmn:userTask><bpmn:endEvent id="reminded"><bpmn:incoming>f8</bpmn:incoming></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="f7" sourceRef="late" targetRef="remind" /><bpmn:sequenceFlow id="f8" sourceRef="remind" targetRef="reminded" />'
    '<bpmn:endEvent id="done">').encode()


def officer(engine: Engine) -> Actor:
    with engine.database.reading() as session:
        found = people.actor_of(session, "committee", engine.clock.now())
    assert found is not None
    return found


@pytest.fixture
def timed(engine: Engine) -> Any:
    """A permit whose look is reminded of after an hour."""
    definitions.deploy(engine, {**files(), "permit/permit.bpmn": TIMED}, OPERATOR_OF_THE_MACHINE)
    return cases.start(engine, officer(engine), "permit", {"subject": "x"}).case


def elements(engine: Engine, case_id: int) -> set[str]:
    from engine import tasks

    with engine.database.reading() as session:
        return {task.element_id for task in tasks.open_of_case(session, case_id)}


def test_what_is_due_fires_once_and_what_is_not_waits(engine: Engine, clock: TestClock, timed: Any) -> None:
    worker = Worker(engine)
    worker.tick()
    assert elements(engine, timed.id) == {"look"}
    clock.advance(hours=1)
    worker.tick()
    worker.tick()
    assert elements(engine, timed.id) == {"look", "remind"}


def test_one_failing_duty_stops_no_other(engine: Engine, clock: TestClock, timed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_database: Any) -> int:
        raise OSError("no space")

    monkeypatch.setattr(idempotency, "sweep", broken)
    clock.advance(hours=1)
    Worker(engine).tick()
    assert elements(engine, timed.id) == {"look", "remind"}


def test_a_worker_ends_when_it_is_told_to(engine: Engine) -> None:
    worker = Worker(engine)
    worker.start()
    worker.stop()
    assert worker._thread is not None and not worker._thread.is_alive()


def test_it_sleeps_until_the_next_timer_and_never_long(engine: Engine, clock: TestClock, timed: Any) -> None:
    worker = Worker(engine)
    assert worker._pause() == 2.0
    clock.advance(minutes=59, seconds=59)
    assert 0 < worker._pause() <= 1.0
    with engine.database.reading() as session:
        assert timers.next_due(session) is not None
