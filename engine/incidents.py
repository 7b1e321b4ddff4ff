"""Where a case could not go on: opened with its cause, retried by running the same command again."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import history
from engine.actor import Actor
from engine.engine import Engine, Happened
from engine.errors import NotAllowed, NotFound, WrongState
from engine.tables import Case, Incident
from engine.words import Text


def add(
    session: Session, case: Case | None, at: datetime, kind: str, element_id: str | None, cause: Text,
    command: dict[str, Any] | None,
) -> Incident:  # fmt: skip
    """Open an incident, or count one more attempt of the same command."""
    same = None if case is None else _same(session, case.id, kind, element_id, command)
    if same is not None:
        same.attempts += 1
        same.message, same.message_en = cause.zh, cause.en
        return same
    incident = Incident(
        case_id=None if case is None else case.id, process_key="" if case is None else case.process_key,
        element_id=element_id, kind=kind, message=cause.zh, message_en=cause.en, command=command, state="open",
        attempts=1, opened_at=at,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    return incident


def _same(session: Session, case_id: int, kind: str, element_id: str | None, command: dict[str, Any] | None) -> Incident | None:
    query = select(Incident).where(
        Incident.case_id == case_id, Incident.state == "open", Incident.kind == kind, Incident.element_id == element_id
    )
    return next((i for i in session.scalars(query) if _target(i.command) == _target(command)), None)


def _target(command: dict[str, Any] | None) -> Any:
    return None if command is None else (command.get("act"), command.get("task_id"), command.get("timer"))


def open_for(
    engine: Engine, case_id: int | None, actor: Actor, command: dict[str, Any], element_id: str | None, cause: Text
) -> int:
    """Open one for a failed command, in a transaction of its own; the case is `failed` until it is solved."""
    with engine.database.writing() as session:
        at = engine.clock.now()
        case = None if case_id is None else session.get(Case, case_id, with_for_update=True)
        incident = add(session, case, at, "process", element_id, cause, {**command, "actor": actor.username})
        if case is not None:
            if case.state == "running":
                case.state = "failed"
            entry = {"event": "incident", "actor": actor.username, "element_id": element_id, "data": {"incident": incident.id, "cause": cause._asdict()}}
            history.append_to_case(session, case, at, [entry])
        engine.tell(session, Happened("incident", at, actor.username, case, data={"incident": incident.id}))
        return incident.id


def settle_case(session: Session, case: Case) -> None:
    """A turn went through: incidents of steps that no longer wait are solved, and the case runs again."""
    if case.state == "failed" and not _stopping(session, case.id):
        case.state = "running"


def _stopping(session: Session, case_id: int) -> bool:
    query = select(func.count()).select_from(Incident).where(
        Incident.case_id == case_id, Incident.state == "open", Incident.kind == "process"
    )
    return bool(session.scalar(query))


def resolve_for(session: Session, case_id: int, target: dict[str, Any], by: str, at: datetime) -> None:
    """The command went through after all: its incidents are solved."""
    for incident in session.scalars(select(Incident).where(Incident.case_id == case_id, Incident.state == "open")):
        if _target(incident.command) == _target(target):
            incident.state, incident.resolved_at, incident.resolved_by = "resolved", at, by


def of_case(session: Session, case_id: int) -> list[Incident]:
    """A case's incidents, newest first."""
    return list(session.scalars(select(Incident).where(Incident.case_id == case_id).order_by(Incident.id.desc())))


def open_incidents(session: Session, state: str | None = "open", before: int | None = None, limit: int = 200) -> list[Incident]:
    """Incidents of all cases, newest first."""
    query = select(Incident).order_by(Incident.id.desc()).limit(limit)
    query = query if state is None else query.where(Incident.state == state)
    return list(session.scalars(query if before is None else query.where(Incident.id < before)))


def retry(engine: Engine, actor: Actor, incident_id: int) -> Incident:
    """Run the command again, for whoever gave it; solved when it goes through. Raises what it raises."""
    from engine import commands

    with engine.database.reading() as session:
        incident = session.get(Incident, incident_id)
        if incident is None:
            raise NotFound
        if (why := engine.rights.refusal(session, actor, "retry", incident)) is not None:
            raise NotAllowed(why)
        if incident.state != "open":
            raise WrongState(Text("这个故障已经解决", "This incident is solved already"))
        command, case_id = incident.command, incident.case_id
    if command is not None:
        commands.run(engine, command, case_id)
    with engine.database.writing() as session:
        solved = session.get_one(Incident, incident_id)
        at = engine.clock.now()
        if solved.state == "open":
            solved.state, solved.resolved_at, solved.resolved_by = "resolved", at, actor.username
        case = None if solved.case_id is None else session.get(Case, solved.case_id, with_for_update=True)
        if case is not None:
            session.flush()
            settle_case(session, case)
            entry = {"event": "incident_resolved", "actor": actor.username, "data": {"incident": incident_id}}
            history.append_to_case(session, case, at, [entry])
        return solved
