"""Acts on cases: start, cancel, suspend, resume."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import definitions, drafts, history, incidents, messages, projection, submissions
from engine.actor import Actor
from engine.engine import Engine, Happened
from engine.errors import EngineError, InvalidData, KeyTaken, NotAllowed, NotFound, Stale, WrongState
from engine.tables import Case, Definition, Number, Subscription, Timer
from engine.tasks import Outcome, as_it_stands, open_of_case
from engine.turn import Turn, execution_of, failure, locked_case, writing
from engine.words import Text

DIGITS = 5
FIRST_NUMBER = text("INSERT INTO engine_number (series, year, last) VALUES (:series, :year, 0) ON CONFLICT DO NOTHING")
RUNNING = ("running", "failed", "suspended")


def get(session: Session, case_id: int) -> Case | None:
    """A case by its id, without a question of rights."""
    return session.get(Case, case_id)


def seen(engine: Engine, session: Session, actor: Actor, case_id: int) -> Case:
    """A case that this person may see."""
    case = session.get(Case, case_id)
    if case is None or not engine.rights.sees(session, actor, case):
        raise NotFound
    return case


def start(
    engine: Engine, actor: Actor, key: str, variables: Mapping[str, Any], business_key: str | None = None
) -> Outcome:
    """Start a process by its start form; raises `InvalidData`, `KeyTaken`, `NotAllowed`, `ProcessFailure`."""
    submissions.check_storable(business_key or "")
    with engine.database.reading() as session:
        definition = definitions.latest(session, key)
        if not engine.rights.sees(session, actor, definition):
            raise NotFound
        if (why := engine.rights.refusal(session, actor, "start", definition)) is not None:
            raise NotAllowed(why)
        definition_id, series = definition.id, definition.properties.get("number_series")
    if series and business_key:
        raise InvalidData({"business_key": [Text("编号由系统给出，请不要填写", "The number is given by the system; leave it out")]})
    case_id = start_by_command(engine, actor, {
        "act": "start", "definition_id": definition_id, "variables": dict(variables), "business_key": business_key,
    })  # fmt: skip
    messages.release(engine)
    return as_it_stands(engine, actor, case_id)


def start_again(engine: Engine, actor: Actor, command: dict[str, Any]) -> None:
    """The start of an incident once more."""
    start_by_command(engine, actor, command)
    messages.release(engine)


def numbers_itself(definition: Definition) -> bool:
    """Whether a process gives its cases numbers of its own series."""
    return bool(definition.properties.get("number_series"))


def start_by_command(engine: Engine, actor: Actor, command: dict[str, Any]) -> int:
    """Start as `command` says; a message or an incident that it names is used up in the same transaction."""
    opened: Turn | None = None
    business_key = command.get("business_key")
    try:
        with writing(engine) as session:
            incidents.claim(session, command, engine.clock.now())
            messages.use_up(session, command.get("message"))
            definition = session.get_one(Definition, command["definition_id"])
            opened = begin(engine, session, actor, definition, command["variables"], business_key)
            incidents.note_claim(opened, command)
            opened.close()
    except EngineError:
        raise
    except IntegrityError as error:
        raise _key_taken(business_key) from error
    except Exception as error:
        raise failure(engine, None, actor, command, error) from error
    opened.keep_alive()
    return opened.case.id


def begin(
    engine: Engine, session: Session, actor: Actor, definition: Definition, variables: Mapping[str, Any],
    business_key: str | None,
) -> Turn:  # fmt: skip
    """A new case in the session's transaction, its start form taken; the caller closes the turn."""
    now = engine.clock.now()
    ready = definitions.compiled(engine, session, definition)
    assert ready.process is not None
    series = definition.properties.get("number_series")
    if series:
        digits = int(definition.properties.get("number_digits") or DIGITS)
        business_key = next_number(session, series, now.year, digits)
    elif business_key and _is_taken(session, definition.key, business_key):
        raise _key_taken(business_key)
    case = Case(
        definition_id=definition.id, process_key=definition.key, process_version=definition.version,
        business_key=business_key, state="running", started_by=actor.username, started_at=now, changed_at=now,
        variables={}, blob=b"", version=0, history_seq=0, history_head="",
    )  # fmt: skip
    session.add(case)
    session.flush()
    opened = Turn(engine, session, actor, case, now, None)
    opened.note("case_started", None, {"business_key": business_key, "version": definition.version})
    start_event = ready.process.start
    kept = submissions.take(opened, None, "start", start_event.form_key if start_event else None, variables)
    opened.execution.variables.update(kept)
    opened.execution.set("start", kept)
    _place(opened, actor)
    drafts.drop(session, f"start/{definition.key}", actor.username)
    engine.tell(session, Happened("case_started", now, actor.username, case))
    return opened


def _place(opened: Turn, actor: Actor) -> None:
    """The organisation that the case belongs to: by the process's expression, else the starter's own."""
    assert opened.compiled.process is not None
    expression = opened.compiled.process.properties.get("org_unit")
    org_unit = opened.execution.literal_or(opened.compiled.key, expression)
    if org_unit is None and actor.grants:
        org_unit = actor.grants[0].org_unit
    opened.case.org_unit = org_unit
    if org_unit:
        projection.see_case(opened.session, opened.case.id, opened.engine.directory.ancestors(opened.session, org_unit))


def next_number(session: Session, series: str, year: int, digits: int) -> str:
    """The next number of a series, such as JA-HZ-2026-00412; without gaps, since a failed start takes it back."""
    query = select(Number).where(Number.series == series, Number.year == year).with_for_update()
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        session.execute(FIRST_NUMBER, {"series": series, "year": year})
        row = session.execute(query).scalar_one()
    row.last += 1
    session.flush()
    return f"{series}-{year}-{row.last:0{digits}d}"


def _is_taken(session: Session, key: str, business_key: str) -> bool:
    query = select(Case.id).where(Case.process_key == key, Case.business_key == business_key, Case.ended_at.is_(None))
    return session.scalars(query).first() is not None


def _key_taken(business_key: str | None) -> KeyTaken:
    return KeyTaken(Text(f"编号 {business_key} 已有一件在办", f"A running case already has the key {business_key}"))


# -- operations ----------------------------------------------------------------------------------


def cancel(engine: Engine, actor: Actor, case_id: int, reason: str, version: int | None = None) -> Case:
    """End a case without finishing it; its tasks, timers and messages go."""
    with writing(engine) as session:
        case = _for_operation(engine, session, actor, "cancel", case_id, version, RUNNING)
        submissions.check_storable(reason)
        if not reason.strip():
            raise InvalidData({"reason": [Text("写出撤销的原因", "Say why it is cancelled")]})
        now = engine.clock.now()
        for task in open_of_case(session, case_id):
            projection.withdraw(session, task, actor.username, now)
        for table in (Timer, Subscription):
            for row in session.scalars(select(table).where(table.case_id == case_id)):
                session.delete(row)
        case.state, case.ended_at = "cancelled", now
        session.flush()
        incidents.settle_case(session, case, now)
        _operated(engine, session, actor, case, "case_cancelled", {"reason": reason})
        _follow(engine, session, actor, case)
        return case


def _follow(engine: Engine, session: Session, actor: Actor, case: Case) -> None:
    """Tell the register that its case has ended."""
    run = execution_of(engine, session, actor, case, engine.clock.now())
    run.tell_register(frozenset())


def suspend(engine: Engine, actor: Actor, case_id: int, version: int | None = None) -> Case:
    """Hold a case: nothing of it can be done and no timer fires until it is resumed."""
    with writing(engine) as session:
        case = _for_operation(engine, session, actor, "suspend", case_id, version, ("running", "failed"))
        case.state = "suspended"
        session.execute(update(Timer).where(Timer.case_id == case_id).values(stopped=True))
        _operated(engine, session, actor, case, "case_suspended", {})
        return case


def resume(engine: Engine, actor: Actor, case_id: int, version: int | None = None) -> Case:
    """Let a held case go on; timers that came due meanwhile fire now, in order."""
    with writing(engine) as session:
        case = _for_operation(engine, session, actor, "resume", case_id, version, ("suspended",))
        case.state = "failed" if incidents.is_stopped(session, case_id) else "running"
        waiting = Timer.id.not_in(incidents.failed_timers(session, case_id))
        session.execute(update(Timer).where(Timer.case_id == case_id, waiting).values(stopped=False))
        _operated(engine, session, actor, case, "case_resumed", {})
    messages.release(engine)
    return case


def _for_operation(
    engine: Engine, session: Session, actor: Actor, act: str, case_id: int, version: int | None, states: tuple[str, ...]
) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound
    if (why := engine.rights.refusal(session, actor, act, case)) is not None:
        seen(engine, session, actor, case_id)
        raise NotAllowed(why)
    case = locked_case(session, case_id)
    if version is not None and version != case.version:
        raise Stale(Text("案件已有变动，请先看最新情况", "The case has moved on; look at it again first"), case.version)
    if case.state not in states:
        raise WrongState(Text("案件现在的状态不能这样做", "The case is not in a state for this"))
    return case


def _operated(engine: Engine, session: Session, actor: Actor, case: Case, event: str, data: dict[str, Any]) -> None:
    now = engine.clock.now()
    history.append_to_case(session, case, now, [{"event": event, "actor": actor.username, "data": data}])
    history.note(session, "operations", event, actor.username, {"case": case.id, **data}, now)
    engine.live.take(case.id, case.version)
    case.version, case.changed_at = case.version + 1, now
    session.flush()
    engine.tell(session, Happened(event, now, actor.username, case, data=data))

