"""Where a case could not go on: opened with its cause, retried by running the same command again."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import history
from engine.actor import Actor
from engine.engine import Engine, Happened
from engine.errors import NotAllowed, NotFound, WrongState
from engine.tables import OPEN_STATES, Case, Incident, Task, Timer
from engine.words import Text

SOLVED = Text("这个故障已经解决", "This incident is solved already")
ABOUT_THE_ACTOR = ("actor", "grants", "incident", "retried_by")


def add(
    session: Session, case: Case | None, at: datetime, kind: str, element_id: str | None, cause: Text,
    command: dict[str, Any] | None,
) -> Incident:  # fmt: skip
    """Open an incident, or count one more attempt of the same command."""
    same = _same(session, case, kind, element_id, command)
    if same is not None:
        same.attempts += 1
        same.message, same.message_en, same.element_id = cause.zh, cause.en, element_id
        return same
    incident = Incident(
        case_id=None if case is None else case.id, process_key="" if case is None else case.process_key,
        element_id=element_id, kind=kind, message=cause.zh, message_en=cause.en, command=command, state="open",
        attempts=1, opened_at=at,
    )  # fmt: skip
    session.add(incident)
    session.flush()
    return incident


def _same(
    session: Session, case: Case | None, kind: str, element_id: str | None, command: dict[str, Any] | None
) -> Incident | None:
    if command is not None and "incident" in command:
        return session.get(Incident, command["incident"])
    if case is None:
        return None
    query = select(Incident).where(Incident.case_id == case.id, Incident.state == "open", Incident.kind == kind)
    if command is None:
        query = query.where(Incident.element_id == element_id)
    return next((i for i in session.scalars(query) if _target(i.command) == _target(command)), None)


def _target(command: dict[str, Any] | None) -> Any:
    """What a command was about, whoever gave it and whatever it brought."""
    if command is None:
        return None
    if command.get("act") == "complete":
        return "complete", command["task_id"]
    return {name: value for name, value in command.items() if name not in ABOUT_THE_ACTOR}


def open_for(
    engine: Engine, case_id: int | None, actor: Actor, command: dict[str, Any], element_id: str | None, cause: Text
) -> int:
    """Open one for a failed command, in a transaction of its own; the case is `failed` until it is solved."""
    with engine.database.writing() as session:
        at = engine.clock.now()
        case = None if case_id is None else session.get(Case, case_id, with_for_update=True)
        given_by = {"actor": actor.username, "grants": actor.as_data}
        incident = add(session, case, at, "process", element_id, cause, {**command, **given_by})
        if case is not None:
            if case.state == "running":
                case.state = "failed"
            told = {"incident": incident.id, "cause": cause._asdict()}
            entry = {"event": "incident", "actor": actor.username, "element_id": element_id, "data": told}
            history.append_to_case(session, case, at, [entry])
        engine.tell(session, Happened("incident", at, actor.username, case, data={"incident": incident.id}))
        return incident.id


def claim(session: Session, command: dict[str, Any], at: datetime) -> None:
    """In the turn of a retry: solved by this turn if it goes through, and by no other."""
    if "incident" not in command:
        return
    incident = session.get_one(Incident, command["incident"], with_for_update=True, populate_existing=True)
    if incident.state != "open":
        raise WrongState(SOLVED)
    incident.state, incident.resolved_at, incident.resolved_by = "resolved", at, command["retried_by"]


def note_claim(turn: Any, command: dict[str, Any]) -> None:
    """The same in the case's history."""
    if "incident" in command:
        turn.note("incident_resolved", None, {"incident": command["incident"]}, command["retried_by"])


def settle_case(session: Session, case: Case, at: datetime) -> None:
    """A turn went through: incidents of what no longer waits are solved, and the case runs again."""
    query = select(Incident).where(Incident.case_id == case.id, Incident.state == "open")
    still = False
    for incident in session.scalars(query):
        if case.ended_at is not None or _is_past(session, incident.command or {}):
            incident.state, incident.resolved_at, incident.resolved_by = "resolved", at, "system"
        elif incident.kind == "process":
            still = True
    if case.state == "failed" and not still:
        case.state = "running"


def _is_past(session: Session, command: dict[str, Any]) -> bool:
    """Whether what failed is not to be done any more: its task is closed, its timer gone."""
    if command.get("act") == "complete":
        return session.get_one(Task, command["task_id"]).state not in OPEN_STATES
    if command.get("act") == "timer":
        return session.get(Timer, command["timer"]) is None
    return False


def is_stopped(session: Session, case_id: int) -> bool:
    """Whether something of the case failed and waits for its retry."""
    query = select(func.count()).select_from(Incident).where(
        Incident.case_id == case_id, Incident.state == "open", Incident.kind == "process"
    )
    return bool(session.scalar(query))


def failed_timers(session: Session, case_id: int) -> set[int]:
    """The timers of a case that wait for a retry."""
    rows = session.scalars(select(Incident).where(Incident.case_id == case_id, Incident.state == "open"))
    return {row.command["timer"] for row in rows if row.command and row.command.get("act") == "timer"}


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
            raise WrongState(SOLVED)
        command, case_id = incident.command, incident.case_id
    if command is not None:
        commands.run(engine, {**command, "incident": incident_id, "retried_by": actor.username}, case_id)
    return _solved(engine, actor, incident_id, case_id)


def _solved(engine: Engine, actor: Actor, incident_id: int, case_id: int | None) -> Incident:
    """Where there was nothing left to do, the retry alone solves it."""
    with engine.database.writing() as session:
        case = None if case_id is None else session.get(Case, case_id, with_for_update=True)
        solved = session.get_one(Incident, incident_id, with_for_update=True)
        if solved.state == "open":
            at = engine.clock.now()
            solved.state, solved.resolved_at, solved.resolved_by = "resolved", at, actor.username
            session.flush()
            if case is not None:
                settle_case(session, case, at)
                entry = {"event": "incident_resolved", "actor": actor.username, "data": {"incident": incident_id}}
                history.append_to_case(session, case, at, [entry])
        return solved
