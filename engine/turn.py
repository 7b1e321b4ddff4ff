"""One act, one transaction: lock the case, load it, act, run what is automatic, store state and projections, commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import definitions, early, incidents, projection
from engine.actor import Actor
from engine.bpmn import state
from engine.bpmn.prune import prune
from engine.bpmn.script import Script
from engine.bpmn.workflow import Act, TooManySteps, Workflow, settle
from engine.compiled import Compiled
from engine.engine import Engine
from engine.errors import BpmnError, Busy, EngineError, NotFound, ProcessFailure, WrongState
from engine.execution import Execution, Fault
from engine.tables import Case, Setting
from engine.words import Text

CLOCK_KEY = "clock_offset_us"
BUSY = Text("系统正忙，没有任何改动，请稍后再试", "The system is busy; nothing was changed. Try again in a moment")


def execution_of(engine: Engine, session: Session, actor: Actor, case: Case, now: datetime) -> Execution:
    """What evaluates and calls for a case at `now`, over its variables as they are stored."""
    ready = definitions.compiled_of(engine, session, case.definition_id)
    return Execution(
        session=session, compiled=ready, case=case, actor=actor, now=now, look_ups=engine.functions,
        variables=dict(case.variables or {}),
        pinned=lambda ref: definitions.pinned_decision(engine, session, ready, ref),
    )  # fmt: skip


class Turn:
    """The case of one act, locked and loaded."""

    def __init__(self, engine: Engine, session: Session, actor: Actor, case: Case, at: datetime, now: datetime | None) -> None:
        self.engine, self.session, self.actor, self.case, self.at = engine, session, actor, case, at
        self.execution = execution_of(engine, session, actor, case, now or at)
        self.compiled: Compiled = self.execution.compiled
        self.script = Script(self.execution)
        self.workflow = self._workflow()
        self.workflow.trace = []
        self.submissions: dict[str, dict[str, Any]] = {}
        self.unchanged = False

    def _workflow(self) -> Workflow:
        assert self.compiled.spec is not None
        spec = self.compiled.spec
        if not self.case.blob:
            return Workflow(spec.process, spec.subprocesses, script_engine=self.script)
        live: Workflow | None = self.engine.live.take(self.case.id, self.case.version)
        if live is None:
            return state.load(self.case.blob, spec, self.script)
        live.script_engine = self.script
        return live

    def note(
        self, event: str, element_id: str | None = None, data: dict[str, Any] | None = None, actor: str | None = None
    ) -> None:
        """Remember an act for the history, in its place among the elements entered and left."""
        self.workflow.trace.append(Act(event, element_id, data or {}, actor or self.actor.username))

    def close(self) -> None:
        """Run what is automatic and store everything; an act that changed nothing writes nothing."""
        if self.unchanged:
            return
        settle(self.workflow)
        while early.deliver(self):
            settle(self.workflow)
        prune(self.workflow)
        projection.store(self)

    def keep_alive(self) -> None:
        """After the commit: the next turn of this case need not load it."""
        self.workflow.trace = []
        self.engine.live.put(self.case.id, self.case.version, self.workflow)


def refresh_clock(engine: Engine, session: Session) -> None:
    """Read the demonstration clock's offset, which every process shares."""
    offset = session.execute(select(Setting.value).where(Setting.key == CLOCK_KEY)).scalar_one_or_none()
    if offset is not None:
        engine.clock.offset = timedelta(microseconds=int(offset))


def check_not_suspended(case: Case) -> None:
    """Raise while the case is held."""
    if case.state == "suspended":
        raise WrongState(Text("案件已中止，恢复后才能办", "The case is suspended; resume it first"))


def locked_case(session: Session, case_id: int) -> Case:
    """The case row, locked until the transaction ends."""
    case = session.execute(select(Case).where(Case.id == case_id).with_for_update()).scalar_one_or_none()
    if case is None:
        raise NotFound
    return case


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A writing transaction on the right clock; a locked, full or absent database is `Busy`."""
    try:
        with engine.database.writing() as session:
            refresh_clock(engine, session)
            yield session
    except OperationalError as error:
        raise Busy(BUSY) from error


@contextmanager
def turn(
    engine: Engine, actor: Actor, case_id: int, command: dict[str, Any], *, now: datetime | None = None
) -> Iterator[Turn]:
    """The one way to move a case on; `command` says how to do the same again, should it fail.

    Raises what the act raises; a process that cannot go on leaves an incident and `ProcessFailure`.
    """
    opened: Turn | None = None
    try:
        with writing(engine) as session:
            case = locked_case(session, case_id)
            incidents.claim(session, command, engine.clock.now())
            opened = Turn(engine, session, actor, case, engine.clock.now(), now)
            incidents.note_claim(opened, command)
            yield opened
            opened.close()
    except (EngineError, GeneratorExit):
        raise
    except Exception as error:
        raise failure(engine, case_id, actor, command, error) from error
    opened.keep_alive()


def failure(engine: Engine, case_id: int | None, actor: Actor, command: dict[str, Any], error: Exception) -> ProcessFailure:
    """Open an incident for `error` in a transaction of its own; the sentence for whoever acted."""
    element_id, cause = explain(error)
    try:
        incident_id = incidents.open_for(engine, case_id, actor, command, element_id, cause)
    except OperationalError as busy:
        raise Busy(BUSY) from busy
    return ProcessFailure(
        Text(f"没有完成，案件没有任何改动。{cause.zh}（故障 {incident_id} 号，已转运维处理）",
             f"It did not complete; nothing in the case changed. {cause.en} (incident {incident_id}, passed to operations)"),
        incident_id, element_id,
    )  # fmt: skip


def explain(error: Exception) -> tuple[str | None, Text]:
    """Where and why, in words that quote the expression."""
    if isinstance(error, Fault):
        quoted_zh = f"：{error.expression}" if error.expression else ""
        quoted_en = f": {error.expression}" if error.expression else ""
        return error.element_id, Text(
            f"步骤“{error.element_id}”{error.text.zh}{quoted_zh}", f'Step "{error.element_id}": {error.text.en}{quoted_en}'
        )
    if isinstance(error, TooManySteps):
        return None, Text("流程自动循环，停不下来", "The process loops by itself without an end")
    if isinstance(error, BpmnError):
        return None, Text(f"没有步骤接住错误“{error.code}”", f"No step catches the error {error.code}")
    task_spec = getattr(getattr(error, "task", None), "task_spec", None) or getattr(error, "task_spec", None)
    words = str(error) or type(error).__name__
    return getattr(task_spec, "bpmn_id", None), Text(f"流程出错：{words}", f"The process failed: {words}")
